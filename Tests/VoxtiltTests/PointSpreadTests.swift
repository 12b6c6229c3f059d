import Fields
import Foundation
import SeriesIO
import Testing

/// A point spread between the projection and the series.
@Suite struct PointSpreadTests {
  private static let series =
    "simulate beads.json --size 32,12,32 --tilts -60:60:6 --psf gaussian:1.5px --noise 1% --out s.tif"

  private func error(_ shop: Workshop, _ name: String) throws -> Double {
    let compared = try shop.done("compare \(name) v.tif --json").json()
    return try #require(compared["nrmse"] as? Double)
  }

  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done("phantom beads.json --size 32,12,32 --out v.tif")
    try shop.done(Self.series)
    return shop
  }

  @Test(
    "What a series was blurred by comes off in its reconstruction, and records say so",
    arguments: ["sirt --iterations 200", "cs"])
  func reconstruct(method: String) throws {
    let shop = try furnished()
    #expect(try settings(shop, "s.json")["psfSigma"] as? String == "1.5 px")
    let line = "reconstruct s.tif --tilts -60:60:6 --non-negative --method \(method)"
    try shop.done("\(line) --out blind.tif")
    try shop.done("\(line) --psf gaussian:1.5px --out sharp.tif")
    #expect(try error(shop, "sharp.tif") < 0.9 * error(shop, "blind.tif"))
    let kept = try settings(shop, "sharp.json")
    #expect(kept["psf"] as? String == "gaussian" && kept["psfSigma"] as? String == "1.5 px")
    try shop.done("replay sharp.json")
  }

  @Test("Quality judges a volume with the point spread that it was made with")
  func quality() throws {
    let shop = try furnished()
    let method = "--method sirt --iterations 60 --non-negative"
    try shop.done(
      "reconstruct s.tif --tilts -60:60:6 \(method) --psf gaussian:1.5px --out v.tif --force")
    let recorded = try residual(try shop.done("quality v.tif --json --out one").json())
    try FileManager.default.removeItem(atPath: shop.path("v.json"))
    let line = "quality v.tif --series s.tif --tilts -60:60:6 \(method) --json"
    let typed = try residual(try shop.done("\(line) --psf gaussian:1.5px --out two").json())
    let blind = try residual(try shop.done("\(line) --out three").json())
    #expect(typed == recorded)
    #expect(blind > 1.5 * recorded)
  }

  private func settings(_ shop: Workshop, _ name: String) throws -> [String: Any] {
    try #require(try shop.sidecar(name)["settings"] as? [String: Any])
  }

  private func residual(_ record: [String: Any]) throws -> Double {
    let quality = try #require(record["quality"] as? [String: Any])
    let fit = try #require(quality["fit"] as? [String: Any])
    let tilts = try #require(fit["tilts"] as? [[String: Any]])
    return try tilts.reduce(0) { try $0 + #require($1["residual"] as? Double) }
  }

  @Test(
    "A measured point spread means the same whichever way the tilt axis runs, and a changed file is refused"
  )
  func measured() throws {
    let shop = try furnished()
    try shop.write("0,1,0\n2,8,5\n0,3,1\n", to: "psf.csv")
    // Turned by 90° clockwise, rows become columns from right to left.
    try shop.write("0,2,0\n3,8,1\n1,5,0\n", to: "turned.csv")
    let line = "simulate beads.json --size 32,12,32 --tilts -60:60:20 --normalise-psf"
    try shop.done("\(line) --psf psf.csv --tilt-axis x --out x.tif")
    try shop.done("\(line) --psf turned.csv --out y.tif")
    for name in ["x", "y"] {
      try shop.done(
        "reconstruct \(name).tif --iterations 5 --out \(name)r.tif")
    }
    let (x, y) = (try volume(shop, "xr.tif", .x), try volume(shop, "yr.tif", .y))
    var difference: Float = 0
    for i in 0..<x.count { difference = max(difference, abs(x.span[i] - y.span[i])) }
    #expect(difference < 1e-4)
    try shop.done(
      "reconstruct x.tif --iterations 5 --psf psf.csv --normalise-psf --out m.tif")
    try shop.done("quality m.tif")
    try shop.write("0,1,0\n2,9,5\n0,3,1\n", to: "psf.csv")
    let refused = try shop.run("quality m.tif --force")
    #expect(refused.code == 65 && refused.err.contains("psf.csv"))
  }

  private func volume(_ shop: Workshop, _ name: String, _ axis: TiltAxis) throws -> FloatStorage {
    try readVolume(shop.path(name), axis: axis).volume.voxels
  }

  @Test("What cannot work is refused with its reason")
  func refusals() throws {
    let shop = try furnished()
    try shop.write("1,2,1\n", to: "psf.csv")
    let line = "reconstruct s.tif --tilts -60:60:6 --out n.tif"
    for (options, code, words) in [
      ("--psf gaussian:0px", 64, "not a point spread"),
      ("--psf gaussian:1px --method fbp", 64, "no effect with --method fbp"),
      ("--psf gaussian:150pm", 64, "--voxel-size"),
      ("--psf gaussian:1px,2px,3px", 64, "3 axes"),
      ("--psf gaussian:1px --multiresolution", 64, "without the point spread"),
      ("--focus 3", 64, "requires --convergence"), ("--convergence 0", 64, "between 0.01 and 500"),
      ("--psf psf.csv --convergence 10", 64, "widens a Gaussian"),
      ("--centre-psf", 64, "require --psf"), ("--psf none.tif", 66, "none.tif"),
      ("--psf v.tif", 65, "32 point spreads for 21 tilts"),
      ("--psf psf.csv", 0, "The sum of the point spread is 4"),
    ] {
      let outcome = try shop.run("\(line) \(options) --iterations 2 --force")
      #expect(outcome.code == code && outcome.err.contains(words), "\(options): \(outcome.err)")
    }
  }

  @Test("Channels and fused series are deblurred as well")
  func modalities() throws {
    let shop = try furnished()
    let scene = URL(fileURLWithPath: #filePath)
      .appending(path: "../../../phantoms/spectral/particle.json").standardized
    try shop.write(String(contentsOf: scene, encoding: .utf8), to: "particle.json")
    try shop.done(
      "simulate particle.json --spectral --tilts -60:60:20 --counts 40 --size 24,8,24 --psf gaussian:1.5px --truth --out counts"
    )
    let line = "spectra reconstruct counts --method sirt --iterations 60 --bin 20 --non-negative"
    try shop.done("\(line) --out blind")
    try shop.done("\(line) --psf gaussian:1.5px --out sharp")
    let record = try shop.sidecar("sharp/spectra.json")
    #expect((record["settings"] as? [String: Any])?["psfSigma"] as? String == "1.5 px")
    try shop.done(
      "simulate beads.json --size 24,8,24 --tilts -60:60:6 --psf gaussian:1px --out h.tif")
    try shop.done(
      "simulate beads.json --size 24,8,24 --tilts -60:60:20 --psf gaussian:1px --counts 30 --counts-as counts --out m.tif"
    )
    try shop.done(
      "fuse --haadf h.tif --map Au=m.tif --psf 1 --map-psf 1 --iterations 20 --out f.tif")
    let fused = try settings(shop, "f.Au.json")
    #expect(fused["psf"] as? Double == 1 && fused["mapPsf"] as? Double == 1)
  }
}
