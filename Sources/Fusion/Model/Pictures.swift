package import Fields

/// A field of slabs as a list of pictures: a page is a picture, a slice one of its rows.
package struct Pictures: Sendable, Hashable {
  package let shape: SlabShape

  package init(_ shape: SlabShape) { self.shape = shape }

  package var count: Int { shape.pageCount }
  package var rowCount: Int { shape.sliceCount }
  package var columnCount: Int { shape.positionCount }

  /// Where a pixel lies in the field.
  @inline(__always)
  package func index(_ picture: Int, row: Int, column: Int) -> Int {
    shape.index(slice: row, page: picture, position: column)
  }

  /// Squares of at most `side²` pixels that tile all pictures.
  func blocks(_ side: Int) -> [Block] {
    (0..<count).flatMap { picture in
      stride(from: 0, to: rowCount, by: side).flatMap { row in
        stride(from: 0, to: columnCount, by: side).map { column in
          Block(
            picture: picture, rows: row..<min(rowCount, row + side),
            columns: column..<min(columnCount, column + side))
        }
      }
    }
  }

  struct Block: Sendable {
    let picture: Int
    let rows: Range<Int>
    let columns: Range<Int>
  }

  /// Calls `body` with the index of each pixel of a block.
  @inline(__always)
  func forEachPixel(of block: Block, _ body: (Int) -> Void) {
    for row in block.rows {
      for column in block.columns { body(index(block.picture, row: row, column: column)) }
    }
  }
}
