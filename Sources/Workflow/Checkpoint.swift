import SeriesIO
import Fields
import Files
import Foundation
import Projection
import Reconstruction
import Records
import StackIO

/// A run on its way, kept beside its result as `OUT.checkpoint` until that is complete.
final class Checkpoint: RunKeeper {
  let path: String
  let interval: Int
  let point: RunPoint?
  /// What the run holds at once: as many slabs as before, where it goes on.
  let plan: MemoryPlan
  private let run: [RunTrait]
  private let archive: FloatArchive?

  private struct Head: Codable {
    let run: [RunTrait]
    let slabsPerGroup: Int
    let refinements: Int
    /// Residual, change and norm of each iteration.
    let sums: PackedLists
    let numbers: PackedLists

    init(_ run: [RunTrait], _ plan: MemoryPlan, _ point: RunPoint) {
      (self.run, refinements) = (run, point.refinements)
      slabsPerGroup = plan.slabsPerGroup
      sums = PackedLists(point.sums.flatMap { [$0.residual, $0.change, $0.norm] })
      numbers = PackedLists(point.numbers)
    }

    var point: RunPoint {
      let lists = sums.lists
      return RunPoint(
        refinements: refinements,
        sums: stride(from: 0, to: lists.count - 2, by: 3).map {
          IterationSums(residual: lists[$0], change: lists[$0 + 1], norm: lists[$0 + 2])
        }, numbers: numbers.lists)
    }
  }

  /// Opens what a recipe goes on from, or sees that nothing is in the way.
  ///
  /// - Throws: ``WorkflowError`` where there is no checkpoint, an unexpected one, or another run's.
  init(_ recipe: ReconstructionRecipe) throws {
    path = Self.path(for: recipe.target)
    interval = recipe.checkpointInterval ?? .max
    try checkFolder(of: path)
    guard recipe.resumes == Self.exists(for: recipe.target) else {
      throw recipe.resumes
        ? WorkflowError.noCheckpoint(path: path) : WorkflowError.checkpointLeft(path: path)
    }
    run = try RunTrait.all(of: recipe)
    guard recipe.resumes else {
      (archive, point, plan) = (nil, nil, try recipe.plan())
      return
    }
    let archive = try FloatArchive(reading: path)
    guard let head = try? JSONDecoder().decode(Head.self, from: Data(archive.head)),
      head.refinements >= 0, head.slabsPerGroup > 0
    else { throw StackError.notAnArchive(path: path) }
    for name in (head.run + run).map(\.name) {
      let (kept, given) = (head.run.value(of: name), run.value(of: name))
      guard kept == given else {
        throw WorkflowError.checkpointDiffers(path: path, what: name, kept: kept, given: given)
      }
    }
    (self.archive, point) = (archive, head.point)
    plan = try recipe.plan(slabsPerGroup: head.slabsPerGroup)
  }

  func read(into field: inout MutableSpan<Float>, from start: Int) throws {
    guard let archive, start + field.count <= archive.floatCount else {
      throw StackError.notAnArchive(path: path)
    }
    try archive.read(into: &field, from: start)
  }

  func keep(
    _ point: RunPoint, floatCount: Int,
    floats: (_ put: (Span<Float>) throws -> Void) throws -> Void
  ) throws {
    let head = try JSONEncoder().encode(Head(run, plan, point))
    try FloatArchive.write(Array(head), to: path, floatCount: floatCount, floats: floats)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  static func path(for target: StackTarget) -> String {
    target.path + ".checkpoint"
  }

  static func exists(for target: StackTarget) -> Bool {
    FileManager.default.fileExists(atPath: path(for: target))
  }
}

/// One thing on which every bit of a result may depend.
struct RunTrait: Codable, Equatable {
  let name: String
  let value: String

  /// All that make a recipe's run what it is, in a fixed order.
  static func all(of recipe: ReconstructionRecipe) throws -> [RunTrait] {
    let (geometry, source) = (try recipe.makeGeometry(), recipe.source)
    var traits = [
      RunTrait(name: "version of voxtilt", value: Build.version),
      RunTrait(name: "processor", value: Build.processor),
      RunTrait(name: "method", value: recipe.method.name),
    ]
    traits += recipe.method.settings.sorted { $0.key < $1.key }.map { name, setting in
      RunTrait(name: "setting \(name)", value: setting.description)
    }
    let volume = geometry.volume
    traits += [
      RunTrait(name: "extension", value: "\(recipe.margin)"),
      RunTrait(
        name: "number of coarse iterations", value: "\(recipe.coarseMethod?.iterationLimit ?? 0)"),
      RunTrait(name: "width", value: "\(volume.width)"),
      RunTrait(name: "depth", value: "\(volume.depth)"),
      RunTrait(name: "tilt axis", value: source.axis.rawValue),
      RunTrait(name: "axis offset", value: "\(geometry.axisOffset)"),
      RunTrait(name: "z offset", value: "\(geometry.zOffset)"),
      RunTrait(
        name: "list of tilts",
        value: source.tilts.map { "\($0 + recipe.tiltOffset)" }.joined(separator: " ")),
      RunTrait(
        name: "point spread",
        value: try recipe.optics.map {
          try $0.settings(pixelSize: source.pixelSize).sorted { $0.key < $1.key }
            .map { "\($0.value)" }.joined(separator: " ")
        } ?? "none"),
      RunTrait(name: "replacement of pixels", value: "\(source.policy)"),
      RunTrait(name: "series", value: try Fingerprint(path: source.path).sha256),
      RunTrait(
        name: "start volume",
        value: try recipe.start.map { try Fingerprint(path: $0).sha256 } ?? "none"),
    ]
    return traits
      + recipe.companions.map {
        RunTrait(name: "mask, tilt weights or point spread", value: $0.sha256)
      }
  }
}

extension [RunTrait] {
  func value(of name: String) -> String { first { $0.name == name }?.value ?? "not given" }
}
