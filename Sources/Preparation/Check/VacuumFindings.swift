import Statistics

extension VacuumSurvey {
  /// What is wrong with vacuum, or that nothing is.
  ///
  /// - Parameter numbers: what pages are called, from 1, in the order in which they were given.
  func findings(_ numbers: [Int]) -> [Finding] {
    let jumped = jump(numbers)
    let found = [placed(numbers), jumped].compactMap(\.self)
    guard found.isEmpty else { return found }
    return [
      Finding(
        .vacuum, .passed,
        sign == 0
          ? "Margins are at \(short(upperMedian(margins))) on all pages."
          : "The margins show vacuum, at \(short(upperMedian(margins))).")
    ]
  }

  /// What is wrong with the levels that a step took for vacuum, in sentences; nothing where it took none.
  ///
  /// - Parameters:
  ///   - numbers: what pages are called, from 1.
  ///   - degrees: one angle a page.
  package static func warnings(
    _ accounts: [PreparedPage.Account], numbers: [Int], degrees: [Double], isBrightField: Bool
  ) -> [String] {
    let order = degrees.indices.sorted { (degrees[$0], $0) < (degrees[$1], $1) }
    let (levels, parts) = (
      order.compactMap { accounts[$0].level }, order.compactMap { accounts[$0].parts }
    )
    guard parts.count == accounts.count, levels.count == accounts.count else { return [] }
    let survey = VacuumSurvey(
      levels, parts, degrees: order.map { degrees[$0] }, sign: isBrightField ? -1 : 1)
    return survey.findings(order.map { numbers[$0] }).filter { $0.verdict > .passed }.map {
      $0.words + ($0.cure.map { " " + $0 } ?? "")
    }
  }

  private func placed(_ numbers: [Int]) -> Finding? {
    switch place {
    case .margins: return nil
    case .inside(let level):
      let pages = covered.map { numbers[$0] }.sorted()
      let option = sign > 0 ? "--background" : "--beer-lambert"
      return Finding(
        .vacuum, .warning,
        """
        The margins of \(pageWords(pages)) show no vacuum but matter at \
        \(short(upperMedian(covered.map { margins[$0] }))): plain parts inside the pages are at \(short(level)).
        """, cure: "prepare \(option) \(short(level)), not vacuum."
      ).on(pages)
    case .nowhere:
      return Finding(
        .vacuum, .warning,
        """
        The pages show no vacuum: their \(sign > 0 ? "darkest" : "brightest") plain parts go from \
        \(short(levels.flat)) at the least tilt to \(short(levels.steep)) at the largest, as a slab that fills the field \
        does with 1/cos θ.
        """,
        cure: """
          prepare \(sign > 0 ? "--background" : "--beer-lambert") slab subtracts the level of the slab. Then read \
          densities as differences from it, and reconstruct --method cs --unconstrained --extend auto, since thinner parts \
          are below 0.
          """)
    }
  }

  private func jump(_ numbers: [Int]) -> Finding? {
    guard let worst = jumps.max(by: { abs(differences[$0]) < abs(differences[$1]) }) else {
      return nil
    }
    let pages = jumps.map { numbers[$0] }.sorted()
    return Finding(
      .vacuum, .warning,
      """
      The level of the margins jumps on \(pageWords(pages)): \(short(margins[worst])) on page \(numbers[worst]), where \
      neighbours have \(short(margins[worst] - differences[worst])).
      """,
      cure: """
        Inspect them: a holder in the field, or another exposure. Leave them out (prepare --exclude), or give a level \
        that holds for all pages.
        """
    ).on(pages)
  }
}

extension Finding {
  /// Whether a reader of what is made of the series should know it: all that is wrong, and notes that ask for something no
  /// later stage does or says by itself.
  package var isLasting: Bool {
    switch kind {
    case .spikes, .pixelSize: verdict > .note
    default: verdict > .note || verdict == .note && cure != nil
    }
  }
}
