package import Fields
package import Files
import StackIO
import Synchronization

/// The pages of a stack, a few at a time: read in order, worked on by all workers, handed over in order.
package struct PagePasses {
  package let path: String
  /// The file that its headers were read from before.
  package let stamp: FileStamp
  package let workers: Workers

  package init(path: String, stamp: FileStamp, workers: Workers) {
    (self.path, self.stamp, self.workers) = (path, stamp, workers)
  }

  /// - Parameters:
  ///   - chosen: the pages to read, from 0, ascending.
  ///   - work: called once a page, on any worker; the page is its own, so that it can be changed in place.
  ///   - use: called with each result in the order of `chosen`; what it throws ends the pass.
  /// - Returns: the fingerprint of the whole file.
  @discardableResult
  package func run<Result: Sendable>(
    _ chosen: [Int],
    _ work: @Sendable (_ page: Int, _ picture: consuming Image) throws -> Result,
    _ use: (_ place: Int, _ result: Result) throws -> Void
  ) throws -> Fingerprint {
    var reader = try StackReader(path: path)
    try requireSame(reader.stamp, stamp, path)
    let columns = reader.info.shape.columnCount
    let count = reader.info.shape.pixelsPerPage
    for start in stride(from: 0, to: chosen.count, by: workers.count) {
      let group = Array(chosen[start..<min(chosen.count, start + workers.count)])
      var pages: [Image] = []
      for page in group {
        var pixels = [Float](repeating: 0, count: count)
        var span = pixels.mutableSpan
        try reader.readPage(page, into: &span)
        pages.append(Image(pixels, columnCount: columns))
      }
      let pictures = Mutex(pages.map(Optional.some))
      pages = []
      let results = workers.results(group.count) { i -> Swift.Result<Result, any Error> in
        guard let picture = pictures.withLock({ $0[i].take() }) else {
          preconditionFailure("a page is worked on once")
        }
        do {
          return .success(try work(group[i], consume picture))
        } catch {
          return .failure(error)
        }
      }
      for (i, result) in results.enumerated() { try use(start + i, result.get()) }
      if let page = group.last { try reader.hash(throughPage: page) }
    }
    return try reader.fingerprint()
  }
}
