import Foundation
import MissingWedge
import Plots
import Projection
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("CoverageSummary and CoverageDrawing")
struct CoverageSummaryTests {
  @Test("±70° by 2°: 22.2 % missing from 70° to 110°, 1.309 along the beam")
  func numbers() throws {
    let degrees = tilts(to: 70, step: 2)
    let summary = CoverageSummary(coverage(degrees), degrees: degrees)
    #expect(summary.tiltCount == 71 && summary.tiltRange == [-70, 70])
    #expect(abs(summary.missingFraction - 0.2222) < 1e-4)
    #expect(zip(summary.missingArcs[0], [70, 110]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(abs(try #require(summary.elongation) - 1.309) < 5e-4)
    #expect(abs(try #require(summary.largestStep) - 2) < 1e-9)
  }

  @Test("a single tilt has neither elongation nor resolution: null, not a number")
  func single() throws {
    let data = try JSONEncoder().encode(CoverageSummary(coverage([10]), degrees: [10]))
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(#""elongation":null"#) && text.contains(#""resolutionPerDiameter":null"#))
  }

  @Test(
    "the drawing is SVG with a line per direction and two sectors per hole, titled by its tilts")
  func drawing() throws {
    let degrees =
      Array(stride(from: -60.0, through: -20, by: 4)) + stride(from: 20, through: 60, by: 4)
    let svg = CoverageDrawing(coverage(degrees), degrees: degrees).svg
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse())
    #expect(svg.components(separatedBy: "stroke=\"#0072B2\"").count - 1 == 22)
    #expect(svg.components(separatedBy: "<path").count - 1 == 4)
    #expect(svg.contains("22 tilts, -60° to 60°"))
  }

  @Test("the picture is white where it is sampled and grey along the beam")
  func picture() {
    let picture = Picture(coverage(tilts(to: 70, step: 10)), size: 201)
    let shade = { (x: Int, z: Int) in picture.pixels[(100 + z) * 201 + 100 + x] }
    #expect(shade(0, 80) == shade(0, -80) && shade(0, 80) < 160)
    #expect(shade(80, 7) == 255 && shade(80, 0) == 0)
  }

  private func coverage(_ degrees: [Double]) -> TiltCoverage {
    TiltCoverage(degrees.map { $0 * .pi / 180 })
  }
}
