/// Which page of a TIFF each plane of an OME image lies on.
enum OMEPlanes {
  /// The pages in the order of the planes.
  ///
  /// - Throws: ``OMENote`` where the XML contradicts itself or the file.
  static func pages(
    _ ome: OMEDescription, _ stack: Hyperstack, pageCount: Int
  ) throws(OMENote) -> [Int] {
    let total = stack.pageCount
    guard total <= pageCount, ome.imageCount > 1 || total == pageCount else {
      throw .planeCount(told: total, found: pageCount)
    }
    guard !ome.blocks.isEmpty else { return Array(0..<total) }
    var pages = [Int?](repeating: nil, count: total)
    for block in ome.blocks {
      guard
        Hyperstack.Axis.allCases.allSatisfy({ 0..<stack.count($0) ~= block.first[$0] ?? 0 })
      else { throw .planes("a TiffData element describes planes beyond the last") }
      let first = stack.order.reduce(0) { $0 + (block.first[$1] ?? 0) * stack.stride($1) }
      let start = block.page ?? 0
      let count = block.planeCount ?? (block.page == nil ? total - first : 1)
      guard 0...(total - first) ~= count else {
        throw .planes("a TiffData element describes planes beyond the last")
      }
      guard 0...(pageCount - count) ~= start else {
        throw .planes(
          "a TiffData element describes \(count) planes from IFD \(start) on, and there are \(pageCount)"
        )
      }
      for i in 0..<count {
        guard pages[first + i] == nil else { throw .planes("a plane is on two pages") }
        pages[first + i] = start + i
      }
    }
    let told = pages.compactMap(\.self)
    guard told.count == total else {
      throw .planes("\(total - told.count) of \(total) planes have no page")
    }
    guard Set(told).count == total else { throw .planes("two planes are on one page") }
    return told
  }

  /// A file of another name that planes lie in, and whether it surely is another one.
  static func otherFile(_ ome: OMEDescription, name: String) -> (name: String, isSure: Bool)? {
    if let file = ome.binaryFile { return (file, true) }
    if let own = ome.uuid {
      let other = ome.blocks.first { block in
        block.uuid.map { $0 != own } ?? (block.fileName.map { $0 != name } ?? false)
      }
      return other.map { ($0.fileName ?? $0.uuid ?? "", true) }
    }
    let names = Set(ome.blocks.compactMap(\.fileName))
    return names.sorted().first { $0 != name }.map { ($0, names.count > 1) }
  }
}
