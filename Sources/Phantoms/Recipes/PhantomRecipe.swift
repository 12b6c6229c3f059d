package import Fields
import Files
package import Foundation

/// A phantom as it is written in a JSON file: what stands where, in which unit.
///
///     { "name": "pair", "description": "Two spheres.", "unit": "halfWidth",
///       "size": [128, 64, 128],
///       "objects": [ { "shape": "sphere", "radius": 0.4, "density": 1 },
///                    { "shape": "cube", "edge": 0.2, "centre": [0.6, 0, 0], "density": 2 } ] }
///
/// Positions are (x, y, z) from the centre of the volume: x across the tilt axis, y along it, z
/// along the beam. Unknown keys are refused.
public struct PhantomRecipe: Codable, Sendable, Equatable {
  /// What the phantom is called; required in the file.
  public let name: String
  /// What it shows, for people; required in the file.
  public let description: String
  /// What the lengths of the objects are counted in.
  package let unit: LengthUnit
  /// The voxels of the volume unless the caller wants others: width (x), slices (y), depth (z).
  package let size: [Int]
  /// The edge of a voxel of that volume in nm; required where lengths are in nm.
  public let voxelSize: Double?
  /// Their densities add.
  package let objects: [PhantomObject]

  /// The volume of ``size``.
  package var volume: VolumeShape {
    VolumeShape(width: size[0], depth: size[2], sliceCount: size[1])
  }

  /// What one unit of length in a recipe is.
  package enum LengthUnit: String, Codable, Sendable, CaseIterable {
    /// Half the width of the volume along x: objects grow with the volume.
    case halfWidth
    /// Nanometres: objects keep their size.
    case nm
  }

  /// Reads a recipe from a JSON file.
  ///
  /// - Throws: ``PhantomError``, naming the file, the object and the key.
  public init(reading path: String) throws(PhantomError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try InputFile.contents(of: path).bytes } catch {
      throw .file(error)
    }
    try self.init(Data(bytes), from: path)
  }

  /// Reads a recipe from `data`; `name` is what errors call the source.
  package init(_ data: Data, from name: String) throws(PhantomError) {
    let decoder = JSONDecoder()
    decoder.userInfo = [RecipeReader.source: name]
    do {
      self = try decoder.decode(PhantomRecipe.self, from: data)
    } catch let error as PhantomError {
      throw error
    } catch {
      throw .notJSON(path: name)
    }
  }

  public init(from decoder: any Decoder) throws {
    var reader = try RecipeReader(decoder)
    name = try reader.value("name", needing: "a text")
    description = try reader.value("description", needing: "a text")
    unit = try reader.choice("unit")
    size = try reader.value("size", needing: Self.sizeRule) {
      $0.count == 3 && $0.allSatisfy { (1...16384).contains($0) }
    }
    voxelSize = reader.has("voxelSize") ? try reader.length("voxelSize") : nil
    objects = try reader.objects("objects")
    try reader.refuseOtherKeys()
    if unit == .nm && voxelSize == nil {
      throw reader.fault("voxelSize", needs: "the size of a voxel in nm, as the unit is \"nm\"")
    }
  }

  private static let sizeRule = "three whole numbers between 1 and 16384: width, slices, depth"
}
