import Foundation
import Testing

/// `voxtilt deblur signal` and `voxtilt lab`, as a user calls them.
@Suite struct SignalDeblurTests {
  /// A folder with a signal of 24 samples (a block of 8), its blur by 1 2 1, and what is no signal.
  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    let truth = (0..<24).map { 8..<16 ~= $0 ? 1.0 : 0 }
    let clean = truth.indices.map { i in
      0.25 * (truth[max(i - 1, 0)] + truth[min(i + 1, 23)]) + 0.5 * truth[i]
    }
    // Noise of 0.02 that repeats every seven samples.
    let y = clean.enumerated().map { $1 + 0.01 * (Double($0 * 5 % 7) - 3) }
    try shop.write(
      "sample,y,truth\n"
        + zip(y, truth).enumerated().map {
          "\($0),\($1.0),\($1.1)\n"
        }.joined(), to: "s.csv")
    try shop.write("1\n2\n1\n", to: "k.csv")
    try shop.write("1\n2\n", to: "even.csv")
    try shop.write("a,b,c\n1,2,3\n4,5,6\n", to: "three.csv")
    try shop.write("1,x\n", to: "word.csv")
    try shop.write("1\n2\n-1\n4\n", to: "negative.csv")
    return shop
  }

  @Test("a signal comes out beside its sidecar, tables and charts, and replays to the same bytes")
  func wholeWalk() throws {
    let shop = try furnished()
    let outcome = try shop.done(
      """
      deblur signal s.csv --psf k.csv --scale row-sum --method tv --noise 0.02 --truth s.csv --out o.csv \
      --json
      """)
    #expect(outcome.out.filter { $0 == "\n" }.count == 1)
    let printed = try outcome.json()
    #expect(printed["method"] as? String == "tv" && printed["lambda"] is Double)
    let sidecar = try shop.sidecar("o.json")
    let settings = try #require(sidecar["settings"] as? [String: Any])
    #expect(try #require(settings["rmse"] as? Double) < 0.05)
    #expect(
      settings["ends"] as? String == "reflecting" && settings["scale"] as? String == "row-sum")
    #expect((sidecar["lambdaChoice"] as? [String: Any])?["rule"] as? String == "discrepancy")
    #expect((sidecar["inputs"] as? [Any])?.count == 2)
    for name in ["o.svg", "o.lambda.csv", "o.lambda.svg", "o.components.csv", "o.components.svg"] {
      #expect(try !shop.bytes(name).isEmpty, "\(name)")
    }
    try shop.done("replay o.json --out again.csv")
    #expect(try shop.bytes("o.csv") == shop.bytes("again.csv"))
    // As version 0.1 recorded it.
    let recorded = String(decoding: try shop.bytes("o.json"), as: UTF8.self)
    #expect(recorded.contains(#""signal","#))
    try shop.write(recorded.replacing(#""signal","#, with: ""), to: "o.json")
    try shop.done("replay o.json --out older.csv")
    #expect(try shop.bytes("o.csv") == shop.bytes("older.csv"))
  }

  @Test(
    "every method works on it",
    arguments: [
      "naive", "tsvd", "tikhonov", "gradient", "tv", "l1", "wiener --noise 0.02",
      "tikhonov --non-negative", "gradient --lambda 0.01", "tikhonov --choose cross-validation",
      "tikhonov --choose gcv", "tikhonov --vacuum 0:6", "tikhonov --choose oracle --truth s.csv",
      "tikhonov --ends zero --lambdas 1e-6:10:50", "richardson-lucy --column truth --iterations 9",
    ])
  func methods(_ method: String) throws {
    let shop = try furnished()
    try shop.done(
      "deblur signal s.csv --psf gaussian:50pm --step 0.1nm --method \(method) --out o.csv --quiet")
    let table = String(decoding: try shop.bytes("o.csv"), as: UTF8.self)
    #expect(table.split(whereSeparator: \.isNewline).count == 25)
    #expect(table.hasPrefix("sample,estimate,measurement,fit"))
  }

  @Test("without noise and corner, λ is chosen by prediction")
  func noCorner() throws {
    let shop = try furnished()
    let line = "deblur signal s.csv --psf gaussian:0.5px --out o.csv"
    let choice = try shop.done(line + " --json").json()["lambdaChoice"] as? [String: Any]
    #expect(choice?["rule"] as? String == "cross-validation")
    let asked = try shop.run(line + " --choose l-curve")
    #expect(asked.code == 64 && asked.err.contains("no corner"))
  }

  @Test("mistakes end with their code, name the culprit and leave no file")
  func mistakes() throws {
    let shop = try furnished()
    let mistakes: [(line: String, code: Int32, culprit: String)] = [
      ("none.csv --psf k.csv --out o.csv", 66, "'none.csv'"),
      ("s.csv --psf none.csv --out o.csv", 66, "'none.csv'"),
      ("word.csv --psf k.csv --out o.csv", 65, "'word.csv'"),
      ("three.csv --psf k.csv --out o.csv", 65, "a, b, c"),
      ("s.csv --psf even.csv --out o.csv", 65, "2 samples"),
      ("s.csv --psf three.csv --out o.csv", 65, "makes 2 samples"),
      ("s.csv --psf k.csv --truth k.csv --out o.csv", 65, "3 samples, and 24"),
      ("negative.csv --psf k.csv --method richardson-lucy --out o.csv", 65, "Sample 2"),
      ("s.csv --psf k.csv --out s.csv", 64, "'s.csv' is an input"),
      ("s.csv --psf k.csv --out none/o.csv", 73, "the folder 'none' does not exist"),
      ("s.csv --psf k.csv --out o.tif", 73, "'o.tif'"),
      ("s.csv --psf k.csv --out beads.csv", 64, "'beads.json', which is not a sidecar"),
      ("s.csv --psf gaussian:150pm --out o.csv", 64, "--step"),
      ("s.csv --psf gaussian:0px --out o.csv", 64, "'gaussian:0px'"),
      ("s.csv --psf k.csv --step 3px --out o.csv", 64, "'3px'"),
      ("s.csv --psf k.csv --noise 0 --out o.csv", 64, "(got 0"),
      ("s.csv --psf k.csv --noise 9 --out o.csv", 64, "discrepancy"),
      ("s.csv --psf k.csv --method naive --lambda 1 --out o.csv", 64, "naive has no λ"),
      ("s.csv --psf k.csv --lambda 1 --choose gcv --out o.csv", 64, "--choose"),
      ("s.csv --psf k.csv --method tv --choose gcv --out o.csv", 64, "gcv"),
      ("s.csv --psf k.csv --method wiener --out o.csv", 64, "--noise"),
      ("s.csv --psf k.csv --method tsvd --non-negative --out o.csv", 64, "tsvd cannot"),
      ("s.csv --psf k.csv --choose oracle --out o.csv", 64, "--truth"),
      ("s.csv --psf k.csv --choose vacuum --out o.csv", 64, "--vacuum"),
      ("s.csv --psf k.csv --vacuum 20:30 --out o.csv", 64, "20:30"),
      ("s.csv --psf k.csv --folds 20 --choose cross-validation --out o.csv", 64, "(got 20)"),
      ("s.csv --psf k.csv --lambdas 1:2 --out o.csv", 64, "'1:2'"),
      ("s.csv --psf k.csv --iterations 5 --out o.csv", 64, "--iterations"),
      ("s.csv --psf k.csv", 64, "--out"),
    ]
    for mistake in mistakes {
      let before = try shop.files()
      let outcome = try shop.run("deblur signal " + mistake.line)
      #expect(outcome.code == mistake.code, "\(mistake.line): \(outcome.err)")
      #expect(outcome.err.contains(mistake.culprit), "\(mistake.line): \(outcome.err)")
      #expect(try shop.files() == before, "\(mistake.line)")
    }
  }

  @Test("an image with a point spread in CSV is no signal")
  func images() throws {
    let shop = try furnished()
    let outcome = try shop.run("deblur --psf k.csv none.tif --out o.tif")
    #expect(outcome.code == 66 && outcome.err.contains("'none.tif'"))
    #expect(try shop.done("deblur signal --help").out.contains("--vacuum <vacuum>"))
    let signal = try shop.run("deblur s.csv --psf k.csv --out o.csv")
    #expect(signal.code == 64 && signal.err.contains("voxtilt deblur signal s.csv"))
  }

  @Test("a lab prints one object and fills a folder that it makes; --quiet says nothing")
  func lab() throws {
    let shop = try Workshop()
    let one = try shop.done("lab svd --out figures --quiet --json").json()
    #expect(one["lab"] as? String == "svd")
    let facts = try #require(one["facts"] as? [String: Any])
    #expect(abs(try #require(facts["conditionNumber"] as? Double) - 230.2) < 0.1)
    #expect(try !shop.bytes("figures/svd.svg").isEmpty)
    let quiet = try shop.done("lab u-curve --out figures --quiet")
    #expect(quiet.out + quiet.err == "")
    let all = try shop.done("lab all --out figures --json").json()
    #expect((all["labs"] as? [Any])?.count == 8)
    for (line, code) in [
      ("lab none --out figures", 64), ("lab svd", 64), ("lab svd --out none/x", 73),
      ("lab svd --out beads.json", 73),
    ] {
      #expect(try shop.run(line).code == code, "\(line)")
    }
  }
}
