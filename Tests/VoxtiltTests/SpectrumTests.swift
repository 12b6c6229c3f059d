import Foundation
import Testing

@Suite struct SpectrumTests {
  private func spectra(in shop: Workshop) throws {
    func table(_ energies: [Double], _ value: (Double) -> Double) -> String {
      "energy_eV,counts\n" + energies.map { "\($0),\(value($0))\n" }.joined()
    }
    let low = (0..<400).map { Double($0) * 0.5 - 10 }
    try shop.write(
      table(low) { e in
        let plasmon = 1e3 / (1 + (e - 20) * (e - 20) / 16)
        return 1e5 * exp(-e * e) + (e > 0 ? plasmon : 0)
      }, to: "low.csv")
    let core = (0..<600).map { Double($0) * 0.5 + 300 }
    try shop.write(
      table(core) { e in 5e4 * pow(e / 400, -3) + (e >= 450 ? 1e4 * pow(e / 450, -3) : 0) },
      to: "core.csv")
  }

  @Test("A background is taken away, and what is summed up is the edge")
  func background() throws {
    let shop = try Workshop()
    try spectra(in: shop)
    try shop.done(
      "spectrum core.csv --method background --edge 450 --window 350:440 --integrate 450:500 --out e.csv"
    )
    let settings = try #require(try shop.sidecar("e.json")["settings"] as? [String: Any])
    let truth = (0...100).reduce(0.0) { $0 + 1e4 * pow((450 + Double($1) * 0.5) / 450, -3) }
    #expect(abs(try #require(settings["integral"] as? Double) / truth - 1) < 1e-4)
    #expect(abs(try #require(settings["exponent"] as? Double) - 3) < 1e-3)
    #expect(try shop.files().contains("e.svg"))
    let table = String(decoding: try shop.bytes("e.csv"), as: UTF8.self)
    #expect(table.hasPrefix("energy_eV,counts,background,signal\r\n"))
    try shop.done("replay e.json")
  }

  @Test(
    "Zero loss, Fourier-log and Fourier-ratio tell t/λ and write their table",
    arguments: [
      "low.csv --method zero-loss", "low.csv --method fourier-log --zero-loss-end 4",
      "core.csv --method fourier-ratio --low-loss low.csv --edge 450 --window 350:440",
    ])
  func thickness(line: String) throws {
    let shop = try Workshop()
    try spectra(in: shop)
    let sidecar = try shop.done("spectrum \(line) --out r.csv --json").json()
    let settings = try #require(sidecar["settings"] as? [String: Any])
    let thickness = try #require(settings["thickness"] as? Double)
    // 2 · 1e3 · 4 · (π − small) / 0.5 against √π · 1e5 / 0.5
    #expect(0.05..<0.09 ~= thickness)
  }

  @Test(
    "What cannot be is refused in a sentence, and nothing is written",
    arguments: [
      ("core.csv --method background --edge 450 --window 350:460 --out x.csv", 64),
      ("core.csv --method background --edge 450 --window 448:449 --out x.csv", 64),
      ("core.csv --method background --edge 450 --window 100:440 --out x.csv", 64),
      (
        "core.csv --method background --edge 450 --window 350:440 --integrate 430:500 --out x.csv",
        64
      ),
      (
        "core.csv --method fourier-ratio --low-loss low.csv --edge 450 --window 350:440 --integrate 400:430 --out x.csv",
        64
      ),
      ("core.csv --method background --out x.csv", 64),
      ("core.csv --method fourier-ratio --edge 450 --window 350:440 --out x.csv", 64),
      ("core.csv --method zero-loss --out x.csv", 65),
      ("none.csv --method zero-loss --out x.csv", 66),
      ("low.csv --method zero-loss --out low.csv", 64),
      ("low.csv --method zero-loss --out x.tif", 73),
      ("beads.json --method zero-loss --out x.csv", 65),
    ])
  func refused(line: String, code: Int32) throws {
    let shop = try Workshop()
    try spectra(in: shop)
    let before = try shop.files()
    let outcome = try shop.run("spectrum \(line)")
    #expect(outcome.code == code, "\(line): \(outcome.err)")
    #expect(try shop.files() == before)
  }
}
