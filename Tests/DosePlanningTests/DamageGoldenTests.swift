import DosePlanning
import Fields
import Foundation
import TestSupport
import Testing

@Suite("Damage against numpy and scipy")
struct DamageGoldenTests {
  private struct Reference: Decodable {
    struct View: Decodable {
      let tilts: [Double]
      let loss: Double
    }
    struct Film: Decodable {
      let tilts: [Double]
      let order: [Double]
      let loss: Double
      let error: Double
      let spread: Double
    }
    let view: View
    let film: Film
  }

  private func reference() throws -> Reference {
    let url = Bundle.module.bundleURL.appending(path: "Golden/damage.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }

  private func series(_ name: String, _ shape: TiltSeriesShape, _ tilts: [Double]) throws
    -> TiltSeries
  {
    TiltSeries(
      FloatStorage(try goldenFloats(name, in: .module)), shape: shape, tilts: tilts)
  }

  @Test("The loss of a body in view is that of a straight line through the totals")
  func view() throws {
    let expected = try reference().view
    let view = try series(
      "view.f32", TiltSeriesShape(tiltCount: 41, binCount: 48, sliceCount: 8), expected.tilts)
    let order = try AcquisitionOrder((1...41).map(Double.init), pages: 41)
    let report = try DamageSurvey(view, order, vacuum: 0).run()
    guard case .loss(let loss, _) = report.finding,
      case .totalIntensity(let slices, _, _, _, _) = report.basis
    else { throw CancellationError() }
    #expect(slices == Array(0..<8))
    #expect(abs(loss - expected.loss) < 1e-9)
  }

  @Test("The loss of a film, its error and the spread over knots are those of a non-linear fit")
  func film() throws {
    let expected = try reference().film
    let film = try series(
      "film.f32", TiltSeriesShape(tiltCount: 61, binCount: 32, sliceCount: 3), expected.tilts)
    let order = try AcquisitionOrder(expected.order, pages: 61)
    let report = try DamageSurvey(film, order).run()
    guard case .loss(let loss, let error) = report.finding,
      case .gains(_, let spread) = report.basis
    else { throw CancellationError() }
    #expect(abs(loss - expected.loss) < 1e-7)
    #expect(abs(error / expected.error - 1) < 1e-4)
    #expect(abs(try #require(spread) - expected.spread) < 1e-7)
  }
}
