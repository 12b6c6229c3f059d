import Foundation
import StackIO
import Testing

/// The folder of the real tilt series beside the package, where it is there.
private let needle: String? = {
  var root = URL(fileURLWithPath: #filePath)
  for _ in 0..<3 { root.deleteLastPathComponent() }
  return ["../shared", "../../shared"].map {
    root.appendingPathComponent("\($0)/data/needle").standardizedFileURL.path
  }.first { FileManager.default.fileExists(atPath: $0) }
}()

private struct Probes: Decodable {
  let places: [[Int]]
  let values: [Float]
  let pageSums: [Double]
}

@Suite("A real tilt series", .enabled(if: needle != nil, "shared/data/needle is not there"))
struct NeedleTests {
  @Test(
    "pixels and sums are those of mrcfile and tifffile",
    arguments: ["needle.mrc", "needle_aligned.tif"])
  func probes(name: String) throws {
    let folder = try #require(needle)
    let stored = try Data(contentsOf: URL(fileURLWithPath: golden("needle.json")))
    let all = try JSONDecoder().decode([String: Probes].self, from: stored)
    let probes = try #require(all[name])
    let (info, values) = try allPages("\(folder)/\(name)")
    #expect(info.shape == StackShape(pageCount: 77, rowCount: 256, columnCount: 256))
    for (place, value) in zip(probes.places, probes.values) {
      #expect(values[(place[0] * 256 + place[1]) * 256 + place[2]] == value)
    }
    for (page, sum) in probes.pageSums.enumerated() {
      let mine = values[page << 16..<(page + 1) << 16].reduce(0.0) { $0 + Double($1) }
      #expect(abs(mine - sum) <= 1e-9 * abs(sum))
    }
  }

  @Test("the FEI header holds the angles of the rawtlt file and the pixel size")
  func header() throws {
    let folder = try #require(needle)
    let info = try StackReader(path: "\(folder)/needle.mrc").info
    let file = try TiltAngles(reading: "\(folder)/needle.rawtlt")
    #expect(info.pixelSize == 3.36 && info.sampleType == .int16)
    let header = try #require(info.tilts)
    #expect(header.degrees == file.degrees)
    try header.checked(pages: 77)
    #expect(try TiltAngles(range: "-76:76:2").degrees == file.degrees)
  }
}
