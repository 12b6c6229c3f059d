import Fields
import SpectralTomography
import Spectroscopy
import Testing

@Suite struct EdgeBackgroundTests {
  private let energies = (0..<40).map { 420 + 10 * Double($0) }
  private func law(_ energy: Double, _ height: Double) -> Double {
    let ratio = 420 / energy
    return height * ratio * ratio * ratio
  }

  @Test(
    "A power law leaves nothing, and an edge on it its own integral",
    arguments: [
      EdgeBackground.Scope.region, .pixel,
    ])
  func exact(scope: EdgeBackground.Scope) throws {
    let windows = try ElementWindows("Fe", on: 420...810)
    // The second place has twice the background and an edge of 50 a channel.
    let edge = 50.0
    let channels = energies.map { energy in
      FloatStorage([
        Float(law(energy, 1e4)), Float(law(energy, 2e4) + (energy >= 708 ? edge : 0)),
      ])
    }
    let totals = channels.map { Double(array($0)[0]) + Double(array($0)[1]) }
    let background = try EdgeBackground(windows, scope: scope, energies: energies, totals: totals)
    let net = try background.split(Workers(1)) { channels[$0] }.net
    let signal = Double(background.signalChannels.count)
    // A law through the areas of two halves is exact to the width of a half.
    let gross = background.signalChannels.reduce(0.0) { $0 + Double(array(channels[$1])[0]) }
    #expect(abs(Double(array(net)[0])) < 0.01 * gross)
    #expect(abs(Double(array(net)[1]) - edge * signal) < 0.02 * gross)
    #expect(abs(background.summed.exponent - 3) < 0.01)
  }

  @Test("Windows that another edge disturbs are named, others are not")
  func overlaps() throws {
    func words(_ names: String...) throws -> [String] {
      ElementWindows.overlaps(try names.map { try ElementWindows($0, on: 100...2000) })
    }
    #expect(try words("O", "Fe").isEmpty && words("Fe").isEmpty)
    let disturbed = try words("Mn", "Fe")
    #expect(disturbed.count == 2)
    #expect(disturbed[0].contains("edge of Fe at 708.0 eV lies in the signal window of Mn"))
    #expect(disturbed[1].contains("edge of Mn at 640.0 eV lies in the background window of Fe"))
  }

  @Test("Windows are checked against the axis and the table of edges")
  func windows() throws {
    #expect(throws: SpectralError.self) { try ElementWindows("Fe", on: 650...810) }
    #expect(throws: SpectralError.self) { try ElementWindows("Xx", on: 0...3000) }
    #expect(try EdgeTable.edge("Si", on: 1500...2000).shell == "K")
    #expect(try EdgeTable.edge("Si", on: 50...200).shell == "L23")
    #expect(try EdgeTable.edge("Si-K", on: 50...200).energy == 1839)
  }
}
