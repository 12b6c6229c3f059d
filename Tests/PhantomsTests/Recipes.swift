import Foundation
import Phantoms

/// A recipe of `objects`, JSON texts, in a field of 32³ voxels, lengths in voxels.
func recipe(
  size: String = "[32, 32, 32]", _ objects: String...
) throws(PhantomError) -> PhantomRecipe {
  let text = """
    {"name": "test", "description": "", "unit": "nm", "voxelSize": 1, "size": \(size),
     "objects": [\(objects.joined(separator: ", "))]}
    """
  return try PhantomRecipe(Data(text.utf8), from: "test.json")
}

/// The recipes that come with the package.
let shippedRecipes: [String] = {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../phantoms").standardized
  let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
  return (files ?? []).filter { $0.hasSuffix(".json") }.sorted()
    .map { folder.appending(path: $0).path }
}()
