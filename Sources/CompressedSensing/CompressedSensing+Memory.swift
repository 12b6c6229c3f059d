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
    return 4 * max(solve, series + trialFloats(geometry, chosenRule(rule, geometry.tilts.count)))
  }

  /// Fields of the solver, with `series` floats measured.
  private func solveFloats(_ volume: SlabShape, series: Int) -> Int {
    let (volumes, duals, measured) = solver == .primalDual ? (2, 1, 4) : (6, 2, 3)
    let components = prior.reach == .space && volume.sliceCount > 1 ? 3 : 2
    let dual =
      switch prior.kind {
      case .tv, .tvL1, .gradient: components
      case .wavelet: 2
      case .l1: 0
      }
    return (volumes + duals * dual) * volume.count + measured * series
  }

  /// Fields of the trials beside the whole series: they see a few slabs, and under GCV keep random signs
  /// and two estimates from them.
  private func trialFloats(_ geometry: TiltGeometry, _ rule: ChoiceRule) -> Int {
    let slabs = StrengthTrials.group(of: geometry.volume.slabs)
    let (volume, series) = (
      geometry.volume.slabs.group(slabs), geometry.series.slabs.group(slabs)
    )
    let tilts = series.pageCount
    let left = rule == .heldOutTilts ? tilts / StrengthTrials.stride : 0
    let perTilt = series.count / tilts
    let probe = rule == .gcv ? 2 * volume.count + series.count : 0
    return solveFloats(volume, series: perTilt * (tilts - left)) + perTilt * left + probe
  }
}
