extension ElementWindows {
  /// Why the windows of some elements disturb each other, in words, one sentence a pair.
  ///
  /// - The background of one is fitted across the edge of another, so that it follows no power law.
  /// - The sum of one goes on beyond the edge of another, whose electrons it counts, too.
  package static func overlaps(_ elements: [ElementWindows]) -> [String] {
    elements.flatMap { one in
      elements.filter { $0.edge != one.edge }.flatMap { other -> [String] in
        var words: [String] = []
        if one.background.contains(other.edge) {
          words.append(
            """
            The edge of \(other.name) at \(Float(other.edge)) eV lies in the background window of \(one.name), \
            \(Self.words(one.background)) eV: its power law is wrong where there is \(other.name).
            """)
        }
        if one.signal.contains(other.edge) {
          words.append(
            """
            The edge of \(other.name) at \(Float(other.edge)) eV lies in the signal window of \(one.name), \
            \(Self.words(one.signal)) eV: the map of \(one.name) contains a part of \(other.name).
            """)
        }
        return words
      }
    }
  }

  private static func words(_ window: ClosedRange<Double>) -> String {
    "\(Float(window.lowerBound)):\(Float(window.upperBound))"
  }
}
