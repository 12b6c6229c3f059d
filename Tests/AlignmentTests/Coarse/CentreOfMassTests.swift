import Fields
import Testing

import Alignment

@Suite struct CentreOfMassTests {
  private func page(_ value: (Int, Int) -> Float) -> Image {
    Image((0..<32).flatMap { row in (0..<48).map { value(row, $0) } }, columnCount: 48)
  }

  @Test("The centre of a bar on a sloping background is found")
  func bar() throws {
    let found = try #require(
      centreOfMass(page { _, column in (28...31).contains(column) ? 10 : 0 }))
    #expect(abs(found - (29.5 - 23.5)) < 1e-9)
    let sloping = try #require(
      centreOfMass(
        page { _, column in 0.1 * Float(column) + ((28...31).contains(column) ? 10 : 0) }))
    #expect(abs(sloping - 6) < 1e-4)
  }

  @Test("A page without mass has no centre")
  func empty() {
    #expect(centreOfMass(page { _, _ in 3 }) == nil)
    #expect(centreOfMass(page { row, column in (row + column) % 2 == 0 ? 1 : -1 }) == nil)
  }
}
