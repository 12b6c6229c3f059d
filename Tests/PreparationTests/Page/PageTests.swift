import Fields
import Foundation
import Preparation
import TestSupport
import Testing

@Suite struct PageTests {
  @Test("Binning averages squares and leaves out what does not fill one")
  func binning() {
    let page = Image([1, 2, 3, 9, 3, 4, 5, 9, 7, 7, 7, 9].map { Float($0) }, columnCount: 4)
    let small = page.binned(by: 2)
    #expect(small.rowCount == 1 && small.columnCount == 2)
    #expect(small.pixels == [2.5, 6.5])
  }

  @Test("Spikes are those of a brute-force search, and none of the discs' edges")
  func spikes() throws {
    let expected = try goldenFloats("spikes.f32", in: .module).map { Int($0) }
    let found = SpikeSearch().spikes(in: try page("page.f32"))
    #expect(found.map(\.index) == expected)
    #expect(found.filter { !$0.isBright }.map(\.index) == [25 * 40 + 25])
  }

  @Test("A spike of 3 × 3 pixels goes, and what surrounds it stays as it was")
  func cluster() throws {
    var page = try page("clean.f32")
    let clean = page
    for row in 10...12 { for column in 5...7 { page[row, column] = 900 } }
    let cleaned = SpikeSearch().cleaned(page)
    #expect(cleaned.spikes.count == 9)
    for i in page.pixels.indices where page.pixels[i] != 900 {
      #expect(cleaned.page.pixels[i] == clean.pixels[i])
    }
    #expect(cleaned.spikes.allSatisfy { abs($0.surroundings - 10) < 3 })
  }

  @Test("A page where most pixels are one value keeps its few counts")
  func sparse() {
    var page = flat(0, rows: 32, columns: 32)
    for i in stride(from: 0, to: 1024, by: 37) { page.pixels[i] = 1 }
    #expect(SpikeSearch().spikes(in: page).isEmpty)
  }

  @Test("Vacuum is found at the margins although the object reaches one of them")
  func vacuum() throws {
    var page = try page("clean.f32")
    for row in 15..<25 { for column in 0..<20 { page[row, column] = 40 } }
    let level = VacuumLevel(page)
    #expect(abs(level.value - 10) < 0.4)
    #expect(level.deviation > 0.4 && level.deviation < 1.5)
    // Less than half of the margin, but all of one side.
    for row in 0..<18 { for column in 0..<40 { page[row, column] = 60 } }
    #expect(abs(VacuumLevel(page).value - 10) < 0.4)
  }
}
