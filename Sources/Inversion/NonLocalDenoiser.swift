package import Fields
package import Transforms

/// The ``NonLocalMean`` as a denoiser, whose guide is what it last returned, until it is frozen.
///
/// The first guide is what it is given. In the first `freezeAfter` calls the guide is taken anew every `interval` calls; after that `D` is a
/// symmetric matrix with eigenvalues in [0, 1]. State: guide, two more volumes, and the number of calls with the strength that they had. Another
/// strength begins anew, with the guide that there is.
package struct NonLocalDenoiser: Denoiser {
  /// `σ`, in units of the volume.
  package let strength: Float
  package let shape: SlabShape
  package let neighbourhood: NonLocalMean.Neighbourhood
  /// Calls between guides.
  package var interval = 6
  /// Calls after which the guide stays.
  package var freezeAfter = 60
  package let workers: Workers

  /// - Throws: ``InversionError/weight(_:)`` where `σ` is not positive.
  package init(
    strength: Float, _ shape: SlabShape, _ neighbourhood: NonLocalMean.Neighbourhood,
    workers: Workers = .all
  ) throws(InversionError) {
    guard strength > 0 && strength.isFinite else { throw .weight(strength) }
    (self.strength, self.shape, self.workers) = (strength, shape, workers)
    self.neighbourhood = neighbourhood
  }

  package var stateCounts: [Int] { [shape.count, shape.count, shape.count, 2] }
  package var isLinear: Bool { true }

  package func denoise(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, state: inout [FloatStorage]
  ) {
    let counters = state[3]
    let (calls, known) = (Int(counters.span[0]), counters.span[1])
    var count = 1
    if known == strength {
      count = min(calls + 1, freezeAfter)
      state[3] = FloatStorage([Float(count), strength])
    } else {
      var guide = state[0]
      if known == 0 { workers.combine(0, &guide, 1, x) }
      state = mean(guide).fields + [FloatStorage([1, strength])]
    }
    let mean = NonLocalMean(
      guide: state[0], factors: state[1], rest: state[2], shape, strength: strength,
      neighbourhood, workers: workers)
    mean.apply(x, into: y._mutatingExtracting(0..<y.count))
    guard count < freezeAfter, count.isMultiple(of: interval) else { return }
    var guide = FloatStorage(zeros: shape.count)
    workers.combine(0, &guide, 1, y.span)
    state = self.mean(guide).fields + [state[3]]
  }

  package func freeze(_ state: inout [FloatStorage]) {
    let counters = state[3]
    state[3] = FloatStorage([Float(freezeAfter), counters.span[1]])
  }

  private func mean(_ guide: FloatStorage) -> NonLocalMean {
    NonLocalMean(guide: guide, shape, strength: strength, neighbourhood, workers: workers)
  }
}
