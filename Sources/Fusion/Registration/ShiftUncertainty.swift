import Fields
import RealModule

/// How well a shift is known: `C = H⁻¹ V H⁻¹`, with `H = ½ ∂²S/∂d²` and `V` the covariance of its slope.
///
/// The slope is `Σ w r ∇t`, with `t` the filtered HAADF. `V` is what noise of maps and HAADF puts into it, or, where
/// that is more, what the rest `r` does over squares of an eighth of each side: a rest that a wrong model leaves.
struct ShiftUncertainty {
  /// Over (right, down), in pixels squared.
  let covariance: Symmetric
  /// `Σₑ (⟨w mₑ, t⟩ / σ)²`: what maps have in common with HAADF, against what noise would.
  let significance: Double

  init(_ misfit: ShiftMisfit, at d: SIMD2<Double>, bend: Symmetric) {
    let scene = misfit.scene
    let c = misfit.fit(at: d).coefficients
    let count = misfit.searched.count
    var (template, rest) = (scene.template, scene.seen)
    for (place, factor) in zip(misfit.settled, c[count...]) {
      let source = scene.sources[place.map]
      subtract(scene.moved(source.filtered, by: -place.shift), times: factor, from: &template)
      subtract(scene.moved(source.seen, by: -place.shift), times: factor, from: &rest)
    }
    template = scene.moved(template, by: d)
    rest = scene.moved(rest, by: d)
    for (map, factor) in zip(misfit.searched, c) {
      subtract(scene.sources[map].seen, times: factor, from: &rest)
    }
    rest = centred(rest, misfit.window)
    let slopes = Slopes(template, misfit.window, scene.shape)
    var noise = slopes.covariance(
      FloatStorage(repeating: Float(scene.sigma * scene.sigma), count: rest.count), cell: 1)
    for (map, factor) in zip(misfit.searched, c) {
      let source = scene.sources[map]
      noise.add(factor * factor * slopes.covariance(source.variance, cell: source.cell))
    }
    for (place, factor) in zip(misfit.settled, c[count...]) {
      let source = scene.sources[place.map]
      let variance = scene.moved(source.variance, by: d - place.shift)
      noise.add(factor * factor * slopes.covariance(variance, cell: source.cell))
    }
    let found = bend.inverse.around(noise)
    let left = bend.inverse.around(slopes.covariance(ofRest: rest))
    covariance = max(1, left.trace / max(found.trace, 1e-300)) * found
    significance = Self.significance(of: misfit, at: d)
  }

  static func significance(of misfit: ShiftMisfit, at d: SIMD2<Double>) -> Double {
    let template = misfit.scene.moved(misfit.scene.template, by: d)
    return zip(misfit.searched, misfit.common).reduce(0.0) { sum, pair in
      let source = misfit.scene.sources[pair.0]
      let value = pair.1.value(at: d)
      var variance = 0.0
      forEachCell(misfit.scene.shape, source.cell) { pixels in
        var (product, spread) = (0.0, 0.0)
        pixels {
          product += Double(misfit.window.span[$0] * template.span[$0])
          spread += Double(source.variance.span[$0])
        }
        variance += product * product * spread / Double(source.cell * source.cell)
      }
      return sum + (variance > 0 ? value * value / variance : 0)
    }
  }
}

/// `w ∇t`, which the slope of the misfit is made of.
private struct Slopes {
  private let right: FloatStorage
  private let down: FloatStorage
  private let shape: SlabShape

  init(_ template: borrowing FloatStorage, _ window: borrowing FloatStorage, _ shape: SlabShape) {
    let (rows, columns) = (shape.sliceCount, shape.positionCount)
    var right = FloatStorage(zeros: template.count)
    var down = right
    var x = right.mutableSpan
    var y = down.mutableSpan
    let (t, w) = (template.span, window.span)
    for row in 1..<rows - 1 {
      for i in row * columns + 1..<(row + 1) * columns - 1 {
        x[i] = 0.5 * w[i] * (t[i + 1] - t[i - 1])
        y[i] = 0.5 * w[i] * (t[i + columns] - t[i - columns])
      }
    }
    (self.right, self.down, self.shape) = (right, down, shape)
  }

  /// Of noise that is the same over cells of `k × k` pixels.
  func covariance(_ variance: borrowing FloatStorage, cell: Int) -> Symmetric {
    var sum = Symmetric()
    let (x, y, v) = (right.span, down.span, variance.span)
    forEachCell(shape, cell) { pixels in
      var (slope, spread) = (SIMD2<Double>.zero, 0.0)
      pixels {
        slope += [Double(x[$0]), Double(y[$0])]
        spread += Double(v[$0])
      }
      sum.add(slope, times: spread / Double(cell * cell))
    }
    return sum
  }

  /// From the rest itself, over 8 × 8 squares.
  func covariance(ofRest rest: borrowing FloatStorage) -> Symmetric {
    var sums = [SIMD2<Double>](repeating: .zero, count: 64)
    let (x, y, r) = (right.span, down.span, rest.span)
    for i in r.indices {
      let row = i / shape.positionCount * 8 / shape.sliceCount
      let column = i % shape.positionCount * 8 / shape.positionCount
      sums[row * 8 + column] += [Double(x[i] * r[i]), Double(y[i] * r[i])]
    }
    return sums.reduce(into: Symmetric()) { $0.add($1) }
  }
}

/// Calls `body` for each cell of `k × k` pixels with a loop over its pixels.
private func forEachCell(
  _ shape: SlabShape, _ cell: Int, _ body: (_ pixels: ((Int) -> Void) -> Void) -> Void
) {
  for top in stride(from: 0, to: shape.sliceCount, by: cell) {
    for left in stride(from: 0, to: shape.positionCount, by: cell) {
      body { visit in
        for row in top..<min(top + cell, shape.sliceCount) {
          for column in left..<min(left + cell, shape.positionCount) {
            visit(row * shape.positionCount + column)
          }
        }
      }
    }
  }
}

private func subtract(
  _ x: borrowing FloatStorage, times factor: Double, from y: inout FloatStorage
) {
  var values = y.mutableSpan
  let source = x.span
  for i in values.indices { values[i] -= Float(factor) * source[i] }
}

extension Symmetric {
  fileprivate mutating func add(_ other: Symmetric) {
    self = Symmetric(xx: xx + other.xx, xy: xy + other.xy, yy: yy + other.yy)
  }
}
