import Fields
import Projection
import RealModule

/// The baseline of the projector: its weights as a sparse matrix in row order, each entry applied to
/// all slices of one half of the volume, without blocking, as `scipy.sparse` does it.
///
/// Fields are `[half][column][slice]`, with 64 slices a half. The loops are vectorised and fused like
/// the projector's own.
struct MatrixBaseline {
  static let lanes = 64
  private var starts: [Int32] = [0]
  private var columns: [Int32] = []
  private var weights: [Float] = []

  /// Joseph weights of one slice: a row a (tilt, bin), a column a (z, x).
  init(_ geometry: TiltGeometry) {
    let (width, depth) = (geometry.volume.width, geometry.volume.depth)
    let bins = geometry.series.binCount
    for tilt in geometry.tilts {
      let (c, s) = (Double.cos(tilt), Double.sin(tilt))
      let alongZ = abs(c) >= abs(s)
      for bin in 0..<bins {
        let b = Double(bin) - 0.5 * Double(bins - 1)
        for row in 0..<(alongZ ? depth : width) {
          let r = Double(row) - 0.5 * Double((alongZ ? depth : width) - 1)
          let count = alongZ ? width : depth
          let cell = (alongZ ? (b - r * s) / c : (b - r * c) / s) + 0.5 * Double(count - 1)
          let near = Int(cell.rounded(.down))
          for (i, w) in [(near, 1 - (cell - Double(near))), (near + 1, cell - Double(near))]
          where i >= 0 && i < count && w > 0 {
            columns.append(Int32(alongZ ? row * width + i : i * width + row))
            weights.append(Float(w / max(abs(c), abs(s))))
          }
        }
        starts.append(Int32(columns.count))
      }
    }
  }

  /// The same entries sorted by column.
  func transposed(columnCount: Int) -> MatrixBaseline {
    var result = self
    var next = [Int32](repeating: 0, count: columnCount + 1)
    for column in columns { next[Int(column) + 1] += 1 }
    for i in 0..<columnCount { next[i + 1] += next[i] }
    result.starts = next
    for row in 0..<starts.count - 1 {
      for k in Int(starts[row])..<Int(starts[row + 1]) {
        let place = Int(next[Int(columns[k])])
        result.columns[place] = Int32(row)
        result.weights[place] = weights[k]
        next[Int(columns[k])] += 1
      }
    }
    return result
  }

  /// `y ← A x` for one half after the other, a worker each.
  func multiply(_ x: Span<Float>, into y: consuming MutableSpan<Float>, workers: Workers) {
    let (rowCount, columnLength) = (starts.count - 1, x.count / 2)
    workers.forEachSlab(of: y, length: rowCount * Self.lanes) { half, y in
      var y = y
      let x = x.extracting(half * columnLength..<(half + 1) * columnLength)
      let (starts, columns, weights) = (starts.span, columns.span, weights.span)
      for row in 0..<rowCount {
        let target = row &* 64
        for l in 0..<64 { unsafe y[unchecked: target &+ l] = 0 }
        for k in Int(starts[row])..<Int(starts[row + 1]) {
          let (w, run) = unsafe (weights[unchecked: k], Int(columns[unchecked: k]) &* 64)
          for l in 0..<64 {
            unsafe y[unchecked: target &+ l] = Relaxed.multiplyAdd(
              w, x[unchecked: run &+ l], y[unchecked: target &+ l])
          }
        }
      }
    }
  }
}
