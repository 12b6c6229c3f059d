package import Preparation
public import Reconstruction

extension Sidecar {
  /// One step of a preparation, in the order in which they were done.
  public struct Step: Sendable, Encodable {
    public let name: String
    public let settings: [String: Setting]
    /// Pixels that it replaced, one number a page.
    public let touched: [Int]?
    /// The level or factor that it found, one number a page.
    public let levels: [Double]?

    package init(_ step: any PreparationStep, _ accounts: [PreparedPage.Account]) {
      (name, settings) = (step.name, step.settings)
      let (counts, found) = (accounts.compactMap(\.touched), accounts.compactMap(\.level))
      touched = counts.count == accounts.count ? counts : nil
      levels = found.count == accounts.count ? found : nil
    }

    public func encode(to encoder: any Encoder) throws {
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(name, forKey: .name)
      try keys.encode(settings, forKey: .settings)
      try keys.encode(touched, forKey: .touched)
      try keys.encode(levels, forKey: .levels)
    }

    private enum CodingKeys: String, CodingKey { case name, settings, touched, levels }
  }
}
