import Foundation
import Testing

@Suite struct QualityTests {
  private func furnished(_ method: String = "--method fbp") throws -> Workshop {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --noise 2% --voxel-size 0.5 --seed 3 --out s.mrc --quiet"
    )
    try shop.done("reconstruct s.mrc --tilts -70:70:5 --depth 28 --quiet \(method) --out v.tif")
    return shop
  }

  private static let files = [
    "v.consistency.png", "v.consistency.tif", "v.fsc.csv", "v.fsc.svg", "v.quality.json",
    "v.residuals.csv", "v.residuals.svg", "v.spectrum.csv", "v.spectrum.svg",
  ]

  @Test("A volume with a sidecar needs nothing else, and everything lies beside it")
  func beside() throws {
    let shop = try furnished()
    let before = try shop.files()
    let outcome = try shop.done("quality v.tif")
    #expect(try shop.files() == (before + Self.files).sorted())
    for words in [
      "0.143", "half-bit", "along the beam", "nm", "left-out", "Streaks", "as simulated",
    ]
    where !(outcome.out + outcome.err).contains(words) && words != "left-out" {
      Issue.record("\(words) is not said: \(outcome.out)")
    }
    let quality = try #require(try shop.sidecar("v.quality.json")["quality"] as? [String: Any])
    let fit = try #require(quality["fit"] as? [String: Any])
    #expect((fit["noise"] as? [String: Any])?["source"] as? String == "sidecar")
    let method = try #require(quality["method"] as? [String: Any])
    #expect((method["character"] as? [String: Any])?["label"] as? String == "resolution")
    #expect(try shop.bytes("v.consistency.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try shop.done("info v.consistency.tif --json").json()["pages"] as? Int == 2)
    let rows = String(decoding: try shop.bytes("v.residuals.csv"), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
    #expect(rows.count == 30)
  }

  @Test(
    "Counts with an empty vacuum have a noise level: recorded, or measured, or it is said to be missing"
  )
  func counts() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --counts 4 --counts-as counts --seed 3 --out s.mrc --quiet"
    )
    try shop.done("reconstruct s.mrc --iterations 8 --out v.tif --quiet")
    func noise() throws -> [String: Any] {
      try shop.done("quality v.tif --quiet --force")
      let quality = try shop.sidecar("v.quality.json")["quality"] as? [String: Any]
      return try #require((quality?["fit"] as? [String: Any])?["noise"] as? [String: Any])
    }
    func gain(_ noise: [String: Any]) -> Double? {
      (noise["counting"] as? [String: Any])?["gain"] as? Double
    }
    let recorded = try noise()
    #expect(recorded["source"] as? String == "sidecar" && gain(recorded) == 1)
    try FileManager.default.removeItem(atPath: shop.path("s.json"))
    try shop.done("reconstruct s.mrc --tilts -70:70:5 --iterations 8 --out v.tif --quiet --force")
    let measured = try noise()
    #expect(measured["source"] as? String == "brightness")
    #expect(abs(try #require(gain(measured)) - 1) < 0.2)

    try shop.done("simulate beads.json --tilts -70:70:5 --out clean.mrc --quiet")
    try shop.done("reconstruct clean.mrc --iterations 4 --out w.tif --quiet")
    #expect(try shop.done("quality w.tif").out.contains("not measured"))
  }

  @Test("The same runs can be asked for without a sidecar, from any folder, to the same numbers")
  func typed() throws {
    let shop = try furnished("--iterations 8 --stop-change 0 --z-offset 1.5")
    let recorded = try shop.done("quality v.tif --json --out one").json()
    try FileManager.default.removeItem(atPath: shop.path("v.json"))
    let line = "quality v.tif --series s.mrc --tilts -70:70:5 --iterations 8 --z-offset 1.5"
    let sigma = try #require(
      (((recorded["quality"] as? [String: Any])?["fit"] as? [String: Any])?["noise"]
        as? [String: Any])?["perTilt"] as? [Double])
    let typed = try shop.done("\(line) --noise \(sigma[0]) --json --out other").json()
    for key in ["correlation", "prediction", "spectrum", "indicators", "extent"] {
      let parts = [recorded, typed].map { (($0["quality"] as? [String: Any])?[key]) as? NSObject }
      #expect(parts[0] != nil && parts[0] == parts[1], "\(key)")
    }
    // And with any number of threads.
    let single = try shop.done("\(line) --noise \(sigma[0]) --threads 1 --json --out third").json()
    #expect((single["quality"] as? NSObject) == (typed["quality"] as? NSObject))
  }

  @Test("λ is the recorded one, start and mask are left away with a note, and the label is honest")
  func fixed() throws {
    let shop = try furnished("--method cs --iterations 12")
    let lambda = try #require(try shop.sidecar("v.json")["lambda"] as? Double)
    let outcome = try shop.done("quality v.tif")
    #expect(outcome.out.contains("Consistency, not resolution"))
    let quality = try #require(try shop.sidecar("v.quality.json")["quality"] as? [String: Any])
    let settings = try #require(
      (quality["method"] as? [String: Any])?["settings"] as? [String: Any])
    #expect(settings["lambda"] as? Double == lambda && settings["iterationLimit"] as? Int == 12)
    #expect(settings["tolerance"] as? Double == 0 && settings["choose"] == nil)

    try shop.done("phantom beads.json --out mask.tif --quiet")
    try shop.done(
      """
      reconstruct s.mrc --tilts -70:70:5 --depth 28 --iterations 4 --mask mask.tif --init mask.tif \
      --out w.tif --quiet
      """)
    let notes = try shop.done("quality w.tif").err
    #expect(notes.contains("--init is not used") && notes.contains("--mask is not used"))
  }

  @Test(
    "Mistakes end with their code and their culprit, and leave nothing",
    arguments: [
      ("quality none.tif", 66, "'none.tif' does not exist"),
      ("quality none.tif --series s.mrc --tilts -70:70:5", 66, "'none.tif'"),
      ("quality s.mrc", 65, "'s.json' does not describe a reconstruction"),
      ("quality v.tif --series other.mrc", 65, "'other.mrc' is not the file"),
      ("quality v.tif --series none.mrc", 66, "'none.mrc'"),
      ("quality v.tif --method sirt", 64, "Remove --method"),
      ("quality v.tif --cutoff 0.5 --method fbp", 64, "or move that file"),
      ("quality v.tif --z-offset 3", 64, "contains the geometry"),
      ("quality v.tif --tilts -60:60:5", 64, "--tilts are not the angles"),
      ("quality v.tif --noise -1", 64, "(got -1"),
      ("quality v.tif --diameter 0", 64, "(got 0"),
      ("quality v.tif --max-memory 2M", 64, "the limit is 2 MB"),
      ("quality v.tif --out none/x", 73, "the folder 'none' does not exist"),
      ("quality changed.tif", 65, "'changed.tif' is not the file that"),
      ("quality v.mrc --series s.mrc --tilts -70:70:5 --method cs", 64, "Give --lambda"),
      ("quality thin.mrc --series s.mrc --tilts -70:70:5", 65, "has 32 slices"),
      ("quality v.mrc --series few.mrc --tilts 0:10:5", 65, "3 tilts cannot be halved"),
      ("fsc v.tif none.tif", 66, "'none.tif'"),
      ("fsc v.tif s.mrc", 65, "cannot be correlated"),
      ("fsc v.tif v.tif --tilts -70:70:0", 64, "'-70:70:0'"),
      ("fsc v.tif v.tif --taper 0.7", 64, "--taper must be between 0 and 0.5"),
      ("fsc one.tif one.tif --tilts 0:40:5", 64, "single image"),
      ("fsc v.tif bin.mrc", 65, "voxels are 0.5 nm"),
      ("fsc v.tif v.tif --max-memory 1M", 64, "the limit is 1 MB"),
    ] as [(String, Int32, String)])
  func mistakes(line: String, code: Int32, culprit: String) throws {
    let shop = try furnished()
    try shop.done("reconstruct s.mrc --tilts -70:70:5 --depth 28 --out moved.mrc --quiet")
    try FileManager.default.moveItem(atPath: shop.path("moved.mrc"), toPath: shop.path("v.mrc"))
    try FileManager.default.removeItem(atPath: shop.path("moved.json"))
    try FileManager.default.moveItem(
      atPath: shop.path("v.json"), toPath: shop.path("aside.json"))
    if !line.contains("v.mrc") {
      try FileManager.default.moveItem(
        atPath: shop.path("aside.json"), toPath: shop.path("v.json"))
    }
    try shop.write(
      String(
        decoding: try shop.bytes(line.contains("v.mrc") ? "aside.json" : "v.json"), as: UTF8.self),
      to: "changed.json")
    try shop.bytes("v.mrc").write(to: URL(fileURLWithPath: shop.path("changed.tif")))
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --seed 5 --noise 2% --out other.mrc --quiet")
    try shop.done("simulate beads.json --tilts 0:10:5 --out few.mrc --quiet")
    try shop.done("phantom beads.json --size 32,12,1 --out one.tif --quiet")
    try shop.done("phantom beads.json --size 28,32,12 --out thin.mrc --quiet")
    try FileManager.default.removeItem(atPath: shop.path("thin.json"))
    try shop.done("phantom beads.json --voxel-size 0.7 --out bin.mrc --quiet")
    let before = try shop.files()
    let outcome = try shop.run(line)
    #expect(outcome.code == code, "\(outcome.err)")
    #expect(outcome.err.contains(culprit), "\(outcome.err)")
    #expect(outcome.out.isEmpty)
    #expect(try shop.files() == before)
  }

  @Test("A volume too small for any shell of its spectrum still gets its account")
  func tiny() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --size 8,8,8 --noise 2% --out t.mrc --quiet")
    try shop.done("reconstruct t.mrc --tilts -70:70:5 --method fbp --out v.mrc --quiet")
    let outcome = try shop.done("quality v.mrc --quiet")
    #expect(outcome.out.contains("Prediction"))
    #expect(try shop.files().contains("v.quality.json"))
    try shop.done("report v.mrc --quiet")
  }

  @Test("fsc is 1 of a volume with itself, has nm, leaves the wedge out, and writes where told")
  func fsc() throws {
    let shop = try furnished()
    let same = try shop.done("fsc v.tif v.tif --tilts -70:70:5 --json --out pair").json()
    #expect(
      try shop.files().filter { $0.hasPrefix("pair") }
        == ["pair.fsc.csv", "pair.fsc.json", "pair.fsc.svg"])
    #expect(abs(try #require(same["sampledFraction"] as? Double) - 140 / 180.0) < 1e-9)
    let curves = try #require(
      (same["correlation"] as? [String: Any])?["curves"] as? [[String: Any]])
    let points = try #require(curves[0]["points"] as? [[String: Any]])
    let values = points.compactMap { $0["value"] as? Double }
    #expect(values.count > 5 && values.allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(points[0]["value"] is NSNull)
    let crossing = try #require((curves[0]["crossings"] as? [[String: Any]])?.first)
    #expect(crossing["outcome"] as? String == "beyond")
    #expect(abs(try #require(crossing["nanometres"] as? Double) - 1) < 1e-9)

    try shop.done("phantom beads.json --size 64,64,1 --out one.tif --quiet")
    let ring = try shop.done("fsc one.tif one.tif")
    #expect(ring.out.contains("Fourier ring correlation") && ring.out.contains("not measured"))
  }
}
