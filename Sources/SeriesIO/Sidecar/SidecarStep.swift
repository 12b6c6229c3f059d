package import Preparation
package import Reconstruction
package import Records

extension Sidecar {
  /// One step of a preparation, in the order in which they were done.
  package struct Step: Sendable, Encodable {
    package let name: String
    package let settings: [String: Setting]
    /// Pixels that it replaced, one number a page.
    @Nullable package private(set) var touched: [Int]?
    /// The level or factor that it found, one number a page.
    @Nullable package private(set) var levels: [Double]?

    package init(_ step: any PreparationStep, _ accounts: [PreparedPage.Account]) {
      (name, settings) = (step.name, step.settings)
      let (counts, found) = (accounts.compactMap(\.touched), accounts.compactMap(\.level))
      touched = counts.count == accounts.count ? counts : nil
      levels = found.count == accounts.count ? found : nil
    }
  }
}
