import Testing

import Alignment

@Suite struct CommonLinesTests {
  @Test("Shifts along the axis are found from profiles, to a tenth of a pixel")
  func shifts() throws {
    let scene = try Scene(largest: 4)
    let found = CommonLines(scene.pages, from: 14, reach: 14).shifts
    let rest = zip(scene.truth, found).map { $0.along + $1 }
    let middle = rest.reduce(0, +) / Double(rest.count)
    #expect(rest.map { abs($0 - middle) }.max() ?? 9 < 0.3)
    let rms = rest.map { ($0 - middle) * ($0 - middle) }.reduce(0, +) / Double(rest.count)
    #expect(rms.squareRoot() < 0.1)
  }
}
