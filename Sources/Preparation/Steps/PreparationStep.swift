package import Fields
package import Reconstruction

/// One change of a page, from value to value.
///
/// All that a step needs to know of other pages it holds already, so that pages go through one by one, in any
/// order and on any thread.
package protocol PreparationStep: Sendable {
  var name: String { get }
  /// Everything that the result depends on.
  var settings: [String: Setting] { get }

  /// The size of the pages that leave, for the size of those that come.
  /// - Throws: ``PreparationError`` where the step does not fit such pages.
  func size(after size: ImageSize) throws(PreparationError) -> ImageSize

  /// Where a place of the pages that come lies in those that leave, along rows or along columns: pixel centres at
  /// whole numbers, from 0.
  func place(_ place: Double, _ direction: PageDirection) -> Double

  /// What each page that is kept is multiplied by; none for a step that does something else.
  var factors: [Double] { get }

  /// `1 / ⟨σ²⟩` of each page that is kept, up to one factor, if its pixels were counts until here; none for a step that
  /// leaves brightness and noise in proportion.
  var precisions: [Double] { get }

  /// What becomes of counts.
  var countEffect: CountEffect { get }

  /// - Parameter index: which of the pages that are kept, from 0.
  func apply(to page: Image, index: Int) -> PreparedPage
}

extension PreparationStep {
  package func size(after size: ImageSize) -> ImageSize { size }
  package var factors: [Double] { [] }
  package var precisions: [Double] { [] }
  package var countEffect: CountEffect { .end }
  package func place(_ place: Double, _ direction: PageDirection) -> Double { place }
}

/// Along which side of a page a place is counted.
package enum PageDirection: Sendable { case rows, columns }

extension ImageSize {
  package func count(_ direction: PageDirection) -> Int {
    direction == .rows ? rowCount : columnCount
  }
}

/// A page after a step, and what the step has to say of it.
package struct PreparedPage: Sendable {
  package let page: Image
  package let account: Account

  package struct Account: Sendable, Hashable {
    /// Pixels that were replaced, where the step replaces some.
    package let touched: Int?
    /// The number that the step found for this page: a level, a factor.
    package let level: Double?
    /// Of the page that came, where the level was looked for at its margins.
    package let parts: PlainParts?
  }

  package init(
    _ page: Image, touched: Int? = nil, level: Double? = nil, parts: PlainParts? = nil
  ) {
    (self.page, account) = (page, Account(touched: touched, level: level, parts: parts))
  }
}
