import Testing

import Alignment

@Suite struct FoldsTests {
  @Test(
    "Every tilt is left out once, by fewer at a time where there are few",
    arguments: [
      (10, 4), (19, 4), (20, 3), (29, 3), (30, 2), (71, 2),
    ])
  func parts(count: Int, parts: Int) {
    // In no order of the angles.
    let tilts = (0..<count).map { Double(($0 * 7) % count) }
    let folds = Folds(tilts)
    #expect(folds.parts.count == parts)
    #expect(folds.parts.flatMap(\.self).sorted() == Array(0..<count))
    for part in folds.parts.indices {
      let (chosen, others) = folds.split(part, tilts)
      #expect((chosen + others).sorted() == Array(0..<count))
      let places = chosen.map { Int(tilts[$0]) }
      #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 == parts })
      #expect(zip(others, others.dropFirst()).allSatisfy { tilts[$0] < tilts[$1] })
    }
  }
}
