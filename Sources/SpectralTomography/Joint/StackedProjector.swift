import Fields
import Operators
import Projection

/// One projector for every channel of a field `[channel][slab][z][x][lane]`.
struct StackedProjector: SteppingOperator {
  let projector: ParallelProjector
  let channelCount: Int

  var domainCount: Int { channelCount * projector.domainCount }
  var rangeCount: Int { channelCount * projector.rangeCount }

  /// Factors that repeat from slab to slab repeat from channel to channel, too.
  func absoluteSums() -> (rows: RunFactors, columns: RunFactors) { projector.absoluteSums() }

  func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    let length = projector.domainCount
    Workers(1).forEachSlab(of: y, length: projector.rangeCount) { channel, part in
      projector.apply(x.extracting(channel * length..<(channel + 1) * length), into: part)
    }
  }

  func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    let length = projector.rangeCount
    Workers(1).forEachSlab(of: x, length: projector.domainCount) { channel, part in
      projector.applyAdjoint(y.extracting(channel * length..<(channel + 1) * length), into: part)
    }
  }

  func stepAlongAdjoint(
    _ y: Span<Float>, from x: consuming MutableSpan<Float>, steps: RunFactors,
    clippedTo bounds: ClosedRange<Float>
  ) {
    let length = projector.rangeCount
    Workers(1).forEachSlab(of: x, length: projector.domainCount) { channel, part in
      projector.stepAlongAdjoint(
        y.extracting(channel * length..<(channel + 1) * length), from: part, steps: steps,
        clippedTo: bounds)
    }
  }
}
