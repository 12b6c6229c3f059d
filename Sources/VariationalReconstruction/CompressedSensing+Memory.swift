public import Fields
import Inversion
public import Projection
import Transforms

extension CompressedSensing {
  /// Bytes of all fields of a run, the measured series included: of the solver, or of the trials where λ
  /// is chosen and they hold more.
  public func memory(for geometry: TiltGeometry, workers: Workers) -> Int {
    let series = geometry.series.slabs.count
    let solve = solveFloats(geometry.volume.slabs, series: series)
    guard case .chosen(let rule, _) = strength else { return 4 * solve }
    guard rivals.kinds.isEmpty else {
      return ([prior.kind] + rivals.kinds).map { kind in
        var alone = self
        (alone.prior.kind, alone.rivals) = (kind, .none)
        return alone.memory(for: geometry, workers: workers)
      }.max() ?? 0
    }
    return 4
      * max(
        solve, series + trialFloats(geometry, chosenRule(rule, usableCount(geometry.tilts.count))))
  }

  /// Fields of the solver, with `series` floats measured.
  private func solveFloats(_ volume: SlabShape, series: Int) -> Int {
    let (volumes, duals, measured) = solver == .primalDual ? (2, 1, 4) : (6, 2, 3)
    // The weights of bins, and their product with those of tilts.
    let weights = binWeights == nil ? 0 : 3
    return (volumes + duals * dualCount(volume)) * volume.count + (measured + weights) * series
  }

  /// Fields of the size of a volume that the dual of the prior takes, unknowns of its own included.
  private func dualCount(_ volume: SlabShape) -> Int {
    let isSpace = prior.reach == .space && volume.sliceCount > 1
    return switch prior.kind {
    case .tv, .tvL1, .gradient: isSpace ? 3 : 2
    case .tgv: isSpace ? 15 : 9
    case .wavelet: 2
    case .l1, .l2: 0
    // p, two fields of scratch or one and z, guide, factors and rest; and five at the end, where the fixed point is judged.
    case .nlm: 11
    case .denoiser: 8
    }
  }

  /// Fields of the trials beside the whole series: they see a few slabs, and leave tilts out in several fits, or make a
  /// second one to random signs under GCV.
  private func trialFloats(_ geometry: TiltGeometry, _ rule: ChoiceRule) -> Int {
    let slabs = 0..<TrialSlabs.count(geometry.volume.slabs)
    let (volume, series) = (
      geometry.volume.slabs.group(slabs), geometry.series.slabs.group(slabs)
    )
    let fits =
      switch rule {
      case .heldOutTilts, .compromise: TiltSplit.foldCount(tilts: usableCount(series.pageCount))
      case .gcv: 2
      default: 1
      }
    // The fits that wait keep their series, volume and duals.
    let waiting = (1 + dualCount(volume)) * volume.count + 2 * series.count
    let left = rule.leavesTiltsOut ? fits * series.count / TiltSplit.stride : 0
    return solveFloats(volume, series: series.count) + (fits - 1) * waiting + left
  }
}
