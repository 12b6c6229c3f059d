/// What SerialEM writes as text, in `.mdoc` files and in labels of MRC headers.
enum SerialEMTitle {
  /// The angle of `Tilt axis angle = 84.1, binning = 1 …` or `TiltAxisAngle = 84.1 …`: degrees from vertical,
  /// counter-clockwise.
  static func axisAngle(_ text: String) -> Double? {
    let plain = text.lowercased().filter { !$0.isWhitespace }
    guard let name = plain.firstRange(of: "tiltaxisangle=") else { return nil }
    let rest = plain[name.upperBound...]
    var digits = String(rest.prefix { "0123456789+-.".contains($0) })
    let behind = rest.dropFirst(digits.count)
    if behind.first == ",", behind.dropFirst().first?.isNumber == true {  // a decimal comma
      digits += "." + behind.dropFirst().prefix(while: \.isNumber)
    }
    return decimalNumber(digits).flatMap { abs($0) <= 360 ? $0 : nil }
  }

  /// Seconds from an arbitrary day, of `21-Apr-15 16:45:01`, the year with two or four digits.
  static func seconds(_ words: [Substring]) -> Int? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard words.count == 2 else { return nil }
    let (day, clock) = (words[0].split(separator: "-"), words[1].split(separator: ":"))
    let times = clock.compactMap { Int($0) }
    guard day.count == 3, let date = Int(day[0]), 1...31 ~= date,
      let month = months.firstIndex(of: String(day[1])), let year = Int(day[2]), times.count == 3,
      0..<10_000 ~= year, zip(times, [24, 60, 61]).allSatisfy({ 0..<$1 ~= $0 })
    else { return nil }
    // The day's number in the Gregorian calendar, years beginning in March.
    let y = year < 100 ? 2000 + year : year
    let (shifted, m) = (month < 2 ? y - 1 : y, (month + 10) % 12)
    let days =
      365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * m + 2) / 5 + date
    return ((days * 24 + times[0]) * 60 + times[1]) * 60 + times[2]
  }
}
