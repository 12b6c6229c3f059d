/// `mantissa · 10^exponent`, correctly rounded, so that it prints as short as it is.
func decimal(_ mantissa: Int, exponent: Int) -> Double {
  Double("\(mantissa)e\(exponent)") ?? .nan
}

/// A number as people write it: "3", "0.25", "1e-6".
func plain(_ value: Double) -> String {
  if value == value.rounded() && abs(value) < 1e6 { return String(Int(value)) }
  var text = value.description
  if text.hasSuffix(".0") { text.removeLast(2) }
  return text.replacing(".0e", with: "e").replacing("e-0", with: "e-").replacing("e+", with: "e")
}
