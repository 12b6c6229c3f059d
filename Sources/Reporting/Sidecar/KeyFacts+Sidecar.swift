package import Reconstruction
import Foundation

extension KeyFacts {
  /// What the sidecar knows; nothing is guessed.
  /// - Parameter methods: those whose traits are known.
  package init(_ sidecar: SidecarView, methods: MethodRegistry) {
    let traits = try? sidecar.recipe?.method(among: methods).traits
    self.init(
      tiltRange: sidecar.rangeEntry, tiltStep: sidecar.stepEntry,
      algorithm: sidecar.algorithmEntry, lambda: sidecar.lambdaEntry(traits?.regularisation),
      totalDose: sidecar.doseEntry)
  }
}

/// A number as people write it, to five digits: −70, 0.25, 1.2 · 10⁻⁵ as 1.2e−5.
package func inWords(_ value: Double) -> String {
  let isCount = value == value.rounded() && abs(value) < 1e6
  return (isCount ? String(Int(value)) : String(format: "%.5g", value))
    .replacing("e-0", with: "e-").replacing("e+0", with: "e").replacing("e+", with: "e")
    .replacing("-", with: "−")
}

extension SidecarView {
  private var isRendered: Bool { command.first == "phantom" }
  private static let rendered = KeyFacts.Entry("none: rendered from a recipe")

  fileprivate var rangeEntry: KeyFacts.Entry {
    guard !isRendered else { return Self.rendered }
    guard let tiltRange else {
      return KeyFacts.Entry(nil, note: "The sidecar has no tilts.")
    }
    let (low, high) = (inWords(tiltRange.lowerBound), inWords(tiltRange.upperBound))
    let count = tilts.isEmpty ? nil : tilts.count == 1 ? "1 tilt" : "\(tilts.count) tilts"
    let axis = tiltAxis.map { "tilt axis along \($0)" }
    let note = [count, axis].compactMap(\.self).joined(separator: ", ")
    return KeyFacts.Entry("\(low)° to \(high)°", note: note.isEmpty ? nil : note)
  }

  fileprivate var stepEntry: KeyFacts.Entry {
    guard !isRendered else { return Self.rendered }
    if let step = root["geometry"]["tiltStep"].double {
      return KeyFacts.Entry("\(inWords(step))°")
    }
    let sorted = tilts.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
    guard let least = gaps.min(), let most = gaps.max() else {
      return tilts.count == 1
        ? KeyFacts.Entry("none: one tilt")
        : KeyFacts.Entry(nil, note: "The sidecar has no tilts.")
    }
    return KeyFacts.Entry("uneven: \(inWords(least))° to \(inWords(most))°")
  }

  fileprivate var algorithmEntry: KeyFacts.Entry {
    guard let method else { return KeyFacts.Entry(nil, note: "The sidecar names no method.") }
    let isDirect = root["stopReason"].text == "direct"
    let count = iterations.map { $0 == 1 ? "1 iteration" : "\($0) iterations" }
    let value = [method, isDirect ? nil : count].compactMap(\.self).joined(separator: ", ")
    var notes = [stopInWords].compactMap(\.self)
    if root["settings"]["nonNegative"] == .flag(true) { notes.append("voxels ≥ 0") }
    if let window = root["settings"]["window"].text { notes.append("window \(window)") }
    let levels = root["settings"]["levels"].doubles
    if !levels.isEmpty {
      notes.append("grey levels \(levels.map(inWords).joined(separator: ", "))")
    }
    if let prior = root["settings"]["prior"].text { notes.append("prior \(prior)") }
    for (key, words) in [
      ("denoiserStrength", "σ"), ("fixedPointResidual", "fixed-point residual"),
      ("largestEigenvalue", "largest eigenvalue of the denoiser"),
    ] {
      if let value = root["settings"][key].double { notes.append("\(words) \(inWords(value))") }
    }
    if !isDirect && !isRendered && iterations == nil { notes.append("iterations: missing") }
    return KeyFacts.Entry(value, note: notes.isEmpty ? nil : notes.joined(separator: ", "))
  }

  private var stopInWords: String? {
    switch root["stopReason"].text {
    case "direct": "direct, in one pass"
    case "iterationLimit": "stopped at the iteration limit"
    case "settled": "stopped after converging"
    case "noiseReached": "stopped when the noise was reached"
    case let other: other
    }
  }

  fileprivate func lambdaEntry(_ prior: MethodTraits.Regularisation?) -> KeyFacts.Entry {
    guard !isRendered else { return Self.rendered }
    if let lambda {
      return KeyFacts.Entry(inWords(lambda), note: choiceInWords ?? "how it was chosen: missing")
    }
    guard method != nil else { return KeyFacts.Entry(nil) }
    switch prior {
    case .some(.none): return KeyFacts.Entry("none: this method has no prior")
    case .fixed: return KeyFacts.Entry("none: the prior has other settings")
    case .chosen, nil: return KeyFacts.Entry(nil, note: "The sidecar has no λ.")
    }
  }

  /// How λ came about, where the sidecar tells.
  private var choiceInWords: String? {
    if let rule = root["lambdaChoice"]["rule"].text {
      let count = root["lambdaChoice"]["candidates"].elements.count
      return "chosen by \(rule.replacing("-", with: " ")) from \(count) candidates"
    }
    for (option, name) in [
      ("--lambda", "lambda"), ("--mu", "mu"), ("--denoiser-strength", "denoiserStrength"),
    ] {
      let isGiven = command.contains { $0 == option || $0.hasPrefix(option + "=") }
      if isGiven, let value = root["settings"][name].double {
        return "given as \(option) \(inWords(value))"
      }
    }
    return nil
  }

  fileprivate var doseEntry: KeyFacts.Entry {
    guard !isRendered else { return Self.rendered }
    let dose = root["dose"]
    guard let total = dose["total"].double, let unit = dose["unit"].text else {
      return KeyFacts.Entry(
        nil, note: "It is read from the .mdoc next to the series, or from its sidecar.")
    }
    let perTilt = dose["perTilt"].doubles
    guard let least = perTilt.min(), let most = perTilt.max() else {
      return KeyFacts.Entry("\(inWords(total)) \(unit)")
    }
    let isEven = most - least <= 1e-6 * most
    return KeyFacts.Entry(
      "\(inWords(total)) \(unit)",
      note: isEven
        ? "\(inWords(total / Double(perTilt.count))) per tilt"
        : "\(inWords(least)) to \(inWords(most)) per tilt")
  }
}
