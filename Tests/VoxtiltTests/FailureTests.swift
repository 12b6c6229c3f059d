import Foundation
import Testing

/// Each line fails with its code, names the culprit, and leaves the folder as it was.
@Suite struct FailureTests {
  struct Mistake {
    let line: String
    let code: Int32
    let culprit: String

    init(_ line: String, _ code: Int32, _ culprit: String) {
      (self.line, self.code, self.culprit) = (line, code, culprit)
    }
  }

  private static let reconstruct = "reconstruct series.tif --tilts -60:60:30"

  private static let damage = "damage series.tif --tilts -60:60:30"

  static let mistakes = [
    // What is not there, or is something else.
    Mistake("reconstruct none.tif --tilts 0:1:1 --out r.tif", 66, "'none.tif' does not exist"),
    Mistake("reconstruct . --tilts 0:1:1 --out r.tif", 66, "'.'"),
    Mistake("reconstruct empty.tif --tilts 0:1:1 --out r.tif", 65, "'empty.tif' is empty"),
    Mistake("reconstruct short.mrc --tilts -60:60:30 --out r.tif", 65, "'short.mrc'"),
    Mistake("reconstruct notes.txt --tilts 0:1:1 --out r.tif", 65, "'notes.txt'"),
    Mistake("reconstruct beads.json --tilts 0:1:1 --out r.tif", 65, "looks like JSON"),
    Mistake("info notes.txt", 65, "'notes.txt'"),
    Mistake("compare truth.tif none.tif", 66, "'none.tif'"),
    Mistake("compare truth.tif series.tif", 65, "32 × 12 × 28"),
    Mistake("slices none.tif --out s.png", 66, "'none.tif'"),
    Mistake("phantom none.json --out p.tif", 66, "'none.json'"),
    Mistake("phantom . --out p.tif", 66, "'.'"),
    Mistake("phantom notes.txt --out p.tif", 65, "'notes.txt' is not JSON"),
    Mistake("phantom truth.json --out p.tif", 65, "'truth.json'"),
    Mistake("replay truth.json --out again.mrc", 64, "another format"),
    Mistake("replay none.json", 66, "'none.json'"),
    Mistake("replay .", 66, "'.'"),
    Mistake("replay beads.json", 65, "'beads.json' is not a sidecar"),
    Mistake("replay truth.tif", 65, "'truth.tif' is not a sidecar"),
    // Outputs.
    Mistake("\(reconstruct) --out none/r.tif", 73, "the folder 'none' does not exist"),
    Mistake("\(reconstruct) --out notes.txt/r.tif", 73, "'notes.txt/r.tif'"),
    Mistake("\(reconstruct) --out r.xyz", 73, "'r.xyz'"),
    Mistake("\(reconstruct) --out r", 73, "'r'"),
    Mistake("\(reconstruct) --out folder.tif", 73, "'folder.tif'"),
    Mistake("\(reconstruct) --out series.tif", 64, "'series.tif' is an input"),
    Mistake("\(reconstruct) --out ./series.tif", 64, "is an input"),
    Mistake("\(reconstruct) --out link.tif", 64, "is an input"),
    Mistake("\(reconstruct) --out series.mrc", 64, "belongs to the input 'series.tif'"),
    Mistake("\(reconstruct) --out beads.tif", 64, "'beads.json', which is not a sidecar"),
    Mistake("\(reconstruct) --init truth.tif --depth 28 --out truth.tif", 64, "is an input"),
    Mistake("phantom beads.json --out beads.tif", 64, "belongs to the input 'beads.json'"),
    Mistake("simulate beads.json --tilts 0:9:3 --out beads.mrc", 64, "'beads.json'"),
    Mistake("phantom beads.json --out series.mrc", 64, "belongs to 'series.tif'"),
    Mistake("simulate truth.tif --tilts 0:9:3 --out truth.tif", 64, "is an input"),
    Mistake("simulate beads.json --tilts tilts.mrc --out tilts.mrc", 65, "'tilts.mrc'"),
    Mistake("slices truth.tif --out truth.tif", 64, "'truth.tif' is not the name of a PNG"),
    Mistake("slices truth.tif --out none/s.png", 73, "the folder 'none' does not exist"),
    // Tilts.
    Mistake("reconstruct alone.tif --out r.tif", 64, "--tilts"),
    Mistake("reconstruct series.tif --tilts -60:60:20 --out r.tif", 65, "7 tilt angles"),
    Mistake("reconstruct series.tif --tilts -60:60:50 --out r.tif", 64, "'-60:60:50'"),
    Mistake("reconstruct series.tif --tilts -60:60 --out r.tif", 64, "'-60:60'"),
    Mistake("reconstruct series.tif --tilts 0:0:0 --out r.tif", 64, "'0:0:0'"),
    Mistake("reconstruct series.tif --tilts -60:60:1e-9 --out r.tif", 64, "'-60:60:1e-9'"),
    Mistake("reconstruct series.tif --tilts none.tlt --out r.tif", 66, "'none.tlt'"),
    Mistake("reconstruct series.tif --tilts notes.txt --out r.tif", 65, "line 1"),
    Mistake("reconstruct series.tif --tilts radians.tlt --out r.tif", 65, "radians"),
    Mistake("reconstruct series.tif --tilts -60:60:30 --tilt-offset 170 --out r.tif", 64, "200"),
    // Numbers.
    Mistake("\(reconstruct) --iterations 0 --out r.tif", 64, "(got 0)"),
    Mistake("\(reconstruct) --iterations -5 --out r.tif", 64, "(got -5)"),
    Mistake("\(reconstruct) --iterations many --out r.tif", 64, "'many'"),
    Mistake("\(reconstruct) --relaxation 2 --out r.tif", 64, "(got 2"),
    Mistake("\(reconstruct) --relaxation nan --out r.tif", 64, "(got nan"),
    Mistake("\(reconstruct) --noise 0 --out r.tif", 64, "0"),
    Mistake("\(reconstruct) --stop-change -1 --out r.tif", 64, "-1"),
    Mistake("\(reconstruct) --depth 0 --out r.tif", 64, "voxels (got 0)"),
    Mistake("\(reconstruct) --depth 99999999999 --out r.tif", 64, "--depth"),
    Mistake("\(reconstruct) --width -1 --out r.tif", 64, "voxels (got -1)"),
    Mistake("\(reconstruct) --axis-offset nan --out r.tif", 64, "--axis-offset"),
    Mistake("\(reconstruct) --z-offset -1e9 --out r.tif", 64, "1000000000"),
    Mistake("\(reconstruct) --voxel-size -2 --out r.tif", 64, "in nm (got -2"),
    Mistake("\(reconstruct) --threads 0 --out r.tif", 64, "1024 (got 0)"),
    Mistake("\(reconstruct) --threads 9999999999999999 --out r.tif", 64, "--threads"),
    Mistake("\(reconstruct) --max-memory 1M --out r.tif", 64, "the limit is 1 MB"),
    Mistake("\(reconstruct) --max-memory 0 --out r.tif", 64, "--max-memory"),
    Mistake("\(reconstruct) --max-memory lots --out r.tif", 64, "'lots'"),
    Mistake("\(reconstruct) --replace-nonfinite inf --out r.tif", 64, "--replace-nonfinite"),
    Mistake("\(reconstruct) --method fbp --cutoff 2 --out r.tif", 64, "(got 2"),
    Mistake("phantom beads.json --voxel-size -1 --out p.tif", 64, "-1"),
    Mistake("phantom beads.json --size 65536,65536,65536 --out p.tif", 64, "1.1 PB"),
    Mistake("phantom beads.json --size 3,3 --out p.tif", 64, "'3,3'"),
    Mistake(
      "simulate beads.json --tilts -90:90:0.01 --bins 65536 --size 9,65536,9 --out p.tif", 64,
      "309 TB"),
    Mistake("simulate beads.json --tilts 0:9:3 --noise -2% --out p.tif", 64, "'-2%'"),
    Mistake("simulate beads.json --tilts 0:9:3 --counts -5 --out p.tif", 64, "-5"),
    Mistake("simulate beads.json --tilts 0:9:3 --dose 5 --out p.tif", 64, "voxel size"),
    Mistake("simulate beads.json --tilts 0:9:3 --seed -1 --out p.tif", 64, "'-1'"),
    Mistake("slices truth.tif --at 0,12,0 --out s.png", 64, "y = 12"),
    Mistake("slices truth.tif --at -1,0,0 --out s.png", 64, "--at"),
    Mistake("slices truth.tif --limits 1,0 --out s.png", 64, "1,0"),
    Mistake("slices truth.tif --percentiles 5,101 --out s.png", 64, "5,101"),
    Mistake("slices truth.tif --zoom 0 --out s.png", 64, "16 (got 0)"),
    // Options.
    Mistake("\(reconstruct) --out r.tif --windw hann", 64, "--windw"),
    Mistake("\(reconstruct) --out r.tif --window hann", 64, "--window has no effect with"),
    Mistake(
      "\(reconstruct) --out r.tif --method fbp --iterations 5", 64, "--iterations has no effect"),
    Mistake("\(reconstruct) --out r.tif --method fbp --init truth.tif", 64, "--init has no effect"),
    Mistake("\(reconstruct) --out r.tif --method art", 64, "'art'"),
    Mistake("\(reconstruct) --out r.tif --tilt-axis z", 64, "'z'"),
    Mistake("\(reconstruct)", 64, "--out"),
    Mistake("\(reconstruct) --init series.tif --out r.tif", 65, "32 × 12 × 5"),
    Mistake("\(reconstruct) --init none.tif --out r.tif", 66, "'none.tif'"),
    Mistake("simulate beads.json --tilts 0:9:3 --rays strip --out p.tif", 64, "--rays"),
    Mistake("simulate truth.tif --tilts 0:9:3 --size 8,8,8 --out p.tif", 64, "--size"),
    Mistake("simulate beads.json --tilts 0:9:3 --noise 1 --counts 5 --out p.tif", 64, "--counts"),
    Mistake("simulate beads.json --tilts 0:9:3 --read-noise 2 --out p.tif", 64, "--read-noise"),
    Mistake(
      "simulate beads.json --tilts 0:9:3 --counts 5 --read-noise -1 --out p.tif", 64, "-1"),
    Mistake("nonsense", 64, "nonsense"),
    // Dose.
    Mistake("plan --phantom beads.json --dose 1e4 --range 70", 64, "voxel size"),
    Mistake("plan --phantom none.json --dose 1e4 --range 70", 66, "'none.json'"),
    Mistake("plan --dose 1e4 --range 70", 64, "--phantom"),
    Mistake("plan --phantom beads.json --volume truth.tif --dose 1 --range 70", 64, "--volume"),
    Mistake("plan --phantom beads.json --dose 0 --range 70", 64, "(got 0"),
    Mistake("plan --phantom beads.json --dose 1 --range 95", 64, "95"),
    Mistake("plan --phantom beads.json --dose 1 --range 70 --counts 2,5", 64, "(got 2)"),
    Mistake("plan --phantom beads.json --dose 1 --range 70 --counts 5,5", 64, "twice"),
    Mistake("plan --phantom beads.json --dose 1 --range 70 --counts 5;6", 64, "'5;6'"),
    Mistake("plan --phantom beads.json --dose 1 --range 70 --methods fbp,art", 64, "'fbp,art'"),
    Mistake(
      "plan --phantom beads.json --dose 1 --range 70 --repeats 0", 64, "repeats must be between 1"),
    Mistake("plan --volume truth.tif --size 8,8,8 --dose 1 --range 70", 64, "--size"),
    Mistake(
      "plan --phantom beads.json --voxel-size 1 --dose 1 --range 70 --out notes.txt", 73,
      "'notes.txt'"),
    Mistake("\(damage) --order none.txt", 66, "'none.txt'"),
    Mistake("\(damage) --order notes.txt", 65, "line 1"),
    Mistake("\(damage) --order short.order", 65, "3 positions"),
    Mistake("\(damage) --order twice.order", 65, "position 2"),
    Mistake("\(damage) --order far.order", 65, "position 6 for page 5"),
    Mistake("\(damage) --order bare.mdoc", 65, "'bare.mdoc'"),
    Mistake("\(damage) --order good.order --dose -1", 64, "(got -1"),
    Mistake("\(damage) --order good.order --out none/d", 73, "the folder 'none' does not exist"),
    Mistake("\(damage) --order good.order --out series", 64, "belongs to the input 'series.tif'"),
    Mistake("\(damage)", 64, "--order"),
  ]

  @Test("A mistake ends with its code, names the culprit and leaves no file")
  func everyMistake() throws {
    let shop = try Self.furnished()
    for mistake in Self.mistakes {
      let before = try shop.files()
      let outcome = try shop.run(mistake.line)
      #expect(outcome.code == mistake.code, "\(mistake.line): \(outcome.err)")
      #expect(outcome.err.contains(mistake.culprit), "\(mistake.line): \(outcome.err)")
      #expect(outcome.out.isEmpty, "\(mistake.line)")
      #expect(try shop.files() == before, "\(mistake.line)")
    }
  }

  @Test(
    "A dry run refuses what the run would refuse",
    arguments: [
      ("--out series.tif", 64), ("--out none/r.tif", 73), ("--init series.tif --out r.tif", 65),
      ("--max-memory 1M --out r.tif", 64),
    ])
  func dryRun(options: String, code: Int32) throws {
    let shop = try Self.furnished()
    #expect(try shop.run("\(Self.reconstruct) \(options) --dry-run").code == code)
  }

  /// A folder with a truth, a series of five tilts, and what is no stack.
  private static func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out truth.tif --quiet")
    try shop.done("simulate beads.json --tilts -60:60:30 --out series.tif --quiet")
    // No file beside it tells its angles.
    try FileManager.default.copyItem(
      atPath: shop.path("series.tif"), toPath: shop.path("alone.tif"))
    try shop.done("simulate beads.json --tilts -60:60:30 --out short.mrc --quiet")
    try shop.bytes("short.mrc").dropLast(100).write(
      to: URL(fileURLWithPath: shop.path("short.mrc")))
    try shop.done("phantom beads.json --out tilts.mrc --quiet")
    try shop.write("", to: "empty.tif")
    try shop.write("not a picture\n", to: "notes.txt")
    try shop.write("-1.2\n-0.5\n0.1\n0.6\n1.1\n1.3\n", to: "radians.tlt")
    let orders = [
      "short": "1\n2\n3\n", "twice": "1\n2\n2\n4\n5\n", "far": "1\n2\n3\n4\n6\n",
      "good": "1\n2\n3\n4\n5\n",
    ]
    for (name, text) in orders { try shop.write(text, to: "\(name).order") }
    try shop.write(
      (0..<5).map { "[ZValue = \($0)]\nTiltAngle = \($0)\n" }.joined(), to: "bare.mdoc")
    try FileManager.default.createDirectory(
      atPath: shop.path("folder.tif"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: shop.path("link.tif"), withDestinationPath: "series.tif")
    return shop
  }
}
