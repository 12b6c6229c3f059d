import Fields
import RealModule

/// Steps through one slab that improve a volume tilt by tilt, with thin rays (Joseph).
///
/// A voxel that lands between bins `b` and `b + 1` shares `a` and `b` with them, as in
/// ``GatherEntry``; the reciprocal of their sum (times the path) is the column weight `C` of that
/// tilt. Both bins count in it even where one lies off the detector, so that `C` has no bright rim.
///
/// Bins are kept with two guards on either side, so that no voxel asks whether it is in view.
struct SweepKernel<let laneCount: Int> {
  static func paddedLength(binCount: Int) -> Int { (binCount + 4) * laneCount }

  let volume: SlabShape
  let binCount: Int

  /// One tilt as voxels of a row see it.
  struct View {
    let origin: Int
    let perX: Int
    let perZ: Int
    let perReach: Float
    let path: Float

    init(_ rays: TiltRays) {
      (origin, perX, perZ) = (rays.origin, rays.perX, rays.perZ)
      perReach = Float(Double(1 << 8) / Double(rays.reach))
      path = rays.pathPerRow
    }

    /// The shares of the two bins around a position.
    @inline(__always)
    func shares(_ position: Int) -> (Float, Float) {
      let fraction = Int32(truncatingIfNeeded: position >> 8) & 0xFF_FFFF
      let a = share(fraction, reciprocalReach: perReach)
      let b = share(1 << 24 - fraction, reciprocalReach: perReach)
      return (a > 0 ? a : 0, b > 0 ? b : 0)
    }
  }

  /// `v ← clip(v + β C_t H_tᵀ r)` with the residuals of tilt `update`, and on the way `p ← H_s v`
  /// for tilt `project`; either may be left out. `p` lacks the path.
  @inline(__always)
  func step(
    update: View?, _ residual: Span<Float>, project: View?,
    _ prediction: inout MutableSpan<Float>, volume v: inout MutableSpan<Float>,
    support: Span<Float>, _ bounds: SweepBounds
  ) {
    precondition(v.count == volume.slabLength)
    precondition(residual.count == Self.paddedLength(binCount: binCount))
    precondition(prediction.count == residual.count)
    precondition(support.isEmpty || support.count == v.count)
    switch (update, project) {
    case (let update?, let project?):
      prediction.update(repeating: 0)
      if support.isEmpty {
        run(update, residual, project, &prediction, &v, support, bounds, (true, true, false))
      } else {
        run(update, residual, project, &prediction, &v, support, bounds, (true, true, true))
      }
    case (let update?, nil):
      if support.isEmpty {
        run(update, residual, update, &prediction, &v, support, bounds, (true, false, false))
      } else {
        run(update, residual, update, &prediction, &v, support, bounds, (true, false, true))
      }
    case (nil, let project?):
      prediction.update(repeating: 0)
      run(project, residual, project, &prediction, &v, support, bounds, (false, true, false))
    case (nil, nil): break
    }
  }

  @inline(__always)
  private func run(
    _ update: View, _ residual: Span<Float>, _ project: View,
    _ prediction: inout MutableSpan<Float>, _ v: inout MutableSpan<Float>, _ support: Span<Float>,
    _ bounds: SweepBounds, _ does: (update: Bool, project: Bool, mask: Bool)
  ) {
    let (beta, lower, upper) = (bounds.relaxation, bounds.lower, bounds.upper)
    var i = 0
    for z in 0..<volume.pageCount {
      var from = update.origin + z * update.perZ
      var to = project.origin + z * project.perZ
      for _ in 0..<volume.positionCount {
        var value = InlineArray<laneCount, Float>(repeating: 0)
        if does.update {
          let (a, b) = update.shares(from)
          let factor = beta / (a + b)
          let (near, far) = (factor * a, factor * b)
          let r = slot(from) &* laneCount
          for l in 0..<laneCount {
            var new = unsafe Relaxed.multiplyAdd(
              near, residual[unchecked: r &+ l], v[unchecked: i &+ l])
            new = unsafe Relaxed.multiplyAdd(far, residual[unchecked: r &+ laneCount &+ l], new)
            new = new < lower ? lower : new > upper ? upper : new
            if does.mask { new *= unsafe support[unchecked: i &+ l] }
            unsafe value[unchecked: l] = new
          }
          for l in 0..<laneCount { unsafe v[unchecked: i &+ l] = value[unchecked: l] }
          from &+= update.perX
        } else {
          for l in 0..<laneCount { unsafe value[unchecked: l] = v[unchecked: i &+ l] }
        }
        if does.project {
          let (a, b) = project.shares(to)
          let p = slot(to) &* laneCount
          var near = InlineArray<laneCount, Float>(repeating: 0)
          var far = InlineArray<laneCount, Float>(repeating: 0)
          for l in 0..<laneCount {
            unsafe near[unchecked: l] = Relaxed.multiplyAdd(
              a, value[unchecked: l], prediction[unchecked: p &+ l])
            unsafe far[unchecked: l] = Relaxed.multiplyAdd(
              b, value[unchecked: l], prediction[unchecked: p &+ laneCount &+ l])
          }
          for l in 0..<laneCount { unsafe prediction[unchecked: p &+ l] = near[unchecked: l] }
          for l in 0..<laneCount {
            unsafe prediction[unchecked: p &+ laneCount &+ l] = far[unchecked: l]
          }
          to &+= project.perX
        }
        i &+= laneCount
      }
    }
  }

  /// The first of the two padded bins around a position; the outermost ones are guards.
  @inline(__always)
  private func slot(_ position: Int) -> Int {
    min(max(position >> 32, -2), binCount) &+ 2
  }

  /// `r ← R_t (y_t − p)` in the place of the bins of `residual`, whose guards stay zero.
  ///
  /// - Returns: `‖y_t − p‖²` of each lane.
  func formResidual(
    _ view: View, _ prediction: Span<Float>, measured: Span<Float>, rowWeights: Span<Float>,
    into residual: inout MutableSpan<Float>
  ) -> InlineArray<laneCount, Float> {
    precondition(rowWeights.count == binCount && measured.count == binCount * laneCount)
    precondition(prediction.count == Self.paddedLength(binCount: binCount))
    precondition(residual.count == prediction.count)
    var squares = InlineArray<laneCount, Float>(repeating: 0)
    for bin in 0..<binCount {
      let (y, p, weight) = (bin &* laneCount, (bin &+ 2) &* laneCount, rowWeights[bin])
      for l in 0..<laneCount {
        let difference = unsafe Relaxed.multiplyAdd(
          -view.path, prediction[unchecked: p &+ l], measured[unchecked: y &+ l])
        unsafe squares[unchecked: l] += difference * difference
        unsafe residual[unchecked: p &+ l] = weight * difference
      }
    }
    return squares
  }
}
