import Foundation
import Testing

@Suite struct DoseTests {
  @Test("A plan writes its table, its charts and its record, and prints the table")
  func plan() throws {
    let shop = try Workshop()
    let line = """
      plan --phantom beads.json --size 24,8,24 --voxel-size 1 --dose 900 --range 70 --counts 21,7 \
      --methods fbp,sirt --repeats 2 --seed 5 --read-noise 1
      """
    let outcome = try shop.done(line + " --out p")
    #expect(outcome.out.contains("method") && outcome.out.contains("More tilts help where"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: shop.path("p")).sorted()
        == ["plan.csv", "plan.json", "resolution.svg", "rmse.svg"])
    let csv = String(decoding: try shop.bytes("p/plan.csv"), as: UTF8.self)
    #expect(csv.split(separator: "\r\n").count == 5)
    let record = try shop.sidecar("p/plan.json")
    #expect(record["size"] as? [Int] == [24, 8, 24] && record["voxelSize"] as? Double == 1)
    #expect(record["readNoise"] as? Double == 1 && record["seed"] as? Int == 5)
    let cells = try #require(record["cells"] as? [[String: Any]])
    #expect(cells.map { $0["tilts"] as? Int } == [7, 21, 7, 21])
    #expect(cells.map { $0["method"] as? String } == ["fbp", "fbp", "sirt", "sirt"])
    let runs = cells.compactMap { $0["runs"] as? [[String: Any]] }.flatMap(\.self)
    #expect(runs.count == 8 && Set(runs.compactMap { $0["seed"] as? Int }).count == 4)
    #expect(try #require(record["verdicts"] as? [Any]).count == 2)
    // The same again, whatever the number of threads.
    let again = try shop.done(line + " --threads 1 --json").json()
    let errors = try #require(again["cells"] as? [[String: Any]]).map { $0["rmse"] as? Double }
    #expect(errors == cells.map { $0["rmse"] as? Double })
  }

  @Test("λ is chosen for each run of cs and recorded; without read noise a plateau is foretold")
  func lambda() throws {
    let shop = try Workshop()
    try shop.done("phantom beads.json --size 24,8,24 --voxel-size 1 --out t.tif")
    let outcome = try shop.done(
      "plan --volume t.tif --dose 900 --range 60 --counts 15 --methods cs --repeats 2 --json")
    let cells = try #require(try outcome.json()["cells"] as? [[String: Any]])
    let runs = try #require(cells[0]["runs"] as? [[String: Any]])
    #expect(runs.compactMap { $0["lambda"] as? Double }.count == 2)
    #expect(outcome.err.contains("predicts a plateau"))
    #expect(outcome.err.contains("the projector that the methods invert"))
  }

  /// The place of each of 61 pages, every second tilt first.
  private let interleaved = (0..<61).map { $0 % 2 == 0 ? $0 / 2 + 1 : 32 + $0 / 2 }

  @Test("Damage tells a loss of nothing from beads in view, with a chart, a table and a record")
  func damage() throws {
    let shop = try Workshop()
    try shop.done(
      "simulate beads.json --tilts -60:60:2 --voxel-size 1 --bins 48 --dose 1e5 --out s.tif")
    try shop.write(interleaved.map { "\($0)\n" }.joined(), to: "order.txt")
    let line = "damage s.tif --tilts -60:60:2 --order order.txt"
    let outcome = try shop.done(line + " --out d")
    #expect(outcome.out.contains("loss") && outcome.out.contains("(1e+05 electrons/nm²)"))
    #expect(outcome.err.contains("drift of the beam"))
    let record = try shop.sidecar("d.json")
    #expect(record["identifiable"] as? Bool == true)
    #expect(record["method"] as? String == "totalIntensity")
    #expect(record["dose"] as? Double == 1e5 && record["dosesAreKnown"] as? Bool == true)
    let (loss, error) = (record["loss"] as? Double ?? 1, record["standardError"] as? Double ?? 0)
    #expect(abs(loss) < 4 * error && error < 0.01)
    #expect(try #require(record["points"] as? [Any]).count == 61)
    let csv = String(decoding: try shop.bytes("d.csv"), as: UTF8.self)
    #expect(csv.split(separator: "\r\n").count == 62)
    #expect(try shop.bytes("d.svg").starts(with: Data("<svg".utf8)))
    #expect(try shop.done(line + " --json").json()["loss"] as? Double == loss)
  }

  @Test("Three tilts are refused, or told with a warning of their error")
  func threeTilts() throws {
    let shop = try Workshop()
    try shop.write("1\n3\n2\n", to: "order.txt")
    for (noise, isTold) in [("0.001%", true), ("5%", false)] {
      try shop.done(
        "simulate beads.json --tilts -60:60:60 --bins 48 --noise \(noise) --out s.tif --force --quiet"
      )
      let outcome = try shop.done(
        "damage s.tif --order order.txt --vacuum 0 --out d --force")
      #expect(outcome.out.contains("not identifiable") == !isTold)
      let notes = String(decoding: try shop.bytes("d.json"), as: UTF8.self)
      #expect(notes.contains("3 tilts is based on 1 residual:") == isTold)
    }
  }

  @Test("What is not identifiable is said so, with exit code 0")
  func notIdentifiable() throws {
    let shop = try Workshop()
    // Sixteen bins cannot hold beads that stand twelve voxels from the axis.
    try shop.done("simulate beads.json --tilts -60:60:2 --bins 16 --noise 1% --out s.tif")
    try shop.write((1...61).map { "\($0)\n" }.joined(), to: "order.txt")
    let outcome = try shop.done("damage s.tif --tilts -60:60:2 --order order.txt --out d")
    #expect(outcome.out.contains("not identifiable"))
    let record = try shop.sidecar("d.json")
    #expect(record["identifiable"] as? Bool == false && record["loss"] is NSNull)
    #expect((record["obstacle"] as? String)?.contains("smooth function of the tilt") == true)
  }

  @Test("The order comes from the times or the doses of an .mdoc")
  func notes() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:2 --bins 48 --noise 1% --out s.mrc")
    let times = interleaved.enumerated().map { page, place in
      let clock = "\(10 + place / 30):\(10 + place % 30):07"
      return "[ZValue = \(page)]\nTiltAngle = \(2 * page - 60)\nDateTime = 28-Feb-24  \(clock)\n"
    }
    try shop.write(times.joined(), to: "times.mdoc")
    let doses = interleaved.enumerated().map { page, place in
      """
      [ZValue = \(page)]
      TiltAngle = \(2 * page - 60)
      ExposureDose = 2
      PriorRecordDose = \(2 * (place - 1))

      """
    }
    try shop.write(doses.joined(), to: "doses.mdoc")
    for (name, total) in [("times", nil), ("doses", 12200)] as [(String, Double?)] {
      let record = try shop.done("damage s.mrc --tilts -60:60:2 --order \(name).mdoc --json").json()
      let points = try #require(record["points"] as? [[String: Any]])
      #expect(points.map { $0["position"] as? Int } == interleaved, "\(name)")
      #expect(record["dose"] as? Double == total)
    }
  }

  @Test("Read noise is told in the sidecar, and reaches the pixels of the vacuum")
  func readNoise() throws {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -60:60:60 --counts 50 --read-noise 4 --out s.tif")
    let noise = try #require(try shop.sidecar("s.json")["noise"] as? [String: Any])
    #expect(noise["readNoise"] as? Double == 4 && noise["kind"] as? String == "poisson")
    try shop.done("simulate beads.json --tilts -60:60:60 --counts 50 --out q.tif")
    let quiet = try #require(try shop.sidecar("q.json")["noise"] as? [String: Any])
    #expect(quiet["readNoise"] == nil)
    #expect(try shop.bytes("s.tif") != shop.bytes("q.tif"))
  }
}
