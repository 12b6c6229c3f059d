import Fields
import Foundation
import Phantoms
import TestSupport
import Testing

/// Golden/NAME.f32: made from Golden/NAME.json by Golden/make_solids.py in float64.
@Suite("Turned solids against stored references")
struct GoldenTests {
  static let names = [
    "ellipsoid", "cuboid", "octahedron", "truncatedOctahedron", "polyhedron", "lattice",
  ]

  @Test("voxels are the means of 16³ points", arguments: names)
  func voxels(name: String) throws {
    var phantom = try Phantom(PhantomRecipe(reading: path("\(name).json")))
    phantom.subdivision = 16
    let volume = phantom.render()
    let golden = try golden(name)
    var (mean, worst) = (0.0, 0.0)
    for z in 0..<16 {
      for y in 0..<20 {
        for x in 0..<24 {
          let difference = Double(abs(volume[x, y, z] - golden[(z * 20 + y) * 24 + x]))
          worst = max(worst, difference)
          mean += difference / 7680
        }
      }
    }
    #expect(worst < 0.02)
    #expect(mean < 1e-3)
  }

  @Test("pixels are the means of 4 × 4 exact chords at five tilts", arguments: names)
  func pixels(name: String) throws {
    let phantom = try Phantom(PhantomRecipe(reading: path("\(name).json")))
    let series = phantom.project(
      degrees: [-70, 0, 33.3, 70, 90], binCount: 27, axisOffset: 1.25, zOffset: -0.75)
    let golden = try golden(name)
    var worst: Float = 0
    for tilt in 0..<5 {
      for y in 0..<20 {
        for bin in 0..<27 {
          let expected = golden[7680 + (tilt * 20 + y) * 27 + bin]
          worst = max(worst, abs(series[tilt, y, bin] - expected))
        }
      }
    }
    #expect(worst < 1e-5)
  }

  private func path(_ file: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Golden/" + file, withExtension: nil)).path
  }

  private func golden(_ name: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(filePath: path("\(name).f32")))
    try #require(data.count == 4 * (7680 + 2700))
    return stride(from: 0, to: data.count, by: 4).map { i in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[i + $1]) << (8 * UInt32($1)) })
    }
  }
}
