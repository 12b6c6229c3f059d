import Fields
import Foundation
import StackIO
import Testing

/// Counts stay counts from the microscope to the fit, or the record says where they ended.
@Suite struct CountsTests {
  private static let tilts = (0..<13).map { 10 * $0 - 60 }

  private func furnished(_ ending: String, _ axis: String = "y") throws -> Workshop {
    let shop = try Workshop()
    func moves(_ part: Double) -> String {
      Self.tilts.indices.map {
        "1 0 0 1 \(Double($0 % 3) - 1 + part) \(Double($0 % 4) - 2 - part)\n"
      }
      .joined()
    }
    try shop.write(moves(0), to: "whole.xf")
    try shop.write(moves(0.3), to: "part.xf")
    try shop.done(
      "simulate beads.json --tilts -60:60:10 --counts 3 --counts-as counts --tilt-axis \(axis) --out c.\(ending) --quiet"
    )
    return shop
  }

  private func pages(_ shop: Workshop, _ name: String) throws -> [[Float]] {
    var reader = try StackReader(path: shop.path(name))
    return try (0..<reader.info.shape.pageCount).map { page in
      var pixels = [Float](repeating: 0, count: reader.info.shape.pixelsPerPage)
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      return pixels
    }
  }

  private func total(_ pages: [[Float]]) -> Double {
    pages.joined().reduce(0.0) { $0 + Double($1) }
  }

  private func state(_ shop: Workshop, _ name: String) throws -> String? {
    let counts = try shop.sidecar(name)["counts"] as? [String: Any]
    return counts?["by"] as? String ?? counts?["state"] as? String
  }

  @Test(
    "Placed counts are copies or shared out, in TIFF and MRC, about both axes",
    arguments: ["tif", "mrc"], ["y", "x"])
  func placing(ending: String, axis: String) throws {
    let shop = try furnished(ending, axis)
    let raw = try pages(shop, "c.\(ending)")
    let width = try StackReader(path: shop.path("c.\(ending)")).info.shape.columnCount
    let height = raw[0].count / width
    try shop.done("align c.\(ending) --apply whole.xf --out w.\(ending) --quiet")
    for (page, placed) in try pages(shop, "w.\(ending)").enumerated() {
      // DY counts upwards, rows downwards.
      let (dx, dy) = (page % 3 - 1, 2 - page % 4)
      #expect(
        placed.indices.allSatisfy { i in
          let (row, column) = (i / width - dy, i % width - dx)
          let source = min(max(row, 0), height - 1) * width + min(max(column, 0), width - 1)
          return placed[i] == raw[page][source]
        }, "page \(page)")
    }
    #expect(try state(shop, "w.json") == "whole")
    try shop.done("align c.\(ending) --apply part.xf --out p.\(ending) --quiet")
    let shared = try pages(shop, "p.\(ending)")
    #expect(try state(shop, "p.json") == "shared" && shared.joined().allSatisfy { $0 >= 0 })
    #expect(abs(total(shared) / total(raw) - 1) < 0.02)
    let sidecar = try shop.sidecar("p.json")
    #expect((sidecar["settings"] as? [String: Any])?["interpolation"] as? String == "linear")
    let share = (sidecar["noise"] as? [String: Any])?["varianceShare"] as? Double
    // (0.7² + 0.3²)²
    #expect(abs(try #require(share) - 0.3364) < 1e-4)
    #expect((sidecar["warnings"] as? [String])?.contains { $0.contains("0.34 times") } == true)
    try shop.done(
      "reconstruct p.\(ending) --method cs --fidelity poisson --lambda 0.01 --iterations 3 --out v.\(ending) --quiet"
    )
  }

  @Test("Quality judges placed counts by the noise that placing leaves")
  func noise() throws {
    let shop = try furnished("tif")
    try shop.done("align c.tif --apply part.xf --out p.tif --quiet")
    try shop.done("reconstruct p.tif --method sirt --iterations 5 --out v.tif --quiet")
    try shop.done("quality v.tif --quiet")
    let quality = try shop.sidecar("v.quality.json")["quality"] as? [String: Any]
    let noise = (quality?["fit"] as? [String: Any])?["noise"] as? [String: Any]
    let gain = (noise?["counting"] as? [String: Any])?["gain"] as? Double
    #expect(abs(try #require(gain) - 0.3364) < 1e-4)
  }

  @Test("Without a sidecar counts are known by their values, unless the user says otherwise")
  func untold() throws {
    let shop = try furnished("tif")
    try FileManager.default.removeItem(at: shop.folder.appending(path: "c.json"))
    let line = "--tilts -60:60:10 --apply part.xf --quiet"
    try shop.done("align c.tif \(line) --out a.tif")
    #expect(try state(shop, "a.json") == "shared")
    #expect(String(decoding: try shop.bytes("a.json"), as: UTF8.self).contains("Read as counts"))
    try shop.done("align c.tif \(line) --no-counts --out b.tif")
    #expect(try state(shop, "b.json") == nil)
    #expect(try pages(shop, "b.tif").joined().contains { $0 < 0 })
    try shop.done("prepare c.tif --tilts -60:60:10 --bin 3 --out s.tif --quiet")
    #expect(try state(shop, "s.json") == "whole")
    #expect(try pages(shop, "s.tif").joined().allSatisfy { $0 == $0.rounded() })
  }

  @Test("Pages too small to tell are counts where the spectra.json of their folder promises it")
  func promised() throws {
    let shop = try Workshop()
    let folder = shop.folder.appending(path: "maps")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    var writer = try StackWriter(
      path: shop.path("maps/Fe.tif"),
      shape: StackShape(pageCount: 3, rowCount: 8, columnCount: 8), pixelSize: nil)
    let page = FloatStorage((0..<64).map { Float(($0 * 37) % 5) })
    for number in 0..<3 { try writer.write(page.span, page: number) }
    _ = try writer.finish()
    try shop.write(String(repeating: "1 0 0 1 0.3 0.3\n", count: 3), to: "m.xf")
    for promise in [true, false] {
      try shop.write(
        #"{"layout":"channels","files":["Fe.tif"],"elements":["Fe"],"tilts":"-60:60:60","counts":"#
          + "\(promise)}", to: "maps/spectra.json")
      try shop.done(
        "align maps/Fe.tif --tilts -60:60:60 --apply m.xf --out a.tif --force --quiet")
      #expect(try state(shop, "a.json") == (promise ? "shared" : nil))
    }
  }

  @Test("Spectra take counts that were placed, and refuse those that a step has ended")
  func spectra() throws {
    let shop = try furnished("tif")
    let folder = shop.folder.appending(path: "maps")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    try shop.write(
      #"{"layout":"channels","files":["Fe.tif"],"elements":["Fe"],"tilts":"-60:60:10","counts":true}"#,
      to: "maps/spectra.json")
    try shop.done("align c.tif --apply part.xf --out maps/Fe.tif --quiet")
    try shop.done("spectra info maps")
    for method in ["mlem", "cs"] {
      try shop.done("spectra reconstruct maps --method \(method) --iterations 3 --out \(method)")
    }
    try shop.done("prepare c.tif --background 0.1 --out maps/Fe.tif --force --quiet")
    let refused = try shop.run("spectra reconstruct maps --method mlem --out no")
    #expect(refused.code == 65 && refused.err.contains("Prepare without --background"))
  }

  @Test("A fit of counts warns of a series whose counts were ended, and of no other")
  func ended() throws {
    let shop = try furnished("mrc")
    let fit = "reconstruct p.mrc --method cs --fidelity poisson --lambda 0.01 --iterations 2"
    for (step, ends) in [("--normalise total", true), ("--bin 2", false), ("--hot-pixels", false)] {
      try shop.done("prepare c.mrc \(step) --out p.mrc --force --quiet")
      #expect(try state(shop, "p.json") == (ends ? "normalise" : "whole"))
      #expect(
        try shop.done("\(fit) --out v.mrc --force").err.contains("no longer counts") == ends)
    }
    let mlem = "reconstruct p.mrc --method mlem --iterations 2 --out m.mrc"
    #expect(try !shop.done(mlem).err.contains("no longer counts"))
  }

  @Test("A logarithm of few counts is named as biased, with figures; binned before, it is not")
  func logarithm() throws {
    let shop = try Workshop()
    func part(_ counts: Int, _ steps: String) throws -> (part: Double?, isNamed: Bool) {
      // Pages of a wedge that lets all to a third of the beam through.
      var writer = try StackWriter(
        path: shop.path("b.tif"), shape: StackShape(pageCount: 3, rowCount: 32, columnCount: 32),
        pixelSize: nil, encoding: .float32)
      for page in 0..<3 {
        let pixels = (0..<1024).map { (Double(counts) * (1 - Double($0 % 32) / 48)).rounded() }
        try writer.write(FloatStorage(pixels.map { Float($0) }).span, page: page)
      }
      _ = try writer.finish()
      try shop.done("prepare b.tif --tilts -60:60:60 \(steps) --out p.tif --force --quiet")
      let sidecar = try shop.sidecar("p.json")
      let settings = try #require(sidecar["settings"] as? [String: Any])
      let warnings = try #require(sidecar["warnings"] as? [String])
      return (
        settings["logarithmBiasPart"] as? Double, warnings.contains { $0.contains("too high") }
      )
    }
    let few = try part(40, "--counts --beer-lambert 40")
    // Σ a b / Σ a² of b = 1/(2μ) + 5/(12μ²), μ = 40 (1 − c/48) for the columns c, by numpy in squares of 4 × 4: 0.0401.
    #expect(few.isNamed && abs((few.part ?? 0) - 0.0401) < 0.001)
    let binned = try part(40, "--counts --bin 4 --beer-lambert 640")
    #expect(!binned.isNamed && abs((binned.part ?? 0) - 0.0025) < 0.0002)
    let many = try part(2000, "--counts --beer-lambert 2000")
    #expect(!many.isNamed && many.part != nil)
    let none = try part(40, "--no-counts --beer-lambert 40")
    #expect(!none.isNamed && none.part == nil)
  }
}
