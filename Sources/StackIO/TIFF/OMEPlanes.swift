/// Which page of a TIFF each plane of an OME image lies on.
enum OMEPlanes {
  /// The pages in the order of the planes.
  ///
  /// - Throws: ``OMENote`` where the XML contradicts itself or the file.
  static func pages(
    _ ome: OMEDescription, _ hyperstack: Hyperstack, pageCount: Int
  ) throws(OMENote) -> [Int] {
    let total = hyperstack.pageCount
    guard ome.imageCount > 1 || total == pageCount else {
      throw .planeCount(told: total, found: pageCount)
    }
    guard !ome.blocks.isEmpty else {
      guard total <= pageCount else { throw .planeCount(told: total, found: pageCount) }
      return Array(0..<total)
    }
    var pages = [Int?](repeating: nil, count: total)
    for block in ome.blocks {
      let first = hyperstack.order.reduce(0) {
        $0 + (block.first[$1] ?? 0) * hyperstack.stride($1)
      }
      let isInside = Hyperstack.Axis.allCases.allSatisfy {
        0..<hyperstack.count($0) ~= block.first[$0] ?? 0
      }
      let start = block.page ?? 0
      let count = block.planeCount ?? (block.page == nil ? total - first : 1)
      guard isInside, count >= 0, count <= total - first else {
        throw .planes("a TiffData element tells of planes beyond the last")
      }
      guard start >= 0, start <= pageCount - count else {
        throw .planes(
          "a TiffData element tells of page \(start + count), and there are \(pageCount)")
      }
      for i in 0..<count {
        guard pages[first + i] == nil else { throw .planes("a plane stands on two pages") }
        pages[first + i] = start + i
      }
    }
    let told = pages.compactMap(\.self)
    guard told.count == total else {
      throw .planes("\(total - told.count) of \(total) planes have no page")
    }
    guard Set(told).count == total else { throw .planes("two planes stand on one page") }
    return told
  }

  /// A file of another name that planes lie in, and whether it surely is another one.
  static func otherFile(_ ome: OMEDescription, name: String) -> (name: String, isSure: Bool)? {
    let files = ome.blocks.filter { $0.fileName != nil }
    if let own = ome.uuid {
      let other = files.first { $0.uuid.map { $0 != own } ?? ($0.fileName != name) }
      return other?.fileName.map { ($0, true) }
    }
    let names = Set(files.compactMap(\.fileName))
    return names.sorted().first { $0 != name }.map { ($0, names.count > 1) }
  }
}
