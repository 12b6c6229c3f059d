import Foundation
package import Reconstruction

/// What the logarithm of counts adds to a series, in numbers and words.
package struct BiasOfLogarithm {
  private let bias: Double
  private let attenuation: Double

  /// The means over all pages; `nil` where no counts had a logarithm taken, or nothing absorbs.
  package init?(_ pages: [CountLogarithm]) {
    let count = Double(pages.count)
    bias = pages.reduce(0) { $0 + $1.bias } / count
    attenuation = pages.reduce(0) { $0 + $1.attenuation } / count
    guard attenuation > 0 else { return nil }
  }

  private var part: Double { bias / attenuation }

  package var settings: [String: Setting] {
    ["logarithmBias": .number(bias), "logarithmBiasPart": .number(part)]
  }

  /// From a hundredth of the attenuation on.
  package var warning: String? {
    guard part > 0.01 else { return nil }
    return """
      The logarithm of so few counts is too high: line integrals by \(String(format: "%.2g", bias)) on average where the \
      specimen absorbs \(String(format: "%.2g", attenuation)), which is \(String(format: "%.1f", 100 * part)) %. Binning afterwards \
      does not remove it. Give --bin before --beer-lambert: N × N pixels have 1/N² of it.
      """
  }
}
