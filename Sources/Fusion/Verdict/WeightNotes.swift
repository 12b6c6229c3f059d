import Foundation

extension FusionResult {
  /// Where HAADF and counts tell of other weights than those that were used, or than `Z^γ`.
  var weightNotes: [String] {
    elements.compactMap { element in
      guard let weight = element.weight else { return nil }
      func words(_ value: Double) -> String { String(format: "%.2g", value) }
      let found = "\(words(weight.value)) ± \(words(weight.error))"
      let best = elements.first { $0.weight?.value == 1 }?.symbol ?? ""
      if let used = weight.used, weight.contradictsUsed {
        return """
          The weight of \(element.symbol) in HAADF is \(found) of that of \(best) by image and counts, and \(words(used)) is used. Check \
          --scale, or give --weight \(element.symbol)=\(words(weight.value)) --weight \(best)=1.
          """
      }
      guard weight.isFarFromAtomic else { return nil }
      return """
        The weight of \(element.symbol) in HAADF is \(found) of that of \(best) at typical concentrations, where Z^γ is \
        \(words(weight.atomic)): the map may contain something else, or its counts are not comparable.
        """
    }
  }
}
