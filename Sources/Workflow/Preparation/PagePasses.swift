import Fields
import Files
import Preparation
import StackIO

/// The pages of a stack, a few at a time: read in order, worked on by all workers, handed over in order.
struct PagePasses {
  let path: String
  /// The file that its headers were read from before.
  let stamp: FileStamp
  let workers: Workers

  /// - Parameters:
  ///   - chosen: the pages to read, from 0, ascending.
  ///   - work: called once a page, on any worker.
  ///   - use: called with each result in the order of `chosen`; what it throws ends the pass.
  /// - Returns: the fingerprint of the whole file.
  @discardableResult
  func run<Result: Sendable>(
    _ chosen: [Int], _ work: @Sendable (_ page: Int, _ picture: TiltPage) throws -> Result,
    _ use: (_ place: Int, _ result: Result) throws -> Void
  ) throws -> Fingerprint {
    var reader = try StackReader(path: path)
    try requireSame(reader.stamp, stamp, path)
    let columns = reader.info.shape.columnCount
    let count = reader.info.shape.pixelsPerPage
    for start in stride(from: 0, to: chosen.count, by: workers.count) {
      let group = Array(chosen[start..<min(chosen.count, start + workers.count)])
      var pages: [TiltPage] = []
      for page in group {
        var pixels = [Float](repeating: 0, count: count)
        var span = pixels.mutableSpan
        try reader.readPage(page, into: &span)
        pages.append(TiltPage(pixels, columnCount: columns))
      }
      let pictures = pages
      let results = workers.results(group.count) { i in
        Swift.Result { try work(group[i], pictures[i]) }
      }
      for (i, result) in results.enumerated() { try use(start + i, result.get()) }
      if let page = group.last { try reader.hash(throughPage: page) }
    }
    return try reader.fingerprint()
  }
}
