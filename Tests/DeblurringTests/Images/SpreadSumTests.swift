import Deblurring
import Fields
import Foundation
import Imaging
import Inversion
import Testing

/// A point spread that is scaled makes an image that many times fainter, and nothing else.
@Suite struct SpreadSumTests {
  private let grid = Grid(rowCount: 40, columnCount: 36)

  private var truth: FloatStorage {
    FloatStorage(
      (0..<grid.count).map { i in
        let (row, column) = (i / 36, i % 36)
        return 8..<20 ~= row && 6..<16 ~= column ? 40 : 24..<30 ~= row && 20..<26 ~= column ? 90 : 4
      })
  }

  /// A lopsided spread of that sum.
  private func blur(_ sum: Double, _ ends: Ends) throws -> FieldBlur {
    let shape = try PointSpread(gaussian: [0, 1.5, 1.5])
    let weights = shape.weights.enumerated().map { i, weight in
      ends == .zero && i % shape.grid.columnCount < shape.grid.columnCount / 2
        ? 0.6 * weight : weight
    }
    let unit = try PointSpread(weights, on: shape.grid).normalised()
    let spread = try PointSpread(unit.weights.map { $0 * sum }, on: unit.grid)
    return FieldBlur(spread, on: grid, ends: ends)
  }

  /// The blurred truth in whole counts, which are rough enough for a noise.
  private func measured(_ ends: Ends) throws -> FloatStorage {
    var seen = FloatStorage(zeros: grid.count)
    try blur(1, ends).apply(truth.span, into: seen.mutableSpan)
    return FloatStorage(
      (0..<grid.count).map { i in max(0, (seen.span[i] + Float((i * 7919) % 9) - 4).rounded()) })
  }

  @Test(
    "Every method gives the same up to the scale, with λ chosen",
    arguments: [
      ImageDeblurring.Method.tsvd, .tikhonov, .gradient, .wiener, .tv, .l1, .richardsonLucy,
      .richardsonLucyTV, .atomicNumber,
    ], [1e-6, 1e6])
  func scaled(method: ImageDeblurring.Method, sum: Double) throws {
    let ends: Ends = [.tsvd, .wiener].contains(method) ? .periodic : .zero
    let image = try measured(ends)
    func deblurred(_ sum: Double) throws -> DeblurredImage {
      var deblurring = ImageDeblurring(method, try blur(sum, ends))
      deblurring.iterationLimit = 12
      if method == .wiener { deblurring.noise = 2.6 }
      return try deblurring.deblur(image)
    }
    let (one, other) = (try deblurred(1), try deblurred(sum))
    let factor = method == .atomicNumber ? pow(sum, 1 / 1.7) : sum
    let scaled = FloatStorage((0..<grid.count).map { Float(Double(other.field.span[$0]) * factor) })
    #expect(gap(scaled, one.field) < 1e-4)
    if let lambda = one.lambda { #expect(abs((other.lambda ?? 0) / lambda - 1) < 1e-3) }
  }

  @Test("Errors against a truth are those of the image that is given, and λ is that of a sum of 1")
  func truths() throws {
    let image = try measured(.periodic)
    func errors(_ sum: Double, _ method: ImageDeblurring.Method) throws -> DeblurredImage {
      var deblurring = ImageDeblurring(method, try blur(sum, .periodic))
      deblurring.strength = method == .richardsonLucy ? .chosen(nil) : .chosen(.oracle)
      let faint = FloatStorage((0..<grid.count).map { truth.span[$0] / Float(sum) })
      return try deblurring.deblur(image, truth: faint)
    }
    for sum in [1e-6, 1e6] {
      let (one, other) = (try errors(1, .richardsonLucy), try errors(sum, .richardsonLucy))
      #expect(zip(one.errors, other.errors).allSatisfy { abs($0 / ($1 * sum) - 1) < 1e-3 })
      let (plain, scaled) = (try errors(1, .tikhonov), try errors(sum, .tikhonov))
      let pairs = zip(plain.choice?.trials ?? [], scaled.choice?.trials ?? [])
      #expect(pairs.allSatisfy { abs(($0.error ?? 0) / (($1.error ?? 0) * sum) - 1) < 1e-3 })
      #expect(pairs.allSatisfy { $0.gcv != nil && abs(($0.gcv ?? 0) / ($1.gcv ?? 0) - 1) < 1e-3 })
    }
  }
}
