import Foundation
import Testing

/// What commands say of memory before they read a page.
@Suite struct MemoryNeedTests {
  struct Line: CustomTestStringConvertible {
    let words: String
    let work: String
    var before: [String] = []

    init(_ words: String, _ work: String, after before: String...) {
      (self.words, self.work, self.before) = (words, work, before)
    }
    var testDescription: String { words }
  }

  private static let volume = "phantom beads.json --out v.tif"
  private static let series = "simulate beads.json --tilts -60:60:10 --out s.tif"
  private static let image =
    "simulate beads.json --tilts 0:0:1 --counts 9 --counts-as counts --out i.tif"
  private static let result =
    "reconstruct s.tif --tilts -60:60:10 --depth 28 --method fbp --out r.tif"
  private static let spectra =
    "simulate particle.json --spectral --tilts -60:60:30 --counts 4 --size 16,8,16 --out counts"
  private static let channels =
    "spectra reconstruct counts --method fbp --energies 500:540 --out volumes"

  static let lines = [
    Line("check s.tif --tilts -60:60:10 --picture n.svg", "The check", after: series),
    Line(
      "prepare s.tif --tilts -60:60:10 --hot-pixels --out n.tif", "The preparation", after: series),
    Line("align s.tif --tilts -60:60:10 --out n.tif", "The alignment", after: series),
    Line("fuse --haadf i.tif --map Au=i.tif --out n.tif", "Fusion", after: image),
    Line(
      "fuse --haadf s.tif --map Au=s.tif --tilts -60:60:10 --out n.tif", "Fusion", after: series),
    Line("spectra maps counts --elements O --out n", "The element maps", after: spectra),
    Line("spectra denoise counts --out n", "Denoising", after: spectra),
    Line(
      "spectra reconstruct counts --method fbp --threads 1 --out n", "One channel", after: spectra),
    Line(
      "spectra reconstruct counts --method cs --joint nuclear --out n", "Sharing edges",
      after: spectra),
    Line(
      "spectra extract volumes --box 1:3,1:3,1:3 --out n.csv", "The extraction", after: spectra,
      channels),
    Line("deblur i.tif --psf gaussian:1px --out n.tif", "The deblurring", after: image),
    Line("deblur v.tif --psf gaussian:1px --volume --out n.tif", "The deblurring", after: volume),
    Line("deblur signal y.csv --psf gaussian:1px --out n.csv", "Deblurring this signal"),
    Line(
      "spectrum y.csv --method background --edge 20 --window 1:15 --out n.csv", "The spectrum"),
    Line("slices v.tif --out n.png", "Drawing slices", after: volume),
    Line("slices v.tif --sequence n/ --along y", "The sequence", after: volume),
    Line("compare v.tif v.tif", "The comparison", after: volume),
    Line("quality r.tif --out n", "Measuring two halves", after: series, result),
    Line("fsc v.tif v.tif --out n", "The correlation", after: volume),
    Line("wedge --tilts -60:60:10 --out n", "The coverage"),
    Line("wedge --tilts -60:60:10 --write-mask n.tif --size 999,999,9", "The mask"),
    Line("wedge --tilts -60:60:10 --method fbp --size 97,97,97 --out n", "The probes"),
    Line("wedge v.tif --tilts -60:60:10 --out n.tif", "The split", after: volume),
    Line("wedge --demo --out n", "The demonstration"),
    Line("phantom beads.json --out n.tif", "The phantom"),
    Line("simulate beads.json --tilts -60:60:10 --out n.tif", "The series"),
    Line("simulate v.tif --tilts -60:60:10 --out n.tif", "The series", after: volume),
    Line(
      "simulate particle.json --spectral --tilts -60:60:30 --counts 4 --out n", "The spectrum image"
    ),
    Line(
      "plan --phantom beads.json --voxel-size 1 --dose 1e4 --range 60 --counts 5 --methods fbp --out n",
      "The plan"),
    Line(
      "damage s.tif --tilts -60:60:10 --order order.txt --out n", "The survey of damage",
      after: series),
    Line("report r.tif --quick --out n.html", "The report", after: series, result),
  ]

  private func makeShop(_ before: [String] = []) throws -> Workshop {
    let shop = try Workshop()
    let scene = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../phantoms/spectral/particle.json").standardized
    try shop.write(String(contentsOf: scene, encoding: .utf8), to: "particle.json")
    try shop.write((1...13).map { "\($0)\n" }.joined(), to: "order.txt")
    try shop.write("1\n", to: "one.txt")
    try shop.write((1...40).map { "\($0),\(50 - $0)\n" }.joined(), to: "y.csv")
    for line in before { try shop.done("\(line) --quiet") }
    return shop
  }

  @Test(
    "--dry-run says what a command needs and writes nothing; a byte less is refused",
    arguments: lines)
  func need(line: Line) throws {
    let shop = try makeShop(line.before)
    let files = try shop.files()
    let told = try shop.done("\(line.words) --dry-run --json").json()["memoryBytes"] as? Int
    let need = try #require(told)
    #expect(need > 30_000_000)
    let people = try shop.done("\(line.words) --dry-run --max-memory \(need)")
    #expect(people.out.hasPrefix("memory       "))
    for more in ["--max-memory \(need - 1)", "--max-memory \(need - 1) --dry-run"] {
      let refused = try shop.run("\(line.words) \(more)")
      #expect(refused.code == 64 && refused.out.isEmpty)
      #expect(refused.err.hasPrefix("voxtilt: \(line.work)"))
      #expect(refused.err.contains("Raise --max-memory, or "))
    }
    #expect(try shop.files() == files)
  }

  @Test(
    "A small file that unpacks to a large page is refused before it is unpacked",
    arguments: [
      "check bomb.tif --tilts 0:0:1", "prepare bomb.tif --tilts 0:0:1 --out n.tif",
      "align bomb.tif --tilts 0:0:1 --out n.tif", "deblur bomb.tif --psf gaussian:1px --out n.tif",
      "slices bomb.tif --out n.png", "slices bomb.tif --sequence n/", "compare bomb.tif bomb.tif",
      "fsc bomb.tif bomb.tif", "wedge bomb.tif --tilts 0:0:1 --out n.tif",
      "simulate bomb.tif --tilts 0:0:1 --out n.tif",
      "damage bomb.tif --tilts 0:0:1 --order one.txt",
      "fuse --haadf bomb.tif --map Au=bomb.tif --out n.tif",
    ])
  func bomb(line: String) throws {
    let shop = try makeShop()
    try bombFile().write(to: shop.folder.appendingPathComponent("bomb.tif"))
    let refused = try shop.run("\(line) --max-memory 200M")
    #expect(refused.code == 64)
    #expect(refused.err.contains("the limit is 200 MB"))
  }

  /// 8192 × 8192 zeros of 8 bits in one PackBits strip of 1 MB: 268 MB as floats.
  private func bombFile() -> Data {
    let side: UInt32 = 8192
    let strip = Data(
      [UInt8](repeating: 0, count: 1 << 20).enumerated().map { $0.offset % 2 == 0 ? 0x81 : 0 })
    var data = Data([0x49, 0x49, 42, 0, 8, 0, 0, 0, 9, 0])
    let tags: [(tag: UInt16, type: UInt16, value: UInt32)] = [
      (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 32773), (262, 3, 1), (273, 4, 122),
      (277, 3, 1), (278, 4, side), (279, 4, UInt32(strip.count)),
    ]
    func add(_ value: UInt32, bytes: Int) {
      for i in 0..<bytes { data.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
    }
    for entry in tags {
      add(UInt32(entry.tag), bytes: 2)
      add(UInt32(entry.type), bytes: 2)
      add(1, bytes: 4)
      add(entry.value, bytes: 4)
    }
    add(0, bytes: 4)
    return data + strip
  }

  @Test("A signal of 20 000 samples is refused where its dense operator does not fit")
  func longSignal() throws {
    let shop = try makeShop()
    try shop.write((0..<20_000).map { "\($0),1\n" }.joined(), to: "long.csv")
    let refused = try shop.run(
      "deblur signal long.csv --psf gaussian:3px --max-memory 4G --out n.csv")
    #expect(refused.code == 64)
    #expect(refused.err.contains("Deblurring this signal needs 38 GB of memory"))
  }

  @Test(
    "A point spread wider than 1000 samples is refused", arguments: ["1e6px", "1e300px", "1001px"])
  func wideSpread(width: String) throws {
    let shop = try makeShop()
    let refused = try shop.run("deblur signal y.csv --psf gaussian:\(width) --out n.csv")
    #expect(refused.code == 64)
    #expect(refused.err.contains("must be above 0 and at most 1000"))
  }

  @Test("Thousands of tilts are counted before they are simulated")
  func manyTilts() throws {
    let shop = try makeShop()
    let line = "simulate beads.json --tilts 0:89:0.001 --out n.tif"
    let told = try shop.done("\(line) --dry-run --json").json()["memoryBytes"] as? Int
    #expect(try #require(told) > 89_001 * 32 * 32 * 4)
    #expect(try shop.run("\(line) --max-memory 300M").code == 64)
  }
}
