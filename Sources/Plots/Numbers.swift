import Foundation

/// `mantissa · 10^exponent`, correctly rounded, so that it prints as short as it is.
func decimal(_ mantissa: Int, exponent: Int) -> Double {
  Double("\(mantissa)e\(exponent)") ?? .nan
}

/// A number as people write it: "3", "0.25", "1e-6".
func plain(_ value: Double) -> String {
  if value == value.rounded() && abs(value) < 1e6 { return String(Int(value)) }
  // Double writes 10000000.0 for what people write as 1e7.
  if abs(value) >= 1e6, let whole = Int(exactly: value) { return scientific(whole) }
  var text = value.description
  if text.hasSuffix(".0") { text.removeLast(2) }
  return text.replacing(".0e", with: "e").replacing("e-0", with: "e-").replacing("e+", with: "e")
}

/// A whole number of seven digits or more, its zeros as a power of ten: 25000000 as "2.5e7".
private func scientific(_ value: Int) -> String {
  let digits = String(value.magnitude)
  let mantissa = digits.prefix(1) + "." + digits.dropFirst()
  let short = mantissa.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()
  return (value < 0 ? "-" : "") + String(short) + "e\(digits.count - 1)"
}

extension Double {
  /// So many significant digits without idle zeros, for titles and sentences: "0.14", "230", "1e-05".
  package func digits(_ count: Int) -> String { String(format: "%.\(count)g", self) }
}

/// Significant digits with their zeros, for titles: "0.140", "230", "1e-05".
package func rounded(_ value: Double, digits: Int = 3) -> String {
  guard value.isFinite else { return "\(value)" }
  let exponent = value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
  guard -4...6 ~= exponent else { return String(format: "%.2g", value) }
  return String(format: "%.*f", max(0, digits - 1 - exponent), value)
}

/// Four significant digits and a unit, or that there are none.
package func measured(_ value: Double?, _ unit: String = "") -> String {
  guard let value, value.isFinite else { return "not measured" }
  return value.digits(4) + unit
}
