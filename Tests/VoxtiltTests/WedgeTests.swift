import SeriesIO
import Fields
import Foundation
import Testing
import Workflow

@Suite struct WedgeTests {
  @Test("Coverage in numbers and pictures, with the resolution of an object in its own unit")
  func coverage() throws {
    let shop = try Workshop()
    let facts = try shop.done("wedge --tilts -70:70:2 --diameter 50 --out cov --json").json()
    let coverage = try #require(facts["coverage"] as? [String: Any])
    #expect(abs(try #require(coverage["missingFraction"] as? Double) - 0.2222) < 1e-4)
    #expect(abs(try #require(coverage["elongation"] as? Double) - 1.309) < 5e-4)
    let resolution = try #require(facts["resolution"] as? Double)
    #expect(abs(resolution - 50 * Double.pi / 90) < 1e-9)
    #expect(try shop.bytes("cov.coverage.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(String(decoding: try shop.bytes("cov.coverage.svg"), as: UTF8.self).hasPrefix("<svg"))
    #expect(try shop.done("wedge --tilts -70:70:2").out.contains("22.2 %, from 70° to 110°"))
  }

  @Test("A method's blob and sphere, with profiles, charts and slices")
  func probes() throws {
    let shop = try Workshop()
    let facts = try shop.done(
      "wedge --tilts -60:60:5 --method fbp --size 49,49,49 --radius 8 --out p --json"
    ).json()
    let probes = try #require(facts["probes"] as? [[String: Any]])
    #expect(probes.map { $0["probe"] as? String } == ["blob, σ 3.0", "sphere, R 8.0"])
    #expect(try #require(probes[0]["elongation"] as? Double) > 1.4)
    #expect(probes[1]["elongation"] is NSNull)
    let profile = String(decoding: try shop.bytes("p.blob.csv"), as: UTF8.self)
    #expect(profile.hasPrefix("offset,x,y,z\r\n-24"))
    #expect(try ["p.sphere.svg", "p.sphere.png"].allSatisfy(shop.files().contains))
  }

  @Test("The inferred part of a volume takes its tilts from the sidecar and is replayed bit by bit")
  func split() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out truth.tif --quiet")
    try shop.done("simulate beads.json --tilts -60:60:5 --out s.tif --quiet")
    try shop.done(
      "reconstruct s.tif --tilts -60:60:5 --method fbp --depth 28 --out v.tif --quiet")
    let facts = try shop.done("wedge v.tif --truth truth.tif --out i.tif --json").json()
    let coverage = try #require(facts["coverage"] as? [String: Any])
    #expect(abs(try #require(coverage["missingFraction"] as? Double) - 1.0 / 3) < 1e-9)
    let shares = try ["energy", "error"].map { key in
      let split = try #require(facts[key] as? [String: Any])
      return try #require((split["all"] as? [String: Any])?["missingFraction"] as? Double)
    }
    // Back-projection infers nothing, so that most of its error lies in the wedge.
    #expect(shares[0] < 0.1 && shares[1] > 0.5, "\(shares)")
    #expect(try ["i.energy.csv", "i.energy.svg", "i.json"].allSatisfy(shop.files().contains))
    let before = try shop.bytes("i.tif")
    try shop.done("replay i.json --out again.tif")
    #expect(try shop.bytes("again.tif") == before)
  }

  @Test("A mask is 1 in the middle and across the beam, and 0 along it")
  func mask() throws {
    let shop = try Workshop()
    try shop.done("wedge --tilts -70:70:2 --write-mask m.tif --size 16,4,20 --quiet")
    let mask = try readVolume(shop.path("m.tif")).volume
    #expect(mask.shape == VolumeShape(width: 16, depth: 20, sliceCount: 4))
    for y in 0..<4 {
      #expect(mask[8, y, 10] == 1 && mask[15, y, 10] == 1)
      #expect(mask[8, y, 19] == 0 && mask[8, y, 0] == 0)
    }
    try shop.done("wedge --tilts -70:70:2 --write-mask soft.tif --size 16,4,20 --soft 20 --quiet")
    let soft = try readVolume(shop.path("soft.tif")).volume
    let values = (0..<20).flatMap { z in (0..<16).map { soft[$0, 0, z] } }
    #expect(values.contains { $0 > 0.1 && $0 < 0.9 })
  }

  @Test("The demonstration leaves its figures, and says how much is hidden")
  func demo() throws {
    let shop = try Workshop()
    let facts = try shop.done("wedge --demo --out demo --json").json()
    #expect(try #require(facts["twinDifference"] as? Double) < 1e-3)
    #expect(try #require(facts["lamellaVisibility"] as? Double) < 0.02)
    #expect(try #require(facts["reconstructedDifference"] as? Double) < 0.05)
    #expect(try #require(facts["reconstructedDifferenceTurned"] as? Double) > 0.5)
    for file in try #require(facts["files"] as? [String]) { #expect(try !shop.bytes(file).isEmpty) }
  }

  @Test(
    "What cannot be done is refused with its cure",
    arguments: [
      ("wedge", 64, "--tilts"), ("wedge --demo", 64, "--out FOLDER"),
      ("wedge --demo --tilts -90:88:2 --out d", 64, "limited range"),
      ("wedge nothing.tif --out i.tif", 66, "nothing.tif"),
      ("wedge --tilts -70:70:2 --truth t.tif", 64, "--truth has no effect here"),
      ("wedge --tilts -70:70:2 --method fbp --size 32,32,32", 64, "odd number"),
      ("wedge --tilts -70:70:2 --method fbp --iterations 3", 64, "--iterations has no effect"),
      ("wedge --tilts -70:70:2 --iterations 3", 64, "requires --method"),
      ("wedge --tilts -70:70:2 --write-mask m.tif", 64, "--size"),
      ("wedge --tilts -70:70:2 --out no/such/name", 73, "no/such"),
    ])
  func refused(line: String, code: Int32, words: String) throws {
    let shop = try Workshop()
    let outcome = try shop.run(line)
    #expect(outcome.code == code, "\(outcome.err)")
    #expect(outcome.err.contains(words), "\(outcome.err)")
    #expect(try shop.files() == ["beads.json"])
  }

  @Test("A volume without a sidecar needs its tilts")
  func noTilts() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --out v.tif --quiet")
    let outcome = try shop.run("wedge v.tif --out i.tif")
    #expect(outcome.code == 64 && outcome.err.contains("--tilts"))
    try shop.done("wedge v.tif --tilts -60:60:5 --out i.tif")
  }
}
