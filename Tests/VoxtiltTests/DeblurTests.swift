import Fields
import Foundation
import StackIO
import Testing
import Statistics

@Suite struct DeblurTests {
  /// Bars in two pages of 20 rows and 26 columns, sharp and blurred by [1 4 6 4 1]/16 along both axes.
  private func images(in shop: Workshop) throws {
    let (pages, rows, columns) = (2, 20, 26)
    func sharp(_ page: Int, _ row: Int, _ column: Int) -> Double {
      4..<16 ~= row && (5 + page..<10 ~= column || 15..<20 ~= column) ? 100 : 0
    }
    let kernel = [1.0, 4, 6, 4, 1].map { $0 / 16 }
    func mirrored(_ i: Int, _ n: Int) -> Int { i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i }
    // Reproducible noise of standard deviation 1.15 (SplitMix64).
    func grain(_ index: Int) -> Double {
      Double(SplitMix64.hash(index) >> 40) / Double(1 << 22)
    }
    func blurred(_ page: Int, _ row: Int, _ column: Int) -> Double {
      var sum = 0.0
      for (a, u) in kernel.enumerated() {
        for (b, v) in kernel.enumerated() {
          sum += u * v * sharp(page, mirrored(row + a - 2, rows), mirrored(column + b - 2, columns))
        }
      }
      return sum + grain((page * rows + row) * columns + column)
    }
    for (name, value) in [("sharp.tif", sharp), ("blurred.tif", blurred)] {
      var writer = try StackWriter(
        path: shop.path(name),
        shape: StackShape(pageCount: pages, rowCount: rows, columnCount: columns),
        pixelSize: 0.05, pageSpacing: nil, encoding: .float32)
      for page in 0..<pages {
        let pixels = FloatStorage(
          (0..<rows * columns).map { Float(value(page, $0 / columns, $0 % columns)) })
        try writer.write(pixels.span, page: page)
      }
      _ = try writer.finish()
    }
  }

  @Test(
    "Every method brings a stack nearer to the truth, with its sidecar",
    arguments: [
      "naive", "tsvd", "tikhonov", "gradient", "wiener", "tv", "l1 --lambda 1e-3",
      "richardson-lucy", "richardson-lucy-tv", "tikhonov --ends zero --choose discrepancy",
      "gradient --ends periodic --choose l-curve", "tv --fidelity poisson --background 0.5",
      "tikhonov --choose oracle", "gradient --vacuum 0:3,0:26", "tikhonov --choose held-out-pixels",
    ])
  func methods(line: String) throws {
    let shop = try Workshop()
    try images(in: shop)
    try shop.done(
      "deblur blurred.tif --psf gaussian:1px --method \(line) --truth sharp.tif --out r.tif")
    let before = try shop.done("compare blurred.tif sharp.tif --json").json()
    let after = try shop.done("compare r.tif sharp.tif --json").json()
    let (one, other) = (
      try #require(before["rmse"] as? Double), try #require(after["rmse"] as? Double)
    )
    if line != "naive" { #expect(other < 0.95 * one, "\(line)") }
    let sidecar = try shop.sidecar("r.json")
    #expect(sidecar["method"] as? String == line.split(separator: " ").first.map { String($0) })
    let settings = try #require(sidecar["settings"] as? [String: Any])
    #expect(abs(try #require(settings["rmse"] as? Double) - other) < 1e-3 * other)
    #expect(settings["ends"] as? String != nil && settings["psf"] as? String == "gaussian")
  }

  @Test("The same bytes come from any number of threads, and from the sidecar")
  func replay() throws {
    let shop = try Workshop()
    try images(in: shop)
    let line = "deblur blurred.tif --psf gaussian:50pm --method tv"
    try shop.done("\(line) --threads 1 --out a.tif")
    try shop.done("\(line) --threads 2 --out b.tif")
    #expect(try shop.bytes("a.tif") == shop.bytes("b.tif"))
    let files = try shop.files()
    #expect(files.contains("a.lambda.csv") && files.contains("a.lambda.svg"))
    try shop.done("replay a.json")
  }

  @Test("A width in pm is one in pixels times the pixel size")
  func units() throws {
    let shop = try Workshop()
    try images(in: shop)
    try shop.done("deblur blurred.tif --psf gaussian:1px --lambda 1e-2 --out a.tif")
    try shop.done("deblur blurred.tif --psf gaussian:50pm --lambda 1e-2 --out b.tif")
    try shop.done(
      "deblur blurred.tif --psf gaussian:0.1nm --pixel-size 0.1 --lambda 1e-2 --out c.tif")
    #expect(try shop.bytes("a.tif").count > 0)
    let difference = try shop.done("compare a.tif b.tif --json").json()
    #expect(try #require(difference["rmse"] as? Double) < 1e-4)
    let other = try shop.done("compare a.tif c.tif --json").json()
    #expect(try #require(other["rmse"] as? Double) < 1e-4)
  }

  @Test("A measured point spread is centred and normalised where it is asked for, and it is said")
  func measured() throws {
    let shop = try Workshop()
    try images(in: shop)
    let row = "0,1,4,6,4,1,0"
    let rows = [0, 1, 4, 6, 4, 1, 0].map { k in
      row.split(separator: ",").map { String((Int($0) ?? 0) * k) }.joined(separator: ",")
    }
    try shop.write(rows.joined(separator: "\n"), to: "psf.csv")
    // The same, one column to the right.
    let moved = rows.map { "0," + $0 + ",0" }.map { "0," + $0.dropLast(2) }
    try shop.write(moved.joined(separator: "\n"), to: "moved.csv")
    let line = "--method tikhonov --lambda 1e-3 --truth sharp.tif"
    let plain = try shop.done(
      "deblur blurred.tif --psf psf.csv --normalise-psf \(line) --out a.tif")
    #expect(plain.err.contains("divided by its sum, 256"))
    let dim = try shop.done("deblur blurred.tif --psf psf.csv \(line) --out d.tif")
    #expect(dim.err.contains("256.0 times fainter") || dim.err.contains("that many times fainter"))
    let centred = try shop.done(
      "deblur blurred.tif --psf moved.csv --centre-psf --normalise-psf \(line) --out b.tif")
    #expect(centred.err.contains("moved by 0, 1 pixels"))
    let difference = try shop.done("compare a.tif b.tif --json").json()
    #expect(try #require(difference["rmse"] as? Double) < 1e-4)
    let shifted = try shop.done(
      "deblur blurred.tif --psf moved.csv --normalise-psf \(line) --out c.tif")
    #expect(shifted.err.contains("shifted"))
  }

  @Test("A volume is deblurred along its planes, too")
  func volume() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out v.tif --quiet")
    try shop.done(
      "deblur v.tif --volume --psf gaussian:0.5px,0.8px,0.8px --lambda 1e-3 --out r.tif")
    let settings = try #require(try shop.sidecar("r.json")["settings"] as? [String: Any])
    #expect(settings["dimensions"] as? Int == 3)
    let wrong = try shop.run("deblur v.tif --psf gaussian:1px,1px,1px --out x.tif")
    #expect(wrong.code == 64)
  }

  @Test(
    "What cannot be is refused in a sentence, and nothing is written",
    arguments: [
      ("--psf gaussian:0px --out x.tif", 64), ("--psf gaussian:wide --out x.tif", 64),
      ("--psf none.tif --out x.tif", 66), ("--psf gaussian:1px --out x.png", 73),
      ("--psf gaussian:1px --out blurred.tif", 64), ("--psf gaussian:1px --out no/x.tif", 73),
      ("--psf gaussian:1px --method naive --lambda 1 --out x.tif", 64),
      ("--psf gaussian:1px --method naive --ends zero --out x.tif", 64),
      ("--psf gaussian:1px --method tv --choose gcv --out x.tif", 64),
      ("--psf gaussian:1px --method tv --choose oracle --out x.tif", 64),
      ("--psf gaussian:1px --gamma 2 --out x.tif", 64),
      ("--psf gaussian:1px --background 2 --out x.tif", 64),
      ("--psf gaussian:1px --noise 2 --lambda 1 --out x.tif", 64),
      ("--psf gaussian:1px --vacuum 0:30,0:10 --out x.tif", 64),
      ("--psf gaussian:1px --truth beads.json --out x.tif", 65),
      ("--psf gaussian:1px --centre-psf --out x.tif", 64),
    ])
  func refused(line: String, code: Int32) throws {
    let shop = try Workshop()
    try images(in: shop)
    let before = try shop.files()
    let outcome = try shop.run("deblur blurred.tif \(line)")
    #expect(outcome.code == code, "\(line): \(outcome.err)")
    #expect(try shop.files() == before)
  }
}
