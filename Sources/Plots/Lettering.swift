/// A bitmap font of 5 × 7 pixels for printable ASCII and µ, °, ×.
enum Lettering {
  /// From the top of a capital to the base line; g, p, q, y and µ reach two pixels deeper.
  static let height = 7
  /// From one character to the next, a pixel of space included.
  static let advance = 6

  /// Pixels of `text`, without the space behind the last character.
  static func width(of text: String, scale: Int = 1) -> Int {
    max(0, text.count * advance - 1) * scale
  }

  /// The rows of a character from the top; of a row the bit of value 16 is the leftmost pixel.
  static func rows(of character: Character) -> [UInt8] {
    character == " " ? Array(repeating: 0, count: height) : glyphs[character] ?? unknown
  }

  /// Rows by which a character hangs below the others.
  static func drop(of character: Character) -> Int { "gpqyµ".contains(character) ? 2 : 0 }

  private static let unknown: [UInt8] = [31, 17, 17, 17, 17, 17, 31]

  /// Each word is a character and its rows from the top, one base-32 digit a row.
  private static let glyphs: [Character: [UInt8]] = {
    let words = #"""
      AEHHVHHH BUHHUHHU CEHGGGHE DUHHHHHU EVGGUGGV FVGGUGGG GEHGNHHF HHHHVHHH IE44444E
      J72222IC KHIKOKIH LGGGGGGV MHRLLHHH NHHPLJHH OEHHHHHE PUHHUGGG QEHHHLID RUHHUKIH
      SFGGE11U TV444444 UHHHHHHE VHHHHHA4 WHHHLLLA XHHA4AHH YHHHA444 ZV1248GV
      a00E1FHF bGGMPHHU c00EGGHE d11DJHHF e00EHVGE f698S888 gFHHHF1E hGGMPHHH i40C444E
      j20622IC kGGIKOKI lC44444E m00QLLHH n00MPHHH o00EHHHE pUHHHUGG qFHHHF11 r00MPGGG
      s00FGE1U t88S8896 u00HHHJD v00HHHA4 w00HHLLA x00HA4AH yHHHHF1E z00V248V
      0EHJLPHE 14C4444E 2EH1248V 3V2421HE 426AIV22 5VGU11HE 668GUHHE 7V124888 8EHHEHHE
      9EHHF12C !4444004 "AAA0000 #AAVAVAA $4FKE5U4 %OP248J3 &CIK8LID '4480000 (2488842
      )8422248 *04LEL40 +044V440 ,0000C48 -000V000 .00000CC /01248G0 :0CC0CC0 ;0CC0C48
      <248G842 =00V0V00 >8421248 ?EH12404 @EH1DLLE [E88888E \0G84210 ]E22222E ^4AH0000
      _000000V `8420000 {2448442 |4444444 }8442448 ~008L200 µHHHJTGG °CIIC000 ×0HA4AH0
      """#
    return words.split(whereSeparator: \.isWhitespace).reduce(into: [:]) { glyphs, word in
      guard let character = word.first else { return }
      glyphs[character] = word.dropFirst().compactMap { UInt8(String($0), radix: 32) }
    }
  }()
}

extension Picture {
  /// Writes `text` with its top left pixel at (row, column).
  mutating func write(_ text: String, row: Int, column: Int, scale: Int = 1, shade: UInt8) {
    for (place, character) in text.enumerated() {
      let left = column + place * Lettering.advance * scale
      let top = row + Lettering.drop(of: character) * scale
      for (y, bits) in Lettering.rows(of: character).enumerated() {
        for x in 0..<5 where bits & (16 >> UInt8(x)) != 0 {
          fill(
            columns: left + x * scale..<left + (x + 1) * scale,
            rows: top + y * scale..<top + (y + 1) * scale, shade: shade)
        }
      }
    }
  }
}
