import Fields
import RealModule

/// The shifts of maps against HAADF.
///
/// The maps of one spectrum image are recorded together, so that one drift moves them all: a shift is looked for that all
/// share. A map gets its own where it lies elsewhere than chance allows and a tenth less of HAADF is left unexplained.
struct MapRegistration {
  let scene: RegistrationScene
  /// Shifts that are given, where they are.
  let given: [MapShift?]

  /// A picture narrower than this holds too little.
  static let leastSide = 32
  private static let fineReach = 6.0
  /// At least this much in common, and this part of HAADF explained.
  private static let (leastSignificance, leastExplained) = (50.0, 0.5)
  /// In standard errors squared: noise alone passes them once in 20 and once in 100 times.
  private static let (beyondNoise, beyondCommon) = (6.0, 9.2)
  private static let smallest = 0.05
  /// The part of itself that a shifted lattice explains.
  private static let likeness = 0.7

  private var free: [Int] { given.indices.filter { given[$0] == nil } }
  /// An eighth of the field.
  private var field: ShiftReach {
    ShiftReach(
      right: Double(scene.shape.positionCount / 8), down: Double(scene.shape.sliceCount / 8))
  }

  /// Half the shortest shift by which HAADF resembles itself; a lattice does, and tells shifts only up to its periods.
  private var latticeReach: Double {
    let alone = ShiftMisfit(scene.ofHAADFItself, [0], about: .zero, reach: field.vector)
    let lengths = alone.maxima(about: .zero, reach: field)
      .filter { $0.explained > Self.likeness && $0.shift != .zero }
      .map { $0.shift.squaredLength.squareRoot() }
    return 0.5 * (lengths.min() ?? .infinity)
  }

  /// What one search came to.
  private struct Found {
    let shift: SIMD2<Double>
    let covariance: Symmetric
    let significance: Double
    let explained: Double

    /// Beyond four standard deviations of its noise.
    var explainedAtMost: Double { explained * (1 + 4 / max(significance, 1e-12).squareRoot()) }
    var error: Double { covariance.largest.squareRoot() }
    var measured: MapShift.Measured {
      MapShift.Measured(
        right: shift.x, down: shift.y, rightError: covariance.xx.squareRoot(),
        downError: covariance.yy.squareRoot())
    }
    /// How far from another shift, in standard errors squared.
    func distance(from other: SIMD2<Double>) -> Double { covariance.inverse.form(shift - other) }
  }

  /// - Throws: ``FusionError/apart(right:down:)`` where HAADF and maps fit only beyond the reach of the search.
  func shifts() throws(FusionError) -> [MapShift] {
    var reach = field
    reach.radius = latticeReach
    let common = try commonShift(within: reach)
    var shifts = given.map { $0 ?? common }
    guard free.count > 1, common.source == .common || common.source == .withinNoise else {
      return shifts
    }
    for _ in 0..<2 {
      var hasChanged = false
      for map in free {
        guard let own = ownShift(of: map, beside: shifts, within: reach) else { continue }
        (shifts[map], hasChanged) = (own, true)
      }
      if !hasChanged { break }
    }
    return shifts
  }

  private func settled(_ shifts: [MapShift?]) -> [(map: Int, shift: SIMD2<Double>)] {
    shifts.enumerated().compactMap { map, shift in shift.map { (map, $0.vector) } }
  }

  private func commonShift(within reach: ShiftReach) throws(FusionError) -> MapShift {
    let known = settled(given)
    let start = ShiftMisfit(scene, free, settled: known, about: .zero, reach: reach.vector)
      .start(about: .zero, reach: reach)
    let misfit = ShiftMisfit(
      scene, free, settled: known, about: start,
      reach: SIMD2(repeating: Self.fineReach))
    guard let found = found(misfit, from: start) else {
      if reach.isEnded(at: start), misfit.fit(at: start).explained > Self.leastExplained {
        throw .apart(right: start.x, down: start.y)
      }
      return MapShift(.zero, .unrelated)
    }
    guard found.significance > Self.leastSignificance,
      found.explainedAtMost > Self.leastExplained
    else {
      return MapShift(.zero, .unrelated, found.measured)
    }
    guard found.error <= 1 else { return MapShift(.zero, .uncertain, found.measured) }
    guard !reach.isEnded(at: found.shift) else {
      throw .apart(right: found.shift.x, down: found.shift.y)
    }
    let isNothing =
      found.distance(from: .zero) < Self.beyondNoise
      || found.shift.squaredLength.squareRoot() < Self.smallest
    return isNothing
      ? MapShift(.zero, .withinNoise, found.measured)
      : MapShift(found.shift, .common, found.measured)
  }

  /// - Returns: `nil` where the map may as well stay where it is.
  private func ownShift(
    of map: Int, beside shifts: [MapShift], within reach: ShiftReach
  ) -> MapShift? {
    let before = shifts[map].vector
    let others = settled(shifts).filter { $0.map != map }
    let centre = before.rounded(.toNearestOrEven)
    let near = ShiftReach(
      right: max(4, (0.5 * reach.right).rounded(.down)),
      down: max(4, (0.5 * reach.down).rounded(.down)), radius: reach.radius)
    let misfit = ShiftMisfit(
      scene, [map], settled: others, about: centre,
      reach: near.vector + SIMD2(repeating: Self.fineReach / 2))
    guard let found = found(misfit, from: misfit.start(about: centre, reach: near)),
      found.significance > Self.leastSignificance, found.error <= 1,
      found.distance(from: before) > Self.beyondCommon,
      (found.shift - before).squaredLength.squareRoot() > Self.smallest
    else { return nil }
    func unexplained(_ d: SIMD2<Double>) -> Double { max(1 - misfit.fit(at: d).explained, 1e-3) }
    guard unexplained(found.shift) < 0.9 * unexplained(before) else { return nil }
    return MapShift(found.shift, .own, found.measured)
  }

  private func found(_ misfit: ShiftMisfit, from start: SIMD2<Double>) -> Found? {
    guard let optimum = misfit.optimum(from: start, reach: Self.fineReach / 2) else { return nil }
    let uncertainty = ShiftUncertainty(misfit, at: optimum.shift, bend: optimum.bend)
    return Found(
      shift: optimum.shift, covariance: uncertainty.covariance,
      significance: uncertainty.significance,
      explained: misfit.fit(at: optimum.shift).explained)
  }
}
