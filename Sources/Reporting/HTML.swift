import Foundation

/// `text` for a place between tags or inside a quoted attribute.
func escaped(_ text: String) -> String {
  var safe = ""
  safe.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": safe += "&amp;"
    case "<": safe += "&lt;"
    case ">": safe += "&gt;"
    case "\"": safe += "&quot;"
    case "'": safe += "&#39;"
    case "\t", "\n", "\r": safe.unicodeScalars.append(scalar)
    // Control characters have no place in HTML.
    case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}": safe += "\u{FFFD}"
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}

/// `<name attributes>text</name>`, with its text escaped. Attributes are markup already.
func element(_ name: String, _ attributes: String = "", text: String) -> String {
  "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(escaped(text))</\(name)>"
}

/// Five significant digits, with a proper minus.
func readable(_ value: Double) -> String {
  guard value.isFinite else { return "not a number" }
  let isCount = value == value.rounded() && abs(value) < 1e6
  return (isCount ? String(Int(value)) : String(format: "%.5g", value))
    .replacing("-", with: "−")
}
