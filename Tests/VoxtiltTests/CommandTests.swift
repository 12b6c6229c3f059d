import Fields
import Foundation
import Records
import Testing
import Workflow

@Suite struct CommandTests {
  @Test("A phantom, its series, two reconstructions, measures and a picture come one after another")
  func wholeWalk() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out truth.tif --quiet")
    try shop.done(
      "simulate beads.json --tilts -70:70:5 --noise 1% --seed 3 --out series.mrc --quiet")
    try shop.done(
      "reconstruct series.mrc --tilts -70:70:5 --method fbp --window hann --depth 28 --out fbp.tif")
    try shop.done(
      """
      reconstruct series.mrc --angles -70:70:5 --iterations 30 --non-negative --relaxation 1.5 \
      --depth 28 --out sirt.tif
      """)
    for name in ["fbp", "sirt"] {
      let measures = try shop.done("compare \(name).tif truth.tif --fit-scale --json").json()
      #expect(try #require(measures["nrmse"] as? Double) < 0.7, "\(name)")
      #expect(try #require(measures["ssim"] as? Double) > 0.6, "\(name)")
    }
    try shop.done("slices truth.tif fbp.tif sirt.tif --zoom 2 --out slices.png")
    #expect(try shop.bytes("slices.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(
      try shop.files() == [
        "beads.json", "fbp.json", "fbp.tif", "series.json", "series.mrc", "sirt.json", "sirt.tif",
        "slices.png", "truth.json", "truth.tif",
      ])
  }

  @Test("A volume file is projected too, and a mask limits what is compared")
  func volumesAndMasks() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --voxel-size 0.5 --out truth.mrc")
    try shop.done("simulate truth.mrc --tilts -60:60:4 --rays strip --dose 1e4 --out series.tif")
    let sidecar = try shop.sidecar("series.json")
    #expect((sidecar["dose"] as? [String: Any])?["total"] as? Double == 1e4)
    let input = try #require((sidecar["inputs"] as? [[String: Any]])?.first)
    #expect(input["shape"] as? [Int] == [28, 12, 32] && input["voxelSize"] as? Double == 0.5)
    let whole = try shop.done("compare truth.mrc truth.mrc --json").json()
    #expect(whole["voxelCount"] as? Int == 28 * 12 * 32 && whole["psnr"] is NSNull)
    let part = try shop.done("compare truth.mrc truth.mrc --mask truth.mrc --json").json()
    #expect(try #require(part["voxelCount"] as? Int) < 28 * 12 * 32 / 4)
  }

  @Test(
    "--json prints exactly one object, whatever else is said",
    arguments: [
      "phantom beads.json --out b.tif", "simulate beads.json --tilts 0:80:20 --out b.tif",
      "info series.tif", "reconstruct series.tif --tilts -60:60:6 --iterations 3 --out b.tif",
      "reconstruct series.tif --tilts -60:60:6 --method fbp --out b.tif --dry-run",
      "compare truth.tif truth.tif", "slices truth.tif --out b.png",
      "replay truth.json",
      "report truth.tif", "slices truth.tif --sequence b",
    ])
  func jsonIsPure(line: String) throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out truth.tif --json")
    try shop.done("simulate beads.json --tilts -60:60:6 --out series.tif")
    let outcome = try shop.done(line + " --json")
    #expect(try !outcome.json().isEmpty)
    #expect(outcome.out.filter { $0 == "\n" }.count == 1)
  }

  @Test("--quiet says nothing at all where all is well")
  func quiet() throws {
    let shop = try Workshop()
    for line in [
      "phantom beads.json --out truth.tif", "simulate beads.json --tilts 60:-60:6 --out s.tif",
      "reconstruct s.tif --tilts 60:-60:6 --out r.tif", "slices r.tif --out r.png", "replay r.json",
      "report r.tif", "slices r.tif --sequence r/",
    ] {
      let outcome = try shop.done(line + " --quiet")
      #expect(outcome.out + outcome.err == "", "\(line)")
    }
  }

  @Test(
    "The help of each command shows two examples",
    arguments: [
      "phantom", "simulate", "info", "reconstruct", "compare", "slices", "replay", "plan",
      "damage", "lab", "wedge", "quality", "fsc", "report", "deblur", "spectrum",
    ])
  func help(command: String) throws {
    let text = try Workshop().done("\(command) --help").out
    #expect(text.components(separatedBy: "  voxtilt \(command) ").count >= 3)
  }

  @Test(
    "Reconstruct knows its long options",
    arguments: [
      "--tilts", "--angles", "--tilt-axis", "--method", "--iterations", "--non-negative",
      "--relaxation", "--depth", "--voxel-size", "--window", "--init", "--noise", "--axis-offset",
      "--z-offset", "--tilt-offset", "--flip-tilts", "--out", "--threads", "--max-memory",
      "--dry-run",
      "--quiet", "--json", "--report",
    ])
  func longOptions(option: String) throws {
    #expect(try Workshop().done("reconstruct --help").out.contains(option))
  }

  @Test("The version and the help go to standard output, with code 0")
  func version() throws {
    let shop = try Workshop()
    #expect(try shop.done("--version").out.hasPrefix("voxtilt \(Build.version)"))
    #expect(try shop.done("--help").out.contains("reconstruct"))
  }

  @Test("A dry run writes nothing and tells volume, memory and time")
  func dryRun() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:6 --out series.tif")
    let before = try shop.files()
    let plan = try shop.done(
      "reconstruct series.tif --tilts -60:60:6 --depth 20 --out r.tif --dry-run --json"
    ).json()
    #expect(plan["volume"] as? [Int] == [32, 12, 20] && plan["tilts"] as? Int == 21)
    #expect(try #require(plan["memoryBytes"] as? Int) > 20 << 20)
    #expect(try #require(plan["estimatedSeconds"] as? Double) > 0)
    #expect(try shop.files() == before)
  }

  @Test("Odd tilts are noted on standard error and in the sidecar; the tilt file is an input")
  func warnings() throws {
    let shop = try Workshop()
    try shop.write("-60\n-30\n0\n0\n60\n30\n", to: "odd.rawtlt")
    try shop.done("simulate beads.json --tilts odd.rawtlt --out series.tif")
    let outcome = try shop.done("reconstruct series.tif --tilts odd.rawtlt --out r.tif")
    #expect(outcome.err.contains("note: Tilts 3 and 4 are both 0"))
    let sidecar = try shop.sidecar("r.json")
    #expect((sidecar["warnings"] as? [String])?.count == 2)
    let inputs = try #require(sidecar["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["path"] as? String } == ["series.tif", "odd.rawtlt", "series.json"])
    #expect(inputs[1]["shape"] is NSNull)
    #expect((sidecar["geometry"] as? [String: Any])?["tiltStep"] is NSNull)
  }

  @Test("Dose comes from the sidecar of a simulated series, or from the .mdoc")
  func dose() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -60:60:60 --voxel-size 1 --dose 3e4 --out series.mrc")
    try shop.done("reconstruct series.mrc --tilts -60:60:60 --iterations 1 --out r.mrc")
    let dose = try #require(try shop.sidecar("r.json")["dose"] as? [String: Any])
    #expect(dose["total"] as? Double == 3e4 && dose["unit"] as? String == "electrons/nm²")
    let noise = try #require(try shop.sidecar("r.json")["noise"] as? [String: Any])
    #expect(noise["kind"] as? String == "poisson")
    // A sidecar that was written with another stack tells nothing of this one.
    try shop.bytes("r.mrc").write(to: URL(fileURLWithPath: shop.path("s.mrc")))
    try shop.bytes("series.json").write(to: URL(fileURLWithPath: shop.path("s.json")))
    try shop.done("reconstruct s.mrc --tilts 0:31:1 --iterations 1 --out t.mrc")
    #expect(try shop.sidecar("t.json")["dose"] is NSNull)

    try shop.done("simulate beads.json --tilts -60:60:60 --out bare.mrc")
    let sections = [-60, 0, 60].enumerated().map {
      "[ZValue = \($0)]\nTiltAngle = \($1)\nExposureDose = 2.5\n"
    }
    try shop.write(
      "PixelSpacing = 5\nImageFile = bare.mrc\n\n" + sections.joined(separator: "\n"),
      to: "bare.mrc.mdoc")
    try shop.done("reconstruct bare.mrc --iterations 1 --out m.mrc")
    let sidecar = try shop.sidecar("m.json")
    let told = try #require(sidecar["dose"] as? [String: Any])
    #expect(told["total"] as? Double == 7.5 && told["unit"] as? String == "electrons/Å²")
    #expect((sidecar["output"] as? [String: Any])?["voxelSize"] as? Double == 0.5)
    let inputs = (sidecar["inputs"] as? [[String: Any]])?.compactMap { $0["path"] as? String }
    #expect(inputs == ["bare.mrc", "bare.json", "bare.mrc.mdoc"])
  }

  @Test("Values that are not finite are refused with count and place, and replaced on request")
  func nonFinite() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:60 --out series.mrc")
    var bytes = try shop.bytes("series.mrc")
    let last = bytes.count - 4  // the top row of page 3, its last column
    bytes.replaceSubrange(last..., with: [0, 0, 0xC0, 0x7F])
    try bytes.write(to: URL(fileURLWithPath: shop.path("holes.mrc")))
    let refused = try shop.run("reconstruct holes.mrc --tilts -60:60:60 --out r.tif")
    #expect(refused.code == 65)
    #expect(refused.err.contains("'holes.mrc' contains 1 values"))
    #expect(refused.err.contains("page 3, row 1, column 32"))
    #expect(refused.err.contains("--replace-nonfinite"))
    #expect(try !shop.files().contains("r.tif"))
    try shop.done(
      "reconstruct holes.mrc --tilts -60:60:60 --replace-nonfinite -0.5 --iterations 2 --out r.tif")
  }
}
