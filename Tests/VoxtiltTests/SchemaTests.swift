import Foundation
import TestSupport
import Testing

/// Every JSON that a command writes fits the schema of its kind in `docs/schemas`, and has no key that the schema does not
/// describe.
@Suite struct SchemaTests {
  private static let phantoms = packageFolder.appending(path: "phantoms").path

  /// Records, each with the name of its schema.
  private func check(
    _ shop: Workshop, _ kind: String, _ records: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let schema = try JSONSchema(ofRecord: kind)
    for record in records {
      let found = schema.violations(in: try JSONValue(shop.bytes(record + ".json")), exactly: true)
      #expect(found == [], "\(record).json as \(kind)", sourceLocation: sourceLocation)
    }
  }

  private func furnished(_ options: String = "--noise 2%") throws -> Workshop {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 \(options) --voxel-size 0.5 --seed 3 --out s.tif --quiet"
    )
    return shop
  }

  @Test("Sidecars of stacks")
  func stacks() throws {
    let shop = try furnished("--dose 900")
    for line in [
      "phantom beads.json --out truth.tif", "simulate truth.tif --tilts -60:60:20 --out few.mrc",
      "prepare s.tif --hot-pixels --normalise total --bin 2 --out prepared.tif",
      "reconstruct s.tif --iterations 3 --depth 28 --init truth.tif --out sirt.tif",
      "wedge sirt.tif --truth truth.tif --out inferred.tif",
      "wedge --tilts -60:60:20 --write-mask mask.tif --size 16,8,16",
      "deblur few.mrc --psf gaussian:1.5px --method tikhonov --lambda auto --out sharp.tif",
    ] { try shop.done(line + " --quiet") }
    try check(
      shop, "sidecar", "truth", "s", "few", "prepared", "sirt", "inferred", "mask", "sharp")
  }

  @Test("Sidecars of a λ that was chosen, among priors and for few tilts")
  func choice() throws {
    let shop = try furnished()
    try shop.done("simulate beads.json --tilts -60:60:15 --noise 5% --out few.tif --quiet")
    let line = "--method cs --lambda auto --iterations 10 --quiet"
    try shop.done("reconstruct s.tif \(line) --regulariser auto --out priors.tif")
    try shop.done("reconstruct few.tif \(line) --out chosen.tif")
    try shop.done(
      "reconstruct s.tif --method tv-sart --choose halving --iterations 4 --quiet --out halved.tif")
    try shop.done("reconstruct s.tif --method dart --levels 2 --iterations 4 --quiet --out d.tif")
    try shop.done("reconstruct few.tif \(line) --regulariser nlm --out nlm.tif")
    try check(shop, "sidecar", "priors", "chosen", "halved", "d", "nlm")
  }

  @Test("Sidecars of signals and spectra")
  func tables() throws {
    let shop = try Workshop()
    try shop.write(
      (0..<48).map { "\(16..<32 ~= $0 ? 1.0 : 0.01 * Double($0 % 3))\n" }.joined(), to: "y.csv")
    try shop.write(
      "energy,counts\n"
        + (0..<100).map { "\(300 + 2 * $0),\(1e9 * pow(300 + 2 * Double($0), -2.5))\n" }.joined(),
      to: "core.csv")
    try shop.done(
      "deblur signal y.csv --psf gaussian:2px --method tikhonov --lambda auto --choose l-curve --out x.csv --quiet"
    )
    try shop.done(
      "spectrum core.csv --method background --edge 450 --window 350:440 --out edge.csv --quiet")
    try check(shop, "sidecar", "x", "edge")
  }

  @Test("Sidecars of fused images, and of fused tilt series", arguments: ["0:0:1", "-60:60:20"])
  func fused(tilts: String) throws {
    let shop = try Workshop()
    let size = tilts == "0:0:1" ? "64,48,64" : "32,16,32"
    for (name, noise) in [
      ("haadf", "--noise 2%"), ("Au", "--counts 10 --counts-as counts"),
      ("Ni", "--counts 10 --counts-as counts"),
    ] {
      try shop.done(
        "simulate \(Self.phantoms)/fusion-\(name).json --size \(size) --tilts \(tilts) \(noise) --out \(name).tif --quiet"
      )
    }
    let options = tilts == "0:0:1" ? "--vacuum 0:6,0:64" : "--tilts \(tilts) --iterations 20"
    try shop.done(
      "fuse --haadf haadf.tif --map Au=Au.tif --map Ni=Ni.tif \(options) --out fused.tif --quiet")
    try check(shop, "sidecar", "fused.Au", "fused.Ni", "fused.residual")
  }

  @Test("What is found out about a series")
  func series() throws {
    let shop = try furnished()
    try shop.run("check s.tif --out check.json --quiet")
    try check(shop, "check", "check")
    try shop.write((1...29).map { "\($0)\n" }.joined(), to: "order.txt")
    try shop.done("damage s.tif --order order.txt --dose 900 --out damage --quiet")
    try shop.done("prepare s.tif --crop 9,0,14,12 --out cut.tif --quiet")
    try shop.done("damage cut.tif --order order.txt --dose 900 --out gains --quiet")
    try check(shop, "damage", "damage", "gains")
  }

  @Test("What is found out about the places of pages")
  func places() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --size 32,24,32 --tilts -70:70:5 --noise 2% --seed 3 --out s.tif --quiet"
    )
    try shop.done("align s.tif --rounds 1 --out aligned.tif --quiet")
    try shop.done("align s.tif --apply aligned.align.json --out applied.tif --quiet")
    try check(shop, "sidecar", "aligned", "applied")
    try check(shop, "align", "aligned.align")
  }

  @Test("What is found out about volumes, tilts and doses")
  func studies() throws {
    let shop = try furnished()
    try shop.done("reconstruct s.tif --iterations 3 --depth 28 --out v.tif --quiet")
    try shop.done("reconstruct s.tif --method fbp --depth 28 --out w.tif --quiet")
    try shop.done("quality v.tif --out v --quiet")
    try shop.done("quality w.tif --out w --quiet")
    try check(shop, "quality", "v.quality", "w.quality")
    try shop.done("fsc v.tif w.tif --out both --quiet")
    try check(shop, "fsc", "both.fsc")
    try shop.done("wedge --tilts -70:70:5 --diameter 50 --out tilts --quiet")
    try shop.done(
      "wedge --tilts 0:0:1 --method sirt --iterations 3 --size 25,25,25 --out one --quiet")
    try check(shop, "wedge", "tilts.wedge", "one.wedge")
    try shop.done(
      """
      plan --phantom beads.json --size 16,8,16 --voxel-size 1 --dose 900 --range 70 --counts 7 --methods fbp \
      --repeats 1 --out plan --quiet
      """)
    try check(shop, "plan", "plan/plan")
  }

  @Test("Folders of channels, and what is taken from them")
  func spectra() throws {
    let shop = try Workshop()
    try shop.done(
      """
      simulate \(Self.phantoms)/spectral/particle.json --spectral --tilts -60:60:10 --counts 4 --size 16,8,16 \
      --out counts --quiet
      """)
    let cs = "--method cs --joint collaborative --iterations 5"
    for line in [
      "reconstruct counts --method sirt --iterations 2 --energies 700:800 --bin 10 --out volumes",
      "reconstruct counts \(cs) --energies 700:800 --bin 5 --out chosen",
      "maps counts --elements Fe --out maps", "denoise counts --components 3 --out denoised",
      "extract volumes --box 6:10,2:6,6:10 --out core.csv",
    ] { try shop.done("spectra \(line) --quiet") }
    try check(
      shop, "spectra", "counts/spectra", "volumes/spectra", "chosen/spectra", "maps/spectra",
      "denoised/spectra")
    try check(shop, "extract", "core")
    let names = try FileManager.default.contentsOfDirectory(atPath: shop.path("chosen"))
    for name in names where name.hasSuffix("eV.json") {
      try check(shop, "sidecar", "chosen/" + name.dropLast(".json".count))
    }
  }

  @Test("The folder of a pipeline")
  func pipeline() throws {
    let shop = try furnished()
    try shop.done("pipeline s.tif --align none --reconstruct=--method=fbp --quiet")
    try check(shop, "stages", "s.voxtilt/stages")
    try check(shop, "check", "s.voxtilt/check")
    try check(shop, "sidecar", "s.voxtilt/ready", "s.voxtilt/volume")
    try check(shop, "quality", "s.voxtilt/volume.quality")
  }

  @Test("Experiments of the lecture")
  func lessons() throws {
    let shop = try Workshop()
    try shop.done("lab svd --out lab --quiet")
    try shop.done("wedge --demo --out demo --quiet")
    try check(shop, "lesson", "lab/svd", "demo/wedge-demo")
  }

  @Test("A record of another form, and one of another kind, do not fit")
  func otherForms() throws {
    let shop = try furnished()
    let text = String(decoding: try shop.bytes("s.json"), as: UTF8.self)
    let sidecar = try JSONSchema(ofRecord: "sidecar")
    for (old, new) in [
      (#""schema" : 1"#, #""schema" : 2"#), (#""tiltAxis" : "y""#, #""tiltAxis" : "z""#),
      (#""inputs""#, #""input""#), (#""seed" : 3"#, #""seed" : "3""#),
      (#""kind" : "gaussian""#, #""kind" : "loud""#),
      (#""noise" : {"#, #""noise" : 2, "later" : {"#),
    ] {
      #expect(text.contains(old))
      let changed = try JSONValue(Data(text.replacing(old, with: new).utf8))
      #expect(sidecar.violations(in: changed) != [], "\(new)")
    }
    let check = try JSONSchema(ofRecord: "check")
    #expect(check.violations(in: try JSONValue(Data(text.utf8))) != [])
  }
}
