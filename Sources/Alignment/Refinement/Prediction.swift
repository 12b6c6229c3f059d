import Fields
import Projection
import Reconstruction

/// What the other tilts say of every page.
///
/// The tilts, in the order of their angles, are dealt to parts. What is not in a part is reconstructed, and its volume is
/// projected at the tilts of the part, so that no page has a share in its own prediction.
struct Prediction {
  let measured: [Image]
  let predicted: [Image]

  /// - Parameters:
  ///   - placed: the pages where they now are.
  ///   - used: whether a tilt takes part in reconstructions.
  init(
    _ level: Level, _ placed: [Image], of specimen: Specimen, _ folds: Folds,
    by method: (_ tiltCount: Int) throws -> any ReconstructionMethod, used: [Bool],
    monitor: Monitor
  ) throws {
    let series = level.series(placed)
    let shape = series.shape
    let box = specimen.box(columns: level.columnCount, tilts: level.tilts)
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: box.width, depth: box.depth, sliceCount: level.rowCount),
      series: shape, degrees: level.tilts)
    var projected = TiltSeries(zeros: shape, tilts: level.tilts)
    for part in folds.parts.indices {
      let (chosen, rest) = folds.split(part, level.tilts)
      let others = rest.filter { used[$0] }
      guard !others.isEmpty, !chosen.isEmpty else { continue }
      let (volume, _) = try method(others.count).reconstruct(
        series.subset(of: others), geometry.subset(of: others), from: nil, workers: level.workers,
        monitor: monitor)
      let part = geometry.subset(of: chosen)
      var pages = FloatStorage(zeros: part.series.slabs.count)
      ParallelProjector(part, workers: level.workers)
        .apply(volume.voxels.span, into: pages.mutableSpan)
      let (from, to) = (part.series.slabs, shape.slabs)
      for slab in 0..<to.slabCount {
        for (place, tilt) in chosen.enumerated() {
          let start = slab * from.slabLength + place * from.pageLength
          projected.projections.replace(
            from: slab * to.slabLength + tilt * to.pageLength, with: pages,
            start..<start + from.pageLength)
        }
      }
    }
    (measured, predicted) = (placed, level.pages(of: projected))
  }

  /// Times that pages and predictions are smoothed before they are compared.
  static let smoothing = 2

  /// Lays every page over its prediction.
  func fits(_ level: Level, turns: Bool = false, magnifies: Bool = false) -> [PictureFit] {
    let (measured, predicted) = (measured, predicted)
    return level.workers.results(measured.count) { k in
      PictureFit(
        measured[k].smoothed(Self.smoothing), predicted[k].smoothed(Self.smoothing), turns: turns,
        magnifies: magnifies)
    }
  }
}

/// The part of what the pages show that their predictions miss: `Σ ‖p − g q − h‖² / Σ ‖p − p̄‖²`.
func heldOutError(_ fits: [PictureFit], used: [Bool]) -> Double {
  var (residual, energy) = (0.0, 0.0)
  for (fit, isUsed) in zip(fits, used) where isUsed {
    (residual, energy) = (residual + fit.residual, energy + fit.energy)
  }
  return energy > 0 ? residual / energy : 1
}
