import Foundation
import Testing

@Suite struct MethodTests {
  @Test(
    "Every method turns a series into a volume near the truth, with its sidecar",
    arguments: [
      "sirt", "sart", "os-sart --subsets 4", "cgls", "tv-sart", "asd-pocs --noise 0.05",
      "sart --order golden --relaxation 0.5 --relaxation-decay 0.9 --non-negative",
      "sirt --non-negative --upper-bound 1.2", "cs --lambda 1e-3", "cs --mu 0.5 --solver fista",
      "cs --lambda 1e-3 --regulariser tv+l1 --tv-axes slice",
      "cs --lambda 1e-2 --regulariser wavelet --wavelet haar --levels 2",
      "cs --regulariser auto", "cs --regulariser nlm --lambda 0.1",
      "cs --regulariser nlm --red --lambda 0.1 --weights transmission",
      "tv-sart --choose halving", "asd-pocs --lambda auto",
      "tv-sart --lambda 0.02", "dart --levels 2",
      "dart --levels 0,1 --dart-method sart --order golden",
      "dart --levels 0,1 --dart-method os-sart --subsets 4 --neighbours slice --free-fraction 0.2",
    ])
  func everyMethod(line: String) throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out truth.tif --quiet")
    try shop.done("simulate beads.json --tilts -80:80:8 --noise 0.02 --out s.tif --quiet")
    try shop.done("reconstruct s.tif --tilts -80:80:8 --depth 28 --method \(line) --out r.tif")
    let measures = try shop.done("compare r.tif truth.tif --json").json()
    #expect(try #require(measures["nrmse"] as? Double) < 0.75, "\(line)")
    let sidecar = try shop.sidecar("r.json")
    let name = try #require(line.split(separator: " ").first)
    #expect(sidecar["method"] as? String == String(name))
    #expect(sidecar["stopReason"] as? String != nil)
    #expect(try !#require(sidecar["history"] as? [Any]).isEmpty)
    if line.hasPrefix("cs") { #expect(sidecar["lambda"] as? Double != nil) }
  }

  @Test("Counts are fitted by mlem, osem and the Poisson fit, which refuse negative ones")
  func counts() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -80:80:8 --counts 50 --counts-as counts --out c.tif --quiet")
    try shop.done("simulate beads.json --tilts -80:80:8 --noise 0.5 --out n.tif --quiet")
    for method in ["mlem", "osem --subsets 3", "cs --lambda 1e-2 --fidelity poisson"] {
      let line = "--tilts -80:80:8 --depth 28 --method \(method) --iterations 10 --out r.tif"
      try shop.done("reconstruct c.tif \(line)")
      let refused = try shop.run("reconstruct n.tif \(line)")
      #expect(refused.code == 65, "\(method): \(refused.err)")
      #expect(refused.err.contains("negative"), "\(method): \(refused.err)")
    }
  }

  @Test("--lambda auto records every trial in the sidecar, a table and a chart")
  func autoLambda() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -80:80:8 --noise 0.05 --out s.tif --quiet")
    try shop.done("reconstruct s.tif --tilts -80:80:8 --depth 28 --method cs --out r.tif")
    let sidecar = try shop.sidecar("r.json")
    let choice = try #require(sidecar["lambdaChoice"] as? [String: Any])
    #expect(choice["rule"] as? String == "held-out-tilts")
    #expect(choice["lambda"] as? Double == sidecar["lambda"] as? Double)
    let candidates = try #require(choice["candidates"] as? [Any])
    let table = String(decoding: try shop.bytes("r.lambda.csv"), as: UTF8.self)
    #expect(table.split(separator: "\r\n").count == candidates.count + 1)
    #expect(String(decoding: try shop.bytes("r.lambda.svg"), as: UTF8.self).contains("<svg"))
    try shop.done("replay r.json")
  }

  @Test("dart writes grey levels alone, and its page, quality and replay know them")
  func discrete() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -80:80:8 --noise 0.02 --out s.tif --quiet")
    let line = "reconstruct s.tif --tilts -80:80:8 --depth 28 --method dart --iterations 10"
    try shop.done("\(line) --levels 2 --report --out r.tif")
    let sidecar = try shop.sidecar("r.json")
    let settings = try #require(sidecar["settings"] as? [String: Any])
    let levels = try #require(settings["levels"] as? [Double])
    #expect(levels.count == 2 && settings["updates"] as? String == "sirt")
    for key in [
      "residualDiscrete", "residualContinuous", "residualAllowed", "heldOutDiscrete",
      "heldOutContinuous",
    ] { #expect(settings[key] as? Double != nil, "\(key)") }
    let page = String(decoding: try shop.bytes("r.html"), as: UTF8.self)
    #expect(page.contains("grey levels"))
    try shop.done("replay r.json")
    // What the levels do not explain is said on screen, too.
    let warned = try shop.done("\(line) --levels 0,5 --out w.tif")
    #expect(warned.err.contains("grey level"))
    #expect(try !#require(shop.sidecar("w.json")["warnings"] as? [String]).isEmpty)
  }

  @Test(
    "--choose halving records its path, page and quality follow, and a fixed λ is recorded, too",
    arguments: ["tv-sart", "asd-pocs"])
  func halving(method: String) throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -80:80:8 --noise 0.05 --out s.tif --quiet")
    let line = "reconstruct s.tif --tilts -80:80:8 --depth 28 --iterations 6 --method \(method)"
    try shop.done("\(line) --choose halving --report --out r.tif")
    let sidecar = try shop.sidecar("r.json")
    let choice = try #require(sidecar["lambdaChoice"] as? [String: Any])
    #expect(choice["rule"] as? String == "halving")
    let lambda = try #require(sidecar["lambda"] as? Double)
    #expect(choice["lambda"] as? Double == lambda)
    #expect(choice["noiseSource"] as? String == "variance that grows with brightness")
    let candidates = try #require(choice["candidates"] as? [[String: Any]])
    #expect(candidates[0]["lambda"] as? Double == (method == "asd-pocs" ? 0.08 : 0.01))
    #expect(try shop.files().contains("r.lambda.csv"))
    let page = String(decoding: try shop.bytes("r.html"), as: UTF8.self)
    #expect(page.contains("chosen by halving from \(candidates.count) candidates"))
    try shop.done("replay r.json")
    let noise = method == "asd-pocs" ? "--noise \(try #require(choice["noise"] as? Double))" : ""
    try shop.done("\(line) --lambda \(lambda) \(noise) --out g.tif")
    #expect(try shop.bytes("g.tif") == shop.bytes("r.tif"))
    #expect(try shop.sidecar("g.json")["lambda"] as? Double == lambda)
  }

  @Test("Tilt weights of zero leave tilts out, and a wrong list of weights is refused")
  func tiltWeights() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -80:80:8 --out s.tif --quiet")
    let weights = (0..<21).map { $0.isMultiple(of: 2) ? "1" : "0" }
    try shop.write("# every other\n" + weights.joined(separator: "\n"), to: "w.txt")
    try shop.write("1\n2\n", to: "few.txt")
    try shop.write("1\nx\n", to: "odd.txt")
    let line = "reconstruct s.tif --tilts -80:80:8 --depth 28 --method cs --mu 0.1 --iterations 20"
    try shop.done("\(line) --out all.tif")
    try shop.done("\(line) --tilt-weights w.txt --out half.tif")
    #expect(try shop.bytes("all.tif") != shop.bytes("half.tif"))
    #expect(try shop.run("\(line) --tilt-weights few.txt --out r.tif").code == 64)
    let odd = try shop.run("\(line) --tilt-weights odd.txt --out r.tif")
    #expect(odd.code == 65 && odd.err.contains("line 2"))
    #expect(try shop.run("\(line) --tilt-weights none.txt --out r.tif").code == 66)
  }

  @Test("A method that needs the whole volume refuses before work begins, with what it needs")
  func wholeVolumeMemory() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -80:80:8 --out s.tif --quiet")
    let refused = try shop.run(
      "reconstruct s.tif --tilts -80:80:8 --method cs --max-memory 1M --out r.tif")
    #expect(refused.code == 64 && refused.err.contains("whole volume in memory"))
    #expect(try !shop.files().contains("r.tif"))
  }

  @Test(
    "Options of other methods, and options that exclude each other, are refused",
    arguments: [
      "sirt --lambda 1e-3", "cs --window hann", "cgls --non-negative", "mlem --relaxation 0.5",
      "fbp --iterations 3", "sart --subsets 4", "cs --lambda 1 --mu 1",
      "cs --lambda 1 --choose gcv",
      "cs --l1-share 0.2", "cs --wavelet haar", "asd-pocs", "sart --seed 3 --order golden",
      "cs --regulariser auto --lambda 1e-3", "cs --regulariser auto --mu 2",
      "cs --regulariser auto --choose discrepancy",
      "cs --regulariser auto --checkpoint-every 5", "cs --choose gcv", "cs --lambda -1",
      "cs --lambda 1 --noise 0.1",
      "cs --non-negative --unconstrained", "cs --regulariser l1 --tv-axes slice",
      "tv-sart --choose discrepancy", "tv-sart --lambda 0.1 --tv-factor 0.2", "tv-sart --noise 1",
      "tv-sart --lambda 0.1 --choose halving", "asd-pocs --lambda 0.1",
      "dart", "dart --levels 1", "dart --levels 6", "dart --levels 1,0", "dart --levels -1,0",
      "dart --levels 2 --smoothing 2", "dart --levels 2 --order golden",
      "dart --levels 2 --mask r0.tif",
      "dart --levels 2 --dart-method sart --rays strip", "sirt --levels 2", "sirt --smoothing 0.1",
      "cs --levels 0,1",
      "sirt --upper-bound -1", "os-sart --subsets 1000",
    ])
  func refusals(line: String) throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -80:80:8 --out s.tif --quiet")
    let refused = try shop.run(
      "reconstruct s.tif --tilts -80:80:8 --method \(line) --out r.tif")
    #expect(refused.code == 64, "\(line): \(refused.err)")
    #expect(try !shop.files().contains("r.tif"))
  }
}
