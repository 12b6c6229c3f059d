import Fields
import Files
import Foundation
import Phantoms
import TestSupport
import Testing

@Suite("PhantomRecipe")
struct PhantomRecipeTests {
  private static let slabs = shippedRecipes.filter { $0.contains("/slab") }

  @Test("there are fourteen recipes in phantoms/, three of them slabs")
  func count() { #expect(shippedRecipes.count == 14 && Self.slabs.count == 3) }

  @Test("a slab adds its thickness over cos θ to every pixel, and is cut", arguments: slabs)
  func slab(path: String) throws {
    let recipe = try PhantomRecipe(reading: path)
    let phantom = try Phantom(recipe)
    #expect(phantom.isCut)
    // 0.6 of half the width of 96 voxels, of density 1 where it is resin.
    let level = 28.8 * (recipe.name == "slab-resin" ? 1 : 0.3)
    let series = phantom.project(degrees: [0, 60])
    for (tilt, secant) in [1.0, 2.0].enumerated() {
      let pixels = (0..<64).flatMap { y in (0..<96).map { Double(series[tilt, y, $0]) } }.sorted()
      let common = pixels[pixels.count / (tilt == 0 ? 2 : 8)]
      #expect(abs(common - level * secant) < 0.05 * level * secant, "\(tilt)")
    }
  }

  @Test(
    "every shipped recipe within its field fills it, is not cut and holds no negative density",
    arguments: shippedRecipes.filter { !slabs.contains($0) })
  func shipped(path: String) throws {
    let recipe = try PhantomRecipe(reading: path)
    #expect(path.hasSuffix("/\(recipe.name).json"))
    let phantom = try Phantom(recipe)
    #expect(!phantom.isCut)
    let volume = phantom.render()
    let values = volume.voxels.span
    #expect(values.indices.allSatisfy { values[$0] > -1e-6 })
    let mass = phantom.project(degrees: [0, 70]).projections.span.sum
    #expect(abs(mass / values.sum - 2) < 1e-2)
  }

  @Test("the two-level recipe holds nothing between its levels but edges")
  func twoLevel() throws {
    let path = try #require(shippedRecipes.first { $0.hasSuffix("two-level.json") })
    let volume = try Phantom(PhantomRecipe(reading: path)).render()
    let values = volume.voxels.span
    #expect(values.indices.allSatisfy { values[$0] <= 1 })
    let between = values.indices.count { values[$0] > 0 && values[$0] < 1 }
    #expect(between < volume.shape.slabs.count / 20)
  }

  @Test("a recipe written and read again is the same recipe", arguments: shippedRecipes)
  func roundTrip(path: String) throws {
    let recipe = try PhantomRecipe(reading: path)
    let again = try PhantomRecipe(JSONEncoder().encode(recipe), from: path)
    let (a, b) = (try Phantom(recipe).render(), try Phantom(again).render())
    #expect(relativeError(of: b.voxels.span, against: a.voxels.span) < 1e-6)
  }

  @Test("half widths grow with the volume and keep their nanometres")
  func halfWidth() throws {
    let text = """
      {"name": "a", "description": "", "unit": "halfWidth", "voxelSize": 0.5, "size": [32, 32, 32],
       "objects": [{"shape": "sphere", "radius": 0.5, "density": 1}]}
      """
    let recipe = try PhantomRecipe(Data(text.utf8), from: "a.json")
    let fine = try Phantom(recipe, volume: VolumeShape(width: 64, depth: 64, sliceCount: 64))
    #expect(fine.voxelSize == 0.25)
    #expect(abs(fine.render().voxels.span.sum / (4.0 / 3 * .pi * 4096) - 1) < 1e-3)
  }

  @Test("nanometres are divided by the voxel size")
  func nanometres() throws {
    let recipe = try recipe(#"{"shape": "sphere", "radius": 6, "density": 1}"#)
    let fine = try Phantom(recipe, voxelSize: 0.5)
    #expect(abs(fine.render().voxels.span.sum / (4.0 / 3 * .pi * 1728) - 1) < 1e-3)
    #expect(throws: PhantomError.voxelSize(0)) { try Phantom(recipe, voxelSize: 0) }
  }

  @Test(
    "a faulty object is refused with its number, shape and key",
    arguments: [
      (#"{"shape": "sphere", "radius": 1}"#, "\"density\""),
      (#"{"shape": "sphere", "radius": 1, "density": 1, "colour": 3}"#, "\"colour\""),
      (#"{"shape": "sphere", "radius": 1, "density": 1, "rotation": [0, 0, 0]}"#, "\"rotation\""),
      (#"{"shape": "sphere", "radius": -1, "density": 1}"#, "\"radius\""),
      (#"{"shape": "sphere", "radius": 1e999, "density": 1}"#, "\"radius\""),
      (#"{"shape": "sphere", "radius": "1", "density": 1}"#, "\"radius\""),
      (#"{"shape": "torus", "radius": 1}"#, "\"shape\""),
      (#"{"shape": "cube", "edge": 1, "density": 1, "centre": [1, 2]}"#, "\"centre\""),
      (#"{"shape": "ellipsoid", "semiAxes": [1, 0, 1], "density": 1}"#, "\"semiAxes\""),
      (#"{"shape": "shells", "radii": [2, 3], "densities": [1, 1]}"#, "\"radii\""),
      (#"{"shape": "shells", "radii": [3, 2], "densities": [1]}"#, "\"densities\""),
      (
        #"{"shape": "polyhedron", "faces": [[1,0,0,1],[0,1,0,1],[0,0,1,1],[1,1,1,1]], "density": 1}"#,
        "\"faces\""
      ),
      (
        #"{"shape": "polyhedron", "faces": [[1,0,0,1],[-1,0,0,1],[0,1,0,1],[0,-1,0,1],[0,0,-1,1],[1,0,-1,1]], "density": 1}"#,
        "\"faces\""
      ),
      (
        #"{"shape": "polyhedron", "faces": [[1,0,0,1],[-1,0,0,-2],[0,1,0,1],[0,-1,0,1],[0,0,1,1],[0,0,-1,1]], "density": 1}"#,
        "\"faces\""
      ),
      (
        #"{"shape": "lattice", "cell": "hcp", "spacing": 1, "radius": 2, "sigma": 1, "density": 1}"#,
        "\"cell\""
      ),
      (
        #"{"shape": "lattice", "cell": "fcc", "spacing": 1, "radius": 50, "sigma": 1, "density": 1}"#,
        "\"radius\""
      ),
    ])
  func refusals(object: String, key: String) throws {
    let good = #"{"shape": "sphere", "radius": 1, "density": 1}"#
    let error = #expect(throws: PhantomError.self) { try recipe(good, object) }
    let text = try #require(error).description
    #expect(text.contains("Object 2"))
    #expect(text.contains("test.json"))
    #expect(text.contains(key))
  }

  @Test(
    "a faulty recipe is refused with its key",
    arguments: [
      (#"{"name": "a"}"#, "\"description\""),
      (#"[1]"#, "not a JSON object"),
      (#"{"name": }"#, "not JSON"),
      (head + #""unit": "inch", "size": [1, 1, 1], "objects": []}"#, "\"unit\""),
      (head + #""unit": "halfWidth", "size": [1, 1], "objects": []}"#, "\"size\""),
      (head + #""unit": "halfWidth", "size": [1, 0, 1], "objects": []}"#, "\"size\""),
      (head + #""unit": "halfWidth", "size": [1, 1, 1], "objects": []}"#, "\"objects\""),
      (head + #""unit": "halfWidth", "size": [1, 1, 1], "objects": [7]}"#, "Object 1"),
      (
        head + #""unit": "nm", "size": [1, 1, 1], "objects": [{"shape": "sphere", "radius": 1,"#
          + #" "density": 1}]}"#, "\"voxelSize\""
      ),
      (
        head + #""unit": "halfWidth", "size": [1, 1, 1], "objects": [{"shape": "sphere","#
          + #" "radius": 1, "density": 1}], "voxels": 3}"#, "\"voxels\""
      ),
    ])
  func refusedRecipes(text: String, culprit: String) throws {
    let error = #expect(throws: PhantomError.self) {
      try PhantomRecipe(Data(text.utf8), from: "bad.json")
    }
    let description = try #require(error).description
    #expect(description.contains("bad.json"))
    #expect(description.contains(culprit))
  }

  static let head = #"{"name": "a", "description": "", "#

  @Test("a missing file is named")
  func missing() {
    #expect(throws: PhantomError.file(.missing(path: "nowhere.json"))) {
      try PhantomRecipe(reading: "nowhere.json")
    }
  }
}
