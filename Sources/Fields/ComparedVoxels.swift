/// The voxels that are compared, as sums over the pages of slabs.
struct ComparedVoxels {
  let estimate: Volume
  let truth: Volume
  let mask: Volume?

  struct Tally {
    var count = 0
    /// Voxels that are not finite.
    var strangers = 0
    var (xx, xt, tt) = (0.0, 0.0, 0.0)
    var (smallest, largest) = (Double.infinity, -Double.infinity)
  }

  func tally(_ workers: Workers) -> Tally {
    let shape = truth.shape.slabs
    let parts = workers.results(shape.slabCount * shape.pageCount) { page in
      var part = Tally()
      visit(page) { x, t in
        guard x.isFinite && t.isFinite else { return part.strangers += 1 }
        part.xx += x * x
        part.xt += x * t
        part.tt += t * t
        part.smallest = min(part.smallest, t)
        part.largest = max(part.largest, t)
        part.count += 1
      }
      return part
    }
    return parts.reduce(into: Tally()) { whole, part in
      whole.count += part.count
      whole.strangers += part.strangers
      whole.xx += part.xx
      whole.xt += part.xt
      whole.tt += part.tt
      whole.smallest = min(whole.smallest, part.smallest)
      whole.largest = max(whole.largest, part.largest)
    }
  }

  /// `Σ (a x − t)` and `Σ (a x − t)²`.
  func residual(scale: Double, _ workers: Workers) -> (sum: Double, squares: Double) {
    let shape = truth.shape.slabs
    let parts = workers.results(shape.slabCount * shape.pageCount) { page in
      var (sum, squares) = (0.0, 0.0)
      visit(page) { x, t in
        let r = scale * x - t
        sum += r
        squares += r * r
      }
      return (sum, squares)
    }
    return parts.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
  }

  /// Calls `body` for the compared voxels of one page of one slab, in order.
  @inline(__always)
  private func visit(_ page: Int, _ body: (_ x: Double, _ t: Double) -> Void) {
    let shape = truth.shape.slabs
    let lanes = shape.slices(of: page / shape.pageCount).count
    let (x, t, inside) = (estimate.voxels.span, truth.voxels.span, mask?.voxels)
    for position in 0..<shape.positionCount {
      let run = page * shape.pageLength + position * shape.laneCount
      for i in run..<run + lanes {
        if let inside, !(inside.span[i] > 0.5) { continue }
        body(Double(x[i]), Double(t[i]))
      }
    }
  }
}
