public import Fields
public import Operators

/// One term `λ D(H(x), y)` of an objective: how far the model lies from one measured field.
public struct DataFidelity: Sendable {
  /// `H`
  package let model: any ForwardModel
  /// `y`, `[slab][page][position][lane]`
  package let measurement: FloatStorage
  package let shape: SlabShape
  package let discrepancy: any SmoothDiscrepancy
  /// `λ`
  package let weight: Float

  /// - Parameters:
  ///   - discrepancy: `D`, which says what kind of noise the measurement has.
  ///   - model: `H`, with one measurement per float of `shape`.
  ///   - measurement: `y`, in the order of `shape`.
  ///   - weight: `λ`, above 0; 1 by default.
  /// - Throws: ``InversionError`` where the measurement does not suit the discrepancy, or the weight is not positive.
  public init(
    _ discrepancy: any SmoothDiscrepancy, of model: any ForwardModel, to measurement: FloatStorage,
    _ shape: SlabShape, weight: Float = 1
  ) throws(InversionError) {
    precondition(measurement.count == shape.count, "the measurement does not fit its shape")
    guard weight > 0 && weight.isFinite else { throw .weight(weight) }
    try discrepancy.check(measurement.span)
    (self.discrepancy, self.model) = (discrepancy, model)
    (self.measurement, self.shape, self.weight) = (measurement, shape, weight)
  }

  /// `λ D(u, y)` over true values.
  func value(_ prediction: borrowing FloatStorage, _ workers: Workers) -> Double {
    let prediction = prediction.span
    let pages = workers.results(shape.slabCount * shape.pageCount) { page in
      let range = page * shape.pageLength..<(page + 1) * shape.pageLength
      let (u, y) = (prediction.extracting(range), measurement.span.extracting(range))
      let lanes = shape.slices(of: page / shape.pageCount).count
      guard lanes < shape.laneCount else {
        return discrepancy.value(u, y, from: range.lowerBound)
      }
      return stride(from: 0, to: range.count, by: shape.laneCount).reduce(0.0) { sum, run in
        let run = run..<run + lanes
        return sum
          + discrepancy.value(
            u.extracting(run), y.extracting(run), from: range.lowerBound + run.lowerBound)
      }
    }
    return Double(weight) * pages.reduce(0, +)
  }

  /// `u ← ∂D/∂u`, without `λ`; zero in padding lanes.
  func formGradient(_ prediction: inout FloatStorage, _ workers: Workers) {
    workers.forEachSlab(of: prediction.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      let range = page * shape.pageLength..<(page + 1) * shape.pageLength
      discrepancy.formGradient(
        &values, measurement.span.extracting(range), from: range.lowerBound)
      clearPadding(&values, slab: page / shape.pageCount)
    }
  }

  /// One dual step towards the prediction `u = H x̄`; zero in padding lanes.
  func formDual(
    _ dual: inout FloatStorage, _ prediction: borrowing FloatStorage, step: DualStep,
    _ workers: Workers
  ) {
    let prediction = prediction.span
    workers.forEachSlab(of: dual.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      let range = page * shape.pageLength..<(page + 1) * shape.pageLength
      discrepancy.formDual(
        &values, prediction.extracting(range), measurement.span.extracting(range),
        from: range.lowerBound, step: step)
      clearPadding(&values, slab: page / shape.pageCount)
    }
  }

  /// Sets the padding lanes of one page to zero.
  private func clearPadding(_ page: inout MutableSpan<Float>, slab: Int) {
    let lanes = shape.slices(of: slab).count
    guard lanes < shape.laneCount else { return }
    for run in stride(from: 0, to: page.count, by: shape.laneCount) {
      for l in run + lanes..<run + shape.laneCount { page[l] = 0 }
    }
  }
}

extension DataFidelity {
  /// `u ← H(x)`
  func predict(_ x: borrowing FloatStorage, into prediction: inout FloatStorage) {
    model.apply(x.span, into: prediction.mutableSpan)
  }

  /// `g ← J(x)ᵀ u`
  func pullBack(
    _ u: borrowing FloatStorage, at x: borrowing FloatStorage, into gradient: inout FloatStorage
  ) {
    model.applyDerivativeAdjoint(u.span, at: x.span, into: gradient.mutableSpan)
  }

  /// `x̂ ← clip(x̂ − T J(x)ᵀ q)`, through `pullback` where the model cannot step in place.
  func step(
    _ ahead: inout FloatStorage, along dual: borrowing FloatStorage, at x: borrowing FloatStorage,
    steps: RunFactors, clippedTo bounds: ClosedRange<Float>, pullback: inout FloatStorage,
    _ workers: Workers
  ) {
    if let model = model as? any SteppingOperator {
      model.stepAlongAdjoint(dual.span, from: ahead.mutableSpan, steps: steps, clippedTo: bounds)
    } else {
      pullBack(dual, at: x, into: &pullback)
      workers.step(&ahead, along: pullback, steps: steps, clippedTo: bounds)
    }
  }
}
