import Fields
import Foundation
import Plots
import Reporting
import Testing

/// A volume of faint noise, 7 × 5 × 6 voxels along x, y and z, with one voxel marked.
enum Marked {
  static let (x, y, z) = (5, 1, 4)
  static let shape = VolumeShape(width: 7, depth: 6, sliceCount: 5)

  static var volume: Volume {
    var volume = Volume(zeros: shape, voxelSize: 2)
    for z in 0..<6 {
      for y in 0..<5 {
        for x in 0..<7 { volume[x, y, z] = Float((x * 31 + y * 17 + z * 7) % 23) / 100 }
      }
    }
    volume[x, y, z] = 1
    return volume
  }
}

/// What a page says where nothing else is asked for.
func content(
  _ volume: VolumeView = VolumeView(Marked.volume), title: String = "marked.tif"
) -> ReportContent {
  ReportContent(
    title: title, summary: "7 × 5 × 6 voxels",
    keyFacts: KeyFacts(
      tiltRange: KeyFacts.Entry("−70° to 70°"), tiltStep: KeyFacts.Entry("2°"),
      algorithm: KeyFacts.Entry("sirt, 50 iterations"),
      lambda: KeyFacts.Entry("none: this method has no prior"),
      totalDose: KeyFacts.Entry(nil, note: "not in the file")),
    volume: volume,
    provenance: ReportSection("Provenance", anchor: "provenance", [.paragraph("All of it.")]),
    generator: "voxtilt test")
}

func html(_ content: ReportContent) throws -> String {
  String(decoding: try ReportPage(content).html(), as: UTF8.self)
}

/// The word that scripts and styles of a page carry.
func nonce(of page: String) throws -> Substring {
  let start = try #require(page.firstRange(of: " nonce=\"")).upperBound
  return page[start...].prefix { $0 != "\"" }
}
