package import Fields

/// Whether an object goes on beyond the field across the tilt axis, by what stands at either end of its pages.
package struct FieldReach: Sendable, Hashable {
  package enum Verdict: String, Sendable, Hashable, Codable {
    case inside
    /// At the edge on a few pages, and little of it.
    case touches
    /// Cut: what lies outside is seen by tilted pages and has no place in a volume as wide as the field.
    case beyond
    /// Cut, and no vacuum is seen: a slab fills the field.
    case fills

    package var isCut: Bool { self == .beyond || self == .fills }
  }

  package let verdict: Verdict
  /// Pages on which more than a tenth of the strongest column stands at an edge, counted in the order given.
  package let pages: [Int]
  /// What stands at an edge at most, over the strongest column.
  package let most: Double

  /// The part of the strongest column from which on an object reaches the edge.
  static let edge = 0.1

  /// - Parameter across: what stands at the edges, one number a page.
  init(_ across: [Double], isFilled: Bool) {
    pages = across.indices.filter { across[$0] > Self.edge }
    most = across.max() ?? 0
    // One page in ten, or half of a column, spoils more slices than noise does.
    let isCut = pages.count > max(1, across.count / 10) || most > 0.5
    verdict = isFilled ? .fills : isCut ? .beyond : pages.isEmpty ? .inside : .touches
  }

  package var isCut: Bool { verdict.isCut }

  /// What it means for a volume as wide as the field; `nil` where it means nothing.
  ///
  /// - Parameter pages: the names of ``pages``, from 1.
  package func words(_ pages: [Int]) -> String? {
    switch verdict {
    case .inside: nil
    case .fills: "The object fills the field on all pages and extends beyond it across the axis."
    case .touches, .beyond:
      """
      The object reaches the edge of the field across the axis on \(pageWords(pages)), with up to \
      \(short(100 * most)) % of its strongest column.
      """
    }
  }
}

/// The edges of one page, as ``FieldReach`` looks at them.
package struct PageEdges: Sendable {
  let vacuum: VacuumLevel
  let parts: PlainParts
  let mass: PageMass

  /// - Parameter level: of vacuum, where it is not that of the margins.
  package init(_ page: Image, level: Double? = nil) {
    let parts = PlainParts(page)
    let vacuum = level.map { VacuumLevel($0, parts) } ?? VacuumLevel(page)
    (self.parts, self.vacuum) = (parts, vacuum)
    mass = PageMass(page, vacuum, parts, slope: level == nil ? VacuumPlane(page) : nil)
  }
}

extension FieldReach {
  /// Looks at the pages of a series of line integrals, twice where vacuum lies elsewhere than at their margins.
  ///
  /// - Parameters:
  ///   - degrees: one angle a page.
  ///   - edges: of one page with its tilt axis along columns, for a level of vacuum or that of its margins.
  package init(
    degrees: [Double], edges: (_ page: Int, _ level: Double?) throws -> PageEdges
  ) rethrows {
    let order = degrees.indices.sorted { (degrees[$0], $0) < (degrees[$1], $1) }
    var found = try order.map { try edges($0, nil) }
    let survey = VacuumSurvey(
      found.map(\.vacuum.value), found.map(\.parts), degrees: order.map { degrees[$0] }, sign: 1)
    if case .inside(let level) = survey.place { found = try order.map { try edges($0, level) } }
    let reach = FieldReach(
      found.map { max($0.mass.margins.left, $0.mass.margins.right) },
      isFilled: survey.place == .nowhere)
    (verdict, most) = (reach.verdict, reach.most)
    pages = reach.pages.map { order[$0] }.sorted()
  }
}
