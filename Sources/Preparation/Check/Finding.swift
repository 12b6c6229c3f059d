/// What one check found.
package struct Finding: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case angles, tiltAxis, pageOrder, values, blank, duplicate, saturation, spikes, deadLines
    case exposure, drift, sharpness, alignment, field, vacuum, contrast, pixelSize, noise
  }

  /// How grave it is. Only a fault makes a series unfit.
  package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case passed, note, warning, fault

    package static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  package let kind: Kind
  package let verdict: Verdict
  /// What was found, in one sentence.
  package let words: String
  /// What helps; `nil` where nothing needs to.
  package let cure: String?
  /// The pages that it is about, from 1.
  package var pages: [Int] = []
  /// What the verdict rests on, and the limit that it was held against.
  package var score: Double?
  package var limit: Double?

  package init(
    _ kind: Kind, _ verdict: Verdict, _ words: String, cure: String? = nil
  ) {
    (self.kind, self.verdict, self.words, self.cure) = (kind, verdict, words, cure)
  }

  func on(_ pages: [Int]) -> Finding {
    var copy = self
    copy.pages = pages
    return copy
  }

  func scored(_ score: Double, limit: Double? = nil) -> Finding {
    var copy = self
    (copy.score, copy.limit) = (score, limit)
    return copy
  }
}

/// `page 3`, `pages 3, 5 and 7`, `pages 1, 2, 3, 4, 5, 6 and 12 more`; pages from 1.
func pageWords(_ pages: [Int]) -> String {
  guard pages.count > 1 else { return "page \(pages.first ?? 0)" }
  let shown = pages.count > 8 ? Array(pages.prefix(6)) : pages
  let rest = pages.count - shown.count
  let last = rest > 0 ? "\(rest) more" : "\(shown[shown.count - 1])"
  let others = rest > 0 ? shown : Array(shown.dropLast())
  return "pages \(others.map { "\($0)" }.joined(separator: ", ")) and \(last)"
}

/// Three significant digits; from a million on, and below a ten-thousandth, with an exponent.
package func short(_ value: Double) -> String {
  guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
  var (digits, exponent) = (abs(value), 0)
  while digits >= 999.5 { (digits, exponent) = (digits / 10, exponent + 1) }
  while digits < 99.95 { (digits, exponent) = (digits * 10, exponent - 1) }
  // Three digits before the point, times a power of ten.
  let whole = Int(digits.rounded())
  let sign = value < 0 ? "-" : ""
  if exponent > 3 || exponent < -6 {
    return sign + "\(Double(whole) / 100)e\(exponent + 2)".replacing(".0e", with: "e")
  }
  var scaled = Double(whole)
  for _ in 0..<abs(exponent) { scaled = exponent > 0 ? scaled * 10 : scaled / 10 }
  let tidy = (scaled * 1e8).rounded() / 1e8
  return sign + (tidy == tidy.rounded() ? "\(Int(tidy))" : "\(tidy)")
}
