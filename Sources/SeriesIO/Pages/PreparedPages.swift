package import Fields
package import Preparation
package import Reconstruction
import StackIO

/// The kept pages of a stack as the steps so far have made them: read and made anew at every pass, so that few
/// are in memory.
package struct PreparedPages: PageSequence {
  package let source: SeriesSource
  /// From 0.
  package let chosen: [Int]
  package let workers: Workers
  package let follower: Follower
  package private(set) var steps: [any PreparationStep] = []
  package private(set) var size: ImageSize
  /// Where the tilt axis lies across its direction, in pixels from the centre of the pages as they are now.
  package private(set) var axisOffset: Double

  package init(_ source: SeriesSource, chosen: [Int], workers: Workers, _ follower: Follower) {
    (self.source, self.chosen, self.workers, self.follower) = (source, chosen, workers, follower)
    let shape = source.info.shape
    size = ImageSize(rowCount: shape.rowCount, columnCount: shape.columnCount)
    axisOffset = source.axisOffset
  }

  package var tilts: [Double] { chosen.map { source.tilts[$0] } }
  package var numbers: [Int] { chosen.map { $0 + 1 } }

  /// - Throws: `PreparationError` where the step does not fit.
  package mutating func append(_ step: any PreparationStep) throws {
    let direction: PageDirection = source.axis == .y ? .columns : .rows
    let next = try step.size(after: size)
    // Across an axis along x places are counted upwards, and rows downwards.
    let sign = source.axis == .y ? 1.0 : -1.0
    let place = step.place(Double(size.count(direction) - 1) / 2 + sign * axisOffset, direction)
    (size, axisOffset) = (next, sign * (place - Double(next.count(direction) - 1) / 2))
    steps.append(step)
  }

  package func map<Result: Sendable>(
    _ work: @escaping @Sendable (_ index: Int, _ page: Image) -> Result
  ) throws -> [Result] {
    var results: [Result] = []
    try pass(.reading, work: { index, made in work(index, made.page) }) { results.append($1) }
    return results
  }

  /// A page after all steps, and what each step said of it.
  package struct Made: Sendable {
    package let page: Image
    package let accounts: [PreparedPage.Account]
  }

  /// Goes through all pages; values that are not finite are refused or replaced, as the source says.
  package func pass<Result: Sendable>(
    _ stage: Follower.Stage, work: @escaping @Sendable (_ index: Int, _ made: Made) -> Result,
    _ use: (_ index: Int, _ result: Result) throws -> Void
  ) throws {
    let (steps, policy, path) = (steps, source.policy, source.path)
    let places = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1, $0) })
    try PagePasses(path: path, stamp: source.stamp, workers: workers).run(
      chosen,
      { number, picture -> Result in
        var (page, census) = (consume picture, NonFiniteCensus(policy))
        let columns = page.columnCount
        var span = page.pixels.mutableSpan
        census.examine(&span, page: number, columnCount: columns)
        try census.settle(path: path)
        let index = places[number] ?? 0
        var accounts: [PreparedPage.Account] = []
        for step in steps {
          let next = step.apply(to: page, index: index)
          (page, accounts) = (next.page, accounts + [next.account])
        }
        return work(index, Made(page: page, accounts: accounts))
      },
      { index, result in
        try use(index, result)
        try follower.advance(stage, index + 1, of: chosen.count)
      })
  }
}
