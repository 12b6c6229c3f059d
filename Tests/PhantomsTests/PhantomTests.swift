import Fields
import Phantoms
import TestSupport
import Testing

@Suite("Phantom")
struct PhantomTests {
  static let angles: [Double] = [-90, -70, -33.3, 0, 12.5, 45, 70, 90, 180]

  @Test("a sphere casts chords of 2 √(R² − s²)")
  func chords() throws {
    var phantom = try Phantom(
      recipe(size: "[33, 33, 33]", #"{"shape": "sphere", "radius": 12, "density": 2}"#))
    phantom.subdivision = 1
    let series = phantom.project(degrees: [-50, 0, 90])
    for tilt in 0..<3 {
      for bin in 0..<33 {
        let s = Double(bin - 16)
        let chord = 2 * 2 * max(0, 144 - s * s).squareRoot()
        #expect(abs(Double(series[tilt, 16, bin]) - chord) < 1e-5)
      }
    }
  }

  @Test("a unit cube between voxels is shared exactly")
  func cube() throws {
    let volume = try Phantom(
      recipe(size: "[4, 4, 4]", #"{"shape": "cube", "edge": 1, "density": 8}"#)
    ).render()
    for z in 0..<4 {
      for y in 0..<4 {
        for x in 0..<4 {
          let isMiddle = [x, y, z].allSatisfy { $0 == 1 || $0 == 2 }
          #expect(volume[x, y, z] == (isMiddle ? 1 : 0))
        }
      }
    }
  }

  static let formulas: [(object: String, volume: Double)] = [
    (#""shape": "sphere", "radius": 9"#, 4 * Double.pi / 3 * 729),
    (#""shape": "ellipsoid", "semiAxes": [9, 5, 7], \#(turned)"#, 4 * Double.pi / 3 * 315),
    (#""shape": "cuboid", "edges": [12.3, 7, 9.1], \#(turned)"#, 783.51),
    (#""shape": "cube", "edge": 11, \#(turned)"#, 1331),
    (#""shape": "octahedron", "edge": 14, \#(turned)"#, 2744 * 2.0.squareRoot() / 3),
    (#""shape": "truncatedOctahedron", "edge": 6, \#(turned)"#, 1728 * 2.0.squareRoot()),
    (#""shape": "gaussian", "sigma": 1.7"#, 15.749_609_945_722 * 4.913),
  ]
  static let turned = #""rotation": [20, 30, 50]"#

  @Test("the mass of a solid is the formula of its volume", arguments: formulas)
  func masses(object: String, volume: Double) throws {
    let phantom = try Phantom(
      recipe(#"{\#(object), "centre": [0.3, -0.2, 0.4], "density": 1}"#))
    let tolerance = object.contains("gaussian") ? 1e-5 : 2e-3
    #expect(abs(phantom.render().voxels.span.sum / volume - 1) < tolerance)
  }

  @Test("every projection holds the mass of the volume", arguments: angles)
  func mass(tilt: Double) throws {
    let phantom = try Phantom(
      recipe(
        #"{"shape": "shells", "radii": [8, 5, 2], "densities": [1, 0.2, 3], "centre": [2, 1, -3]}"#,
        #"{"shape": "cube", "edge": 6, "density": 1, "rotation": [9, 8, 7], "centre": [-3, 8, 2]}"#,
        #"{"shape": "gaussian", "sigma": 0.6, "density": 5, "centre": [3.2, -9.1, 4.4]}"#))
    let projected = phantom.project(degrees: [tilt], binCount: 40).projections.span.sum
    #expect(abs(projected / phantom.render().voxels.span.sum - 1) < 1e-3)
  }

  @Test("the densities of shells are those of the layers")
  func shells() throws {
    let volume = try Phantom(
      recipe(
        size: "[33, 33, 33]",
        #"{"shape": "shells", "radii": [15, 10, 5], "densities": [1, 0.25, 3]}"#)
    ).render()
    #expect(volume[16, 16, 16] == 3)
    #expect(volume[16, 16 + 7, 16] == 0.25)
    #expect(volume[16 - 12, 16, 16] == 1)
    #expect(volume[0, 0, 0] == 0)
  }

  @Test("a point lands where the convention says")
  func handedness() throws {
    // x = 5, y = 3, z = 8 from the centre; s = 5 cos θ + (8 + 1) sin θ + 2, in 41 bins about 20.
    let phantom = try Phantom(
      recipe(
        size: "[33, 33, 33]",
        #"{"shape": "gaussian", "sigma": 0.4, "density": 1, "centre": [5, 3, 8]}"#))
    #expect(phantom.render()[21, 19, 24] > 0.3)
    let series = phantom.project(
      degrees: [0, 90, -90, 180], binCount: 41, axisOffset: 2, zOffset: 1)
    for (tilt, bin) in [27, 31, 13, 17].enumerated() { #expect(series[tilt, 19, bin] > 0.5) }
  }

  @Test("opposite tilts by 180° are mirror images, other tilts of the chiral recipe are not")
  func halfTurn() throws {
    let path = try #require(shippedRecipes.first { $0.hasSuffix("chiral.json") })
    let series = try Phantom(PhantomRecipe(reading: path)).project(degrees: [-40, 140, 40])
    var (opposite, other) = (0.0, 0.0)
    for y in 0..<96 {
      for bin in 0..<96 {
        opposite += Double(abs(series[0, y, bin] - series[1, y, 95 - bin]))
        other += Double(abs(series[0, y, bin] - series[2, y, 95 - bin]))
      }
    }
    let mass = series.projections.span.sum / 3
    #expect(opposite < 1e-5 * mass)
    #expect(other > 0.5 * mass)
  }

  @Test("the chiral recipe is none of its mirror images")
  func chiral() throws {
    let path = try #require(shippedRecipes.first { $0.hasSuffix("chiral.json") })
    let volume = try Phantom(PhantomRecipe(reading: path)).render()
    var differences = [0.0, 0.0, 0.0]
    for z in 0..<96 {
      for y in 0..<96 {
        for x in 0..<96 where volume[x, y, z] > 0 {
          let value = volume[x, y, z]
          differences[0] += Double(abs(value - volume[95 - x, y, z]))
          differences[1] += Double(abs(value - volume[x, 95 - y, z]))
          differences[2] += Double(abs(value - volume[x, y, 95 - z]))
        }
      }
    }
    for difference in differences { #expect(difference > 0.5 * volume.voxels.span.sum) }
  }

  @Test("padding lanes stay zero and slices do not depend on their number", arguments: [1, 7, 33])
  func padding(sliceCount: Int) throws {
    let ball = #"{"shape": "sphere", "radius": 30, "density": 1}"#
    let phantom = try Phantom(recipe(size: "[8, \(sliceCount), 8]", ball))
    let volume = phantom.render()
    let series = phantom.project(degrees: [0, 20])
    #expect(volume.voxels.span.sum == Double(64 * sliceCount))
    let slabs = series.shape.slabs
    for slice in sliceCount..<slabs.slabCount * slabs.laneCount {
      #expect(series.projections.span[slabs.index(slice: slice, page: 1, position: 4)] == 0)
    }
    #expect(series[0, 0, 4] > 40)
  }

  @Test("one worker and three make the same bytes")
  func workers() throws {
    let phantom = try Phantom(
      recipe(
        #"{"shape": "lattice", "cell": "fcc", "spacing": 5, "radius": 9, "sigma": 0.8, "density": 1}"#,
        #"{"shape": "octahedron", "edge": 9, "density": 1, "rotation": [5, 6, 7]}"#))
    let (one, three) = (phantom.render(workers: Workers(1)), phantom.render(workers: Workers(3)))
    #expect(relativeError(of: one.voxels.span, against: three.voxels.span) == 0)
    let first = phantom.project(degrees: [0, 31], workers: Workers(1))
    let second = phantom.project(degrees: [0, 31], workers: Workers(3))
    #expect(relativeError(of: first.projections.span, against: second.projections.span) == 0)
  }

  @Test("a phantom knows when the volume cuts it")
  func cut() throws {
    let ball = #"{"shape": "sphere", "radius": 15.9, "density": 1}"#
    #expect(try !Phantom(recipe(ball)).isCut)
    #expect(try Phantom(recipe(size: "[31, 32, 32]", ball)).isCut)
    #expect(try Phantom(recipe(size: "[32, 32, 31]", ball)).isCut)
    for shift in ["[0.2, 0, 0]", "[-0.2, 0, 0]", "[0, 0, 0.2]", "[0, 0, -0.2]"] {
      let moved = ball.replacing("{", with: #"{"centre": \#(shift), "#)
      #expect(try Phantom(recipe(moved)).isCut)
    }
    #expect(try !Phantom(recipe(size: "[32, 1, 32]", ball)).isCut)
  }
}

extension Span<Float> {
  /// The sum of all values, in `Double`.
  var sum: Double { indices.reduce(0) { $0 + Double(self[$1]) } }
}
