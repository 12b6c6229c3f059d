import Foundation
import StackIO
import Testing

@Suite struct SpectraTests {
  private func makeShop() throws -> Workshop {
    let shop = try Workshop()
    let scene = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../phantoms/spectral/particle.json").standardized
    try shop.write(String(contentsOf: scene, encoding: .utf8), to: "particle.json")
    return shop
  }

  @Test("A scene goes through counts, volumes and elements to a spectrum")
  func walk() throws {
    let shop = try makeShop()
    try shop.done(
      "simulate particle.json --spectral --tilts -60:60:10 --counts 4 "
        + "--background 0.1 --size 16,8,16 --truth --out counts")
    try shop.done("spectra info counts")
    try shop.done(
      "spectra reconstruct counts --method sirt --iterations 5 --energies 700:800 --bin 5 --hyperstack --out sirt"
    )
    let record = try shop.sidecar("sirt/spectra.json")
    let channels = try #require(record["channels"] as? [[String: Any]])
    #expect(channels.count == 2)
    #expect(channels.allSatisfy { $0["residual"] is Double && $0["background"] is Double })
    // For every z a page a channel.
    let whole = try pages(shop.path("sirt/hyperstack.tif"))
    let single = try channels.map {
      try pages(shop.path("sirt/\(try #require($0["file"] as? String))"))
    }
    #expect(whole.count == 32)
    for (i, page) in whole.enumerated() { #expect(page == single[i % 2][i / 2]) }
    let text = String(decoding: try shop.bytes("sirt/hyperstack.tif"), as: UTF8.self)
    #expect(text.contains("channels=2\nslices=16\nhyperstack=true"))
    try shop.done(
      "spectra reconstruct counts --method cs --joint nuclear --iterations 5 --lambda 1 --bin 20 "
        + "--out joint")
    try shop.done(
      "spectra reconstruct counts --method cs --elements O,Fe --order in-model --joint separate "
        + "--lambda 1 --iterations 5 --out model")
    try shop.done("spectra maps counts --elements Fe --out maps")
    try shop.done("spectra denoise counts --components 3 --out denoised")
    try shop.done("spectra extract counts-truth --box 6:10,2:6,6:10 --out core.csv")
  }

  private func pages(_ path: String) throws -> [[Float]] {
    var reader = try StackReader(path: path)
    return try (0..<reader.info.shape.pageCount).map { page in
      var pixels = [Float](repeating: 0, count: reader.info.shape.pixelsPerPage)
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      return pixels
    }
  }

  @Test("What cannot be done ends with its code and leaves nothing")
  func refusals() throws {
    let shop = try makeShop()
    try shop.done(
      "simulate particle.json --spectral --tilts -60:60:20 --counts 4 "
        + "--size 8,8,8 --out counts")
    try shop.done("spectra maps counts --elements Fe --out maps")
    for (line, code) in [
      ("spectra reconstruct maps --method mlem --out x", 64),
      ("spectra reconstruct counts --method cs --joint nuclear --max-memory 1k --out x", 64),
      ("spectra reconstruct counts --method cs --elements Xx --out x", 64),
      ("spectra reconstruct counts --method sirt --energies 1:2 --out x", 64),
      ("spectra reconstruct counts --method sirt --joint nuclear --out x", 64),
      ("spectra reconstruct counts --method sirt --out maps", 73),
      ("spectra extract counts --box 0:1,0:1,0:1 --out x.csv", 65),
    ] {
      #expect(try shop.run(line).code == code, "\(line)")
    }
    #expect(try shop.files() == ["beads.json", "counts", "maps", "particle.json"])
  }
}
