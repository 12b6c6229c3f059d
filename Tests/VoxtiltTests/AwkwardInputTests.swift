import Fields
import Foundation
import StackIO
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Inputs that are no files, and files that hold nothing.
@Suite struct AwkwardInputTests {
  private func stack(_ name: String, in shop: Workshop, _ value: (Int) -> Float) throws {
    let shape = StackShape(pageCount: 1, rowCount: 24, columnCount: 24)
    var writer = try StackWriter(
      path: shop.path(name), shape: shape, pixelSize: nil, pageSpacing: nil, encoding: .float32)
    try writer.write(FloatStorage((0..<24 * 24).map(value)).span, page: 0)
    _ = try writer.finish()
  }

  @Test(
    "A folder or a pipe is named by its kind wherever a file is asked for, and nothing waits",
    arguments: [
      "info X", "check X", "prepare X --tilts 0:40:20 --out o.tif", "align X --out o.tif",
      "reconstruct X --tilts 0:40:20 --out o.tif", "reconstruct image.tif --tilts X --out o.tif",
      "reconstruct image.tif --tilts 0:0:1 --method sirt --init X --out o.tif",
      "reconstruct image.tif --tilts 0:0:1 --method sirt --mask X --out o.tif",
      "compare X image.tif", "compare image.tif image.tif --mask X", "fsc image.tif X",
      "slices X --out o.png", "phantom X --out o.tif", "simulate X --tilts 0:40:20 --out o.tif",
      "report X --out o.html", "replay X", "deblur X --psf gaussian:1px --out o.tif",
      "deblur image.tif --psf X --out o.tif",
      "deblur image.tif --psf gaussian:1px --truth X --out o.tif",
      "deblur signal line.csv --psf X --out o.csv", "damage image.tif --tilts 0:0:1 --order X",
      "spectrum X --method zero-loss --out o.csv", "fuse --haadf X --map Au=image.tif --out o.tif",
      "fuse --haadf image.tif --map Au=X --out o.tif",
      "prepare image.tif --tilts 0:0:1 --weights X --out o.tif",
      "align image.tif --tilts 0:0:1 --apply X --out o.tif",
    ])
  func noFile(line: String) throws {
    let shop = try Workshop()
    try stack("image.tif", in: shop) { Float($0 % 7) }
    try shop.write("1\n2\n3\n4\n", to: "line.csv")
    try FileManager.default.createDirectory(
      at: shop.folder.appendingPathComponent("folder"), withIntermediateDirectories: false)
    #expect(unsafe mkfifo(shop.path("pipe"), 0o600) == 0)
    for name in ["folder", "pipe"] {
      let outcome = try shop.run(line.replacing("X", with: name))
      #expect(outcome.code == 66, "\(line): \(outcome.err)")
      #expect(outcome.err.contains("'\(name)' is a \(name)"), "\(line): \(outcome.err)")
    }
  }

  @Test(
    "An image of zeros, or of one value, is named whatever the method",
    arguments: [
      "naive", "tsvd", "tikhonov", "gradient", "wiener", "tv", "l1", "richardson-lucy",
      "richardson-lucy-tv", "z-map", "tikhonov --lambda 1e-3", "tv --fidelity poisson",
    ])
  func nothingToDeblur(method: String) throws {
    let shop = try Workshop()
    try stack("zeros.tif", in: shop) { _ in 0 }
    try stack("flat.tif", in: shop) { _ in 7 }
    let before = try shop.files()
    for (name, words) in [("zeros", "only zeros"), ("flat", "one value everywhere, 7.0")] {
      let outcome = try shop.run(
        "deblur \(name).tif --psf gaussian:1px --method \(method) --out o.tif")
      #expect(outcome.code == 65 && outcome.err.contains(words), "\(method): \(outcome.err)")
    }
    #expect(try shop.files() == before)
  }

  @Test("A page of zeros stays zero, is noted, and does not choose λ for the others")
  func silentPage() throws {
    let shop = try Workshop()
    let shape = StackShape(pageCount: 3, rowCount: 24, columnCount: 24)
    var writer = try StackWriter(
      path: shop.path("s.tif"), shape: shape, pixelSize: nil, pageSpacing: nil, encoding: .float32)
    for page in 0..<3 {
      let values = (0..<24 * 24).map { index -> Float in
        let pattern = (index * 7 + index / 24) % 13
        return page == 1 ? 0 : Float(pattern + 1)
      }
      try writer.write(FloatStorage(values).span, page: page)
    }
    _ = try writer.finish()
    let outcome = try shop.done("deblur s.tif --psf gaussian:0.5px --method tv --out o.tif")
    #expect(outcome.err.contains("Page 2 contains only zeros"))
    let settings = try #require(try shop.sidecar("o.json")["settings"] as? [String: Any])
    #expect(settings["lambdaPage"] as? Int == 0)
    var reader = try StackReader(path: shop.path("o.tif"))
    var pixels = FloatStorage(zeros: 24 * 24)
    for page in 0..<3 {
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      #expect(pixels.span.indices.contains { pixels.span[$0] != 0 } == (page != 1))
    }
  }

  @Test("A width in nm asks for the option that this form of deblur has")
  func widthOption() throws {
    let shop = try Workshop()
    try stack("image.tif", in: shop) { Float($0 % 7) }
    try shop.write("1\n2\n5\n2\n1\n", to: "line.csv")
    for (input, output, option) in [
      ("image image.tif", "o.tif", "--pixel-size"), ("signal line.csv", "o.csv", "--step"),
    ] {
      let outcome = try shop.run("deblur \(input) --psf gaussian:0.1nm --out \(output)")
      #expect(outcome.code == 64 && outcome.err.contains("Give \(option)"), "\(outcome.err)")
      #expect(try shop.done("deblur \(input) --help").out.contains("\(option) <"))
    }
  }

  @Test("Spectra that contradict themselves, and other kinds of text, are named")
  func spectra() throws {
    let shop = try Workshop()
    let energies = (0..<200).map { 300 + Double($0) / 2 }
    func table(_ rows: [(Double, Double)]) -> String {
      "energy,counts\n" + rows.map { "\($0.0),\($0.1)\n" }.joined()
    }
    let law = energies.map { ($0, (5e4 * pow($0 / 300, -3)).rounded()) }
    try shop.write(table(law.map { ($0.0, $0.1 - 9e4) }), to: "negative.csv")
    try shop.write(table(Array(law[..<50] + law[60...])), to: "gap.csv")
    try shop.write("#FORMAT : EMSA/MAS Spectral Data File\n#NPOINTS : 2\n1,\n2,\n", to: "s.csv")
    for (name, words) in [
      ("negative", "101 of the 101 values"), ("gap", "a gap of 5.5 eV after channel 49"),
      ("s", "'s.csv' is an EMSA/MAS spectrum"),
    ] {
      let outcome = try shop.run(
        "spectrum \(name).csv --method background --edge 390 --window 310:360 --out o.csv")
      #expect(outcome.code == 65 && outcome.err.contains(words), "\(outcome.err)")
    }
    var some = law
    some[30].1 = -7
    try shop.write(table(some), to: "some.csv")
    let outcome = try shop.done(
      "spectrum some.csv --method background --edge 390 --window 310:360 --out o.csv")
    #expect(
      outcome.err.contains(
        "1 of the 101 values in the window are negative, the first -7.0 at 315.0"))
  }

  @Test("What cannot be measured is null and has a sentence, for fsc and compare")
  func notMeasured() throws {
    let shop = try Workshop()
    try stack("flat.tif", in: shop) { _ in 7 }
    try stack("zeros.tif", in: shop) { _ in 0 }
    try stack("image.tif", in: shop) { Float($0 % 7) + Float($0 % 5) }
    try stack("twice.tif", in: shop) { 2 * (Float($0 % 7) + Float($0 % 5)) }
    for (line, words) in [
      ("flat.tif flat.tif", "both files have one value"),
      ("image.tif zeros.tif", "'zeros.tif' has"),
      ("flat.tif image.tif", "'flat.tif' has one value"),
    ] {
      let json = try shop.done("fsc \(line) --json").json()
      let warnings = try #require(json["warnings"] as? [String])
      #expect(warnings.count == 1 && warnings[0].contains(words))
      let curves = (json["correlation"] as? [String: Any])?["curves"] as? [[String: Any]]
      for curve in try #require(curves) {
        let crossings = try #require(curve["crossings"] as? [[String: Any]])
        #expect(crossings.allSatisfy { $0["outcome"] as? String == "notMeasured" })
      }
      #expect(try shop.done("fsc \(line)").out.contains(words))
    }
    #expect(try shop.done("fsc image.tif image.tif").out.contains("contain the same data"))
    #expect(try shop.done("fsc image.tif twice.tif").out.contains("the first times 2"))
    let words = try shop.done("compare flat.tif flat.tif").out
    #expect(words.contains("PSNR   not measured\n") && !words.contains("nan"))
    let json = try shop.done("compare image.tif zeros.tif --json").json()
    #expect(json["psnr"] is NSNull && json["nrmse"] is NSNull && json["ssim"] is NSNull)
    #expect((json["notes"] as? [String])?.count == 2)
    #expect(try shop.run("compare image.tif twice.tif --mask zeros.tif").code == 65)
    let split = try shop.done("wedge zeros.tif --tilts -60:60:6 --out o.tif")
    #expect((split.out + split.err).contains("energy       not measured: it is zero everywhere"))
  }
}
