public import Fields
public import Reconstruction

/// One change of a page, from value to value.
///
/// All that a step needs to know of other pages it holds already, so that pages go through one by one, in any
/// order and on any thread.
public protocol PreparationStep: Sendable {
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
  public func size(after size: ImageSize) -> ImageSize { size }
  public var factors: [Double] { [] }
  public var precisions: [Double] { [] }
  public var countEffect: CountEffect { .end }
  public func place(_ place: Double, _ direction: PageDirection) -> Double { place }
}

/// Along which side of a page a place is counted.
public enum PageDirection: Sendable { case rows, columns }

extension ImageSize {
  public func count(_ direction: PageDirection) -> Int {
    direction == .rows ? rowCount : columnCount
  }
}

/// A page after a step, and what the step has to say of it.
public struct PreparedPage: Sendable {
  public let page: Image
  public let account: Account

  public struct Account: Sendable, Hashable {
    /// Pixels that were replaced, where the step replaces some.
    public let touched: Int?
    /// The number that the step found for this page: a level, a factor.
    public let level: Double?
    /// Of the page that came, where the level was looked for at its margins.
    public let parts: PlainParts?
  }

  public init(
    _ page: Image, touched: Int? = nil, level: Double? = nil, parts: PlainParts? = nil
  ) {
    (self.page, account) = (page, Account(touched: touched, level: level, parts: parts))
  }
}
