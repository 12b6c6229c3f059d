package import Fields
package import Operators

/// The blur of each projection of a tilt series by the point spread of the microscope: the same at all tilts, or one a tilt.
///
/// Fields are `[slab][tilt][bin][lane]`; rows of a point spread are slices, its columns bins. Beyond the ends of a projection lies
/// its mirror image. Narrow even products (Gaussians up to σ = 4) are direct sums in single precision, others products of
/// Fourier transforms page by page.
package struct SeriesBlur: SeriesResponse {
  private let spreads: [PointSpread]
  private let shape: SlabShape
  private let workers: Workers
  private let way: Way

  private enum Way {
    case direct(SeparableBlur)
    /// One for all pages, or one a page.
    case pages([PageBlur])
  }

  /// - Parameters:
  ///   - spreads: one for all tilts, or one a tilt.
  ///   - shape: of the projections.
  package init(_ spreads: [PointSpread], of shape: SlabShape, workers: Workers = .all) {
    precondition(
      spreads.count == 1 || spreads.count == shape.pageCount, "one point spread, or one a tilt")
    precondition(spreads.allSatisfy { $0.grid.planeCount == 1 }, "projections have no depth")
    (self.spreads, self.shape, self.workers) = (spreads, shape, workers)
    if spreads.count == 1,
      let blur = SeparableBlur(spreads[0], of: shape, ends: .reflecting, workers: workers)
    {
      way = .direct(blur)
    } else {
      let page = shape.pages(1)
      way = .pages(spreads.map { PageBlur($0, of: page, workers: workers) })
    }
  }

  private init(_ blur: SeriesBlur, _ spreads: [PointSpread], _ way: Way, pageCount: Int) {
    (self.spreads, self.way, workers) = (spreads, way, blur.workers)
    shape = blur.shape.pages(pageCount)
  }

  package var domainCount: Int { shape.count }
  package var rangeCount: Int { shape.count }
  package var linksSlices: Bool { spreads.contains { $0.grid.rowCount > 1 } }
  package var isNonNegative: Bool { spreads.allSatisfy { $0.weights.allSatisfy { $0 >= 0 } } }
  package var gainAtEnds: Float { Float(spreads.map(\.gainAtMirroredRows).max() ?? 1) }
  package var oneSlice: any SeriesResponse {
    SeriesBlur(
      spreads.map(\.absoluteRow),
      of: SlabShape(
        sliceCount: 1, pageCount: shape.pageCount, positionCount: shape.positionCount),
      workers: workers)
  }

  package var byteCount: Int {
    guard case .pages(let blurs) = way else { return 0 }
    let reach = spreads.map(\.reach)
    return zip(blurs, reach).reduce(8 * shape.slabCount * shape.pageLength) { bytes, page in
      bytes
        + FieldBlur.coefficientBytes(
          on: page.0.grid, reach: page.1, ends: .reflecting) * (blurs.count == 1 ? 3 : 1)
    }
  }

  package func subset(of tilts: [Int]) -> any SeriesResponse {
    let some = spreads.count == 1 ? spreads : tilts.map { spreads[$0] }
    guard case .pages(let blurs) = way else {
      return SeriesBlur(some, of: shape.pages(tilts.count), workers: workers)
    }
    return SeriesBlur(
      self, some, .pages(blurs.count == 1 ? blurs : tilts.map { blurs[$0] }),
      pageCount: tilts.count)
  }

  package func running(on workers: Workers) -> any SeriesResponse {
    workers.count == self.workers.count ? self : SeriesBlur(spreads, of: shape, workers: workers)
  }

  package func group(_ shape: SlabShape) -> any SeriesResponse {
    SeriesBlur(spreads, of: shape, workers: workers)
  }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    run(x, into: y) { $0.apply($1, into: $2) }
  }

  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    run(y, into: x) { $0.applyAdjoint($1, into: $2) }
  }

  private func run(
    _ x: Span<Float>, into y: consuming MutableSpan<Float>,
    _ body: (any LinearOperator, Span<Float>, consuming MutableSpan<Float>) -> Void
  ) {
    switch way {
    case .direct(let blur): body(blur, x, y)
    case .pages(let blurs):
      var y = y
      var (sharp, blurred) = (
        FloatStorage(zeros: shape.slabCount * shape.pageLength),
        FloatStorage(zeros: shape.slabCount * shape.pageLength)
      )
      for page in 0..<shape.pageCount {
        var target = sharp.mutableSpan
        for slab in 0..<shape.slabCount {
          let start = (slab * shape.pageCount + page) * shape.pageLength
          target.copy(start..<start + shape.pageLength, of: x, to: slab * shape.pageLength)
        }
        body(blurs[blurs.count == 1 ? 0 : page], sharp.span, blurred.mutableSpan)
        for slab in 0..<shape.slabCount {
          let start = (slab * shape.pageCount + page) * shape.pageLength
          y.copy(
            slab * shape.pageLength..<(slab + 1) * shape.pageLength, of: blurred.span, to: start)
        }
      }
    }
  }
}

/// The blur of one page by any point spread.
private struct PageBlur: LinearOperator {
  private let blur: FieldBlur
  private let map: PageMap

  init(_ spread: PointSpread, of shape: SlabShape, workers: Workers) {
    map = PageMap(shape, axis: .y)
    blur = FieldBlur(
      spread, on: Grid(rowCount: shape.sliceCount, columnCount: shape.positionCount),
      ends: .reflecting, workers: workers)
  }

  var grid: Grid { blur.grid }
  var domainCount: Int { map.shape.count }
  var rangeCount: Int { map.shape.count }

  func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    run(x, into: y) { blur.apply($0, into: $1) }
  }

  func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    run(y, into: x) { blur.applyAdjoint($0, into: $1) }
  }

  private func run(
    _ x: Span<Float>, into y: consuming MutableSpan<Float>,
    _ body: (Span<Float>, consuming MutableSpan<Float>) -> Void
  ) {
    var (sharp, blurred) = (
      FloatStorage(zeros: blur.domainCount), FloatStorage(zeros: blur.domainCount)
    )
    var pixels = sharp.mutableSpan
    map.take(page: 0, from: x, into: &pixels)
    body(sharp.span, blurred.mutableSpan)
    var target = y
    map.place(blurred.span, page: 0, into: &target)
  }
}

extension SlabShape {
  fileprivate func pages(_ count: Int) -> SlabShape {
    SlabShape(
      sliceCount: sliceCount, pageCount: count, positionCount: positionCount, laneCount: laneCount)
  }
}
