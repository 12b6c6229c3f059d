import Preparation
package import Reconstruction

/// An alignment as far as it has come.
///
/// Every step is made from the one before and gives the next: placing, searches of axis, turn and thickness, projection matching,
/// verdict.
package struct AlignmentStage {
  package let aligner: SeriesAligner
  private let monitor: Monitor
  private let folds: Folds
  package private(set) var specimen: Specimen
  package private(set) var found: SeriesAlignment

  /// Pages as they were taken.
  package init(
    _ aligner: SeriesAligner, _ specimen: Specimen, tilts: [Double], monitor: Monitor = .silent
  ) {
    (self.aligner, self.specimen, self.monitor) = (aligner, specimen, monitor)
    (folds, found) = (Folds(tilts), SeriesAlignment(placements: tilts.map { _ in Placement() }))
  }

  /// The same with something else found, or of another box.
  package func with(
    _ specimen: Specimen? = nil, _ change: (inout SeriesAlignment) -> Void = { _ in }
  ) -> AlignmentStage {
    var next = self
    next.specimen = specimen ?? next.specimen
    change(&next.found)
    return next
  }

  var settings: AlignmentSettings { aligner.settings }

  // MARK: - Predictions

  func prediction(_ level: Level, _ placements: [Placement]) throws -> Prediction {
    guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
    return try Prediction(
      level, level.placed(placements), of: specimen, folds, by: aligner.method,
      used: found.isUsed, monitor: monitor)
  }

  /// The held-out error of placements.
  func score(_ level: Level, _ placements: [Placement]) throws -> Double {
    heldOutError(try prediction(level, placements).fits(level), used: found.isUsed)
  }

  /// A level as far as it shows a layer on nearly all pages.
  func covered(_ level: Level) -> Level {
    specimen.isCut ? level.covered(by: found.placements) : level
  }

  // MARK: - Ways

  package func aligned(_ levels: [Level]) throws -> AlignmentStage {
    try specimen.isCut ? alignedLayer(levels) : alignedObject(levels)
  }

  /// An object within the field: its centre of mass guides the first steps.
  private func alignedObject(_ levels: [Level]) throws -> AlignmentStage {
    var stage = try placedCoarsely(levels[0]).withAxis(levels[0], isWide: true)
    if settings.rounds > 0 {
      for (place, level) in levels.enumerated() {
        // Beyond the middle size an axis is known better than a search could tell at its cost.
        if place == 1 { stage = try stage.withAxis(level, isWide: false) }
        stage = try stage.matched(level)
      }
    }
    guard settings.axisRange > 0 else { return stage }
    let settled = try stage.withSettledTurn(levels[0])
    let isTurned = settled.found.placements != stage.found.placements
    return try isTurned ? settled.matched(levels[levels.count - 1], rounds: 4) : settled
  }

  /// A layer that fills the field: pages are matched first, and turned by what is left then.
  private func alignedLayer(_ levels: [Level]) throws -> AlignmentStage {
    let first = levels[0]
    var stage = try placedAsLayer(first).matched(first, rounds: 4).withThickness(first)
    if settings.axisRange > 0 {
      var degrees: Double
      (stage, degrees) = try stage.turned(first, isWide: true, width: 2)
      for _ in 0..<6 where abs(degrees) >= 0.05 {
        (stage, degrees) = try stage.matched(first, rounds: 4)
          .turned(first, isWide: false, width: 1)
      }
      stage = try stage.withThickness(first).withSettledTurn(first)
    }
    return try levels.reduce(stage) { try $0.matched($1) }
  }
}
