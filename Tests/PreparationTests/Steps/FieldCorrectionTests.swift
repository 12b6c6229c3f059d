import Fields
import Preparation
import Reconstruction
import Testing

@Suite("FieldCorrection")
struct FieldCorrectionTests {
  private func page(_ values: [Float], columns: Int = 2) -> Image {
    Image(values, columnCount: columns)
  }

  @Test("(p − dark) / (flat − dark), to the bit")
  func both() throws {
    let step = try FieldCorrection(flat: page([5, 9, 3, 17]), dark: page([1, 1, 1, 1]))
    let made = step.apply(to: page([3, 9, 2, -3]), index: 0)
    #expect(made.page == page([0.5, 1, 0.5, -0.25]))
    #expect(made.account.touched == 0 && made.account.level == nil)
    #expect(step.settings["kind"] == .text("flat and dark"))
    #expect(step.settings["deadCount"] == .number(0))
  }

  @Test("A dark field alone is subtracted, a flat one alone divides")
  func single() throws {
    let dark = try FieldCorrection(flat: nil, dark: page([1, 2, 3, -4]))
    #expect(dark.apply(to: page([3, 2, 1, 0]), index: 0).page == page([2, 0, -2, 4]))
    #expect(dark.apply(to: page([3, 2, 1, 0]), index: 0).account.touched == nil)
    let flat = try FieldCorrection(flat: page([1, 2, 4, 8]), dark: nil)
    #expect(flat.apply(to: page([3, 2, 1, 0]), index: 0).page == page([3, 1, 0.25, 0]))
  }

  /// The median of flat − dark is 10, and its tenth 1.
  @Test("Pixels that see no light are counted, named and get the median of the living about them")
  func dead() throws {
    var flat = [Float](repeating: 10, count: 36)
    (flat[7], flat[14], flat[21]) = (0, 1, 1.5)
    let step = try FieldCorrection(flat: page(flat, columns: 6), dark: nil)
    #expect(step.settings["deadCount"] == .number(2))
    #expect(step.settings["firstDead"] == .text("1,1 2,2"))
    let raw = (0..<36).map { flat[$0] * Float($0) }
    let made = step.apply(to: page(raw, columns: 6), index: 0)
    #expect(made.account.touched == 2)
    // The 5 × 5 about (2, 2) and what of it about (1, 1) lies on the page, both without 7 and 14.
    let about14 = [
      0, 1, 2, 3, 4, 6, 8, 9, 10, 12, 13, 15, 16, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28,
    ]
    let about7 = [0, 1, 2, 3, 6, 8, 9, 12, 13, 15, 18, 19, 20, 21]
    #expect(made.page.pixels[14] == Float(about14[11]) && made.page.pixels[7] == Float(about7[7]))
    for i in 0..<36 where i != 7 && i != 14 { #expect(made.page.pixels[i] == Float(i)) }
  }

  @Test("A block of dead pixels wider than 5 is filled from the living about it")
  func block() throws {
    var flat = [Float](repeating: 1, count: 144)
    for row in 0..<6 { for column in 0..<6 { flat[row * 12 + column] = 0 } }
    let step = try FieldCorrection(flat: page(flat, columns: 12), dark: nil)
    let made = step.apply(to: page(flat.map { 7 * $0 }, columns: 12), index: 0)
    #expect(made.page == page([Float](repeating: 7, count: 144), columns: 12))
    #expect(made.account.touched == 36)
  }

  @Test("Fields of other sizes, and a flat that is not brighter than the dark, are refused")
  func refusals() throws {
    let (two, three) = (page([1, 2, 3, 4]), page([1, 2, 3], columns: 3))
    #expect(throws: PreparationError.fieldPair(flat: two.size, dark: three.size)) {
      try FieldCorrection(flat: two, dark: three)
    }
    #expect(throws: PreparationError.noLight(value: -1)) {
      try FieldCorrection(flat: page([1, 1, 1, 1]), dark: page([2, 2, 2, 2]))
    }
    for (flat, dark, option) in [(two, nil, "--flat"), (nil, two, "--dark")] {
      let step = try FieldCorrection(flat: flat, dark: dark)
      #expect(
        throws: PreparationError.fieldSize(option: option, field: two.size, pages: three.size)
      ) {
        try step.size(after: three.size)
      }
    }
  }
}
