import DosePlanning
import Fields
import Foundation
import Testing

@Suite("DamageSurvey")
struct DamageSurveyTests {
  private func report(
    _ specimen: TiltSeries, _ scheme: Scheme, vacuum: Double? = nil
  ) throws -> DamageReport {
    let order = try AcquisitionOrder(scheme.positions, pages: 71)
    return try DamageSurvey(specimen, order, vacuum: vacuum).run()
  }

  private func loss(_ report: DamageReport) throws -> (value: Double, error: Double) {
    guard case .loss(let value, let error) = report.finding else {
      Issue.record("\(report.finding)")
      throw CancellationError()
    }
    return (value, error)
  }

  @Test(
    "A loss of 5 % of an object wholly in view is told as 4 to 6 %, whatever the order",
    arguments: Scheme.allCases)
  func wholly(scheme: Scheme) throws {
    let phantom = try inView()
    for seed in 1...4 as ClosedRange<UInt64> {
      let report = try report(series(of: phantom, scheme, loss: 0.05, seed: seed), scheme)
      guard case .totalIntensity(let slices, _, _, let unseen, _) = report.basis else {
        Issue.record("\(report.basis)")
        continue
      }
      #expect(slices.count >= 8 && unseen < 0.01)
      let found = try loss(report)
      #expect((0.04...0.06).contains(found.value), "\(scheme), seed \(seed)")
      #expect(abs(found.value - 0.05) < 4 * found.error && found.error < 0.01)
    }
  }

  @Test("No loss is told as one that agrees with 0", arguments: Scheme.allCases)
  func none(scheme: Scheme) throws {
    let phantom = try inView()
    for seed in 1...4 as ClosedRange<UInt64> {
      let report = try report(series(of: phantom, scheme, loss: 0, seed: seed), scheme)
      let found = try loss(report)
      #expect(abs(found.value) < 3.5 * found.error, "\(scheme), seed \(seed)")
    }
  }

  @Test("A vacuum that is not zero is found, and changes nothing")
  func offset() throws {
    var raised = try series(of: inView(), .oneWay, loss: 0.05, seed: 1)
    for tilt in 0..<71 {
      for y in 0..<24 { for bin in 0..<64 { raised[tilt, y, bin] += 40 } }
    }
    let report = try report(raised, .oneWay)
    guard case .totalIntensity(_, let vacuum, let error, _, _) = report.basis else {
      Issue.record("\(report.basis)")
      return
    }
    #expect(abs(vacuum - 40) < 4 * error && error < 0.1)
    #expect(try (0.04...0.06).contains(loss(report).value))
  }

  @Test("A vacuum that drifts is not taken for a gain or a loss")
  func drift() throws {
    var drifting = try series(of: inView(), .oneWay, loss: 0, seed: 1)
    for tilt in 0..<71 {
      for y in 0..<24 { for bin in 0..<64 { drifting[tilt, y, bin] += 0.02 * Float(tilt) } }
    }
    #expect(try !isIdentified(report(drifting, .oneWay)))
  }

  private func isIdentified(_ report: DamageReport) -> Bool {
    if case .loss = report.finding { true } else { false }
  }

  @Test(
    "An object that leaves the view tells nothing where the dose follows the tilt",
    arguments: [Scheme.oneWay, .symmetric])
  func followsTilt(scheme: Scheme) throws {
    let phantom = try leaving()
    for seed in 1...3 as ClosedRange<UInt64> {
      let report = try report(series(of: phantom, scheme, loss: 0.05, seed: seed), scheme)
      guard case .notIdentifiable(.doseFollowsTilt(let part)) = report.finding else {
        Issue.record("\(report.finding)")
        continue
      }
      #expect(part < 0.05 && report.points.allSatisfy { $0.fitted == nil })
    }
  }

  @Test("With interleaved tilts it does, within its error", arguments: [0.0, 0.05, 0.2])
  func interleaved(truth: Double) throws {
    let phantom = try leaving()
    for seed in 1...3 as ClosedRange<UInt64> {
      let report = try report(
        series(of: phantom, .interleaved, loss: truth, seed: seed), .interleaved)
      guard case .gains = report.basis else {
        Issue.record("\(report.basis)")
        continue
      }
      let found = try loss(report)
      #expect(abs(found.value - truth) < 3.5 * found.error && found.error < 0.01)
      #expect(report.points.count == 71 && report.points[1].position == 37)
    }
  }

  @Test("A film that fills the view is not taken for an object in view")
  func film() throws {
    let shape = TiltSeriesShape(tiltCount: 71, binCount: 64, sliceCount: 16)
    let tilts = (0..<71).map { -70 + 2 * Double($0) }
    var film = TiltSeries(zeros: shape, tilts: tilts)
    for (tilt, angle) in tilts.enumerated() {
      for y in 0..<16 {
        for bin in 0..<64 { film[tilt, y, bin] = Float(5 / cos(angle * .pi / 180)) }
      }
    }
    #expect(try !isIdentified(report(film, .symmetric)))
    #expect(try abs(loss(report(film, .interleaved)).value) < 1e-3)
  }

  @Test("What is too noisy or empty is not told")
  func obstacles() throws {
    let shape = TiltSeriesShape(tiltCount: 71, binCount: 64, sliceCount: 4)
    let empty = TiltSeries(zeros: shape, tilts: (0..<71).map { Double($0) })
    #expect(try report(empty, .interleaved).finding == .notIdentifiable(.noIntensity))
    let few = TiltSeriesShape(tiltCount: 5, binCount: 8, sliceCount: 1)
    var five = TiltSeries(zeros: few, tilts: [-2, -1, 0, 1, 2])
    for tilt in 0..<5 { for bin in 0..<8 { five[tilt, 0, bin] = 1 + Float(tilt % 2) } }
    let order = try AcquisitionOrder([1, 3, 5, 2, 4], pages: 5)
    #expect(
      try DamageSurvey(five, order).run().finding == .notIdentifiable(.tooFewTilts(5)))
  }
}
