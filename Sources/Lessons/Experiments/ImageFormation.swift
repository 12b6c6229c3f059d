import Deblurring
import DenseAlgebra
import Fields
import Inversion
import Plots
import Reconstruction
import RealModule
import Statistics

extension LabResult {
  /// A core in a shell, blurred and noisy, and got back with the residual at the noise.
  static func forwardModel() throws -> LabResult {
    let (count, noise) = (64, 0.03)
    let object = Matrix(rowCount: count, columnCount: count) { row, column in
      let (z, x) = (Double(row) - 31.5, Double(column) - 31.5)
      let radius = (x * x + z * z).squareRoot()
      return radius <= 10 ? 1 : radius <= 20 ? 0.5 : 0
    }
    let h = try Blur(gaussian: 2, count: count).matrix
    let clean = h * object * h.transposed
    let measured = Matrix(rowCount: count, columnCount: count) { row, column in
      var random = SplitMix64(seed: 1, tilt: 0, slice: row, bin: column)
      return clean[row, column] + noise * random.gaussian()
    }
    let form = try SeparableForm(h)
    func residual(_ x: Matrix) -> Double {
      rootMeanSquareError((h * x * h.transposed).values, measured.values)
    }
    let found = LambdaSearch().root(residual: noise, tolerance: 1e-4) { lambda in
      let x = form.tikhonov(measured, lambda: lambda)
      return LambdaTrial(
        lambda: lambda, mu: lambda, residual: residual(x), penalty: norm(x.values), iterations: 0)
    }
    let estimate = form.tikhonov(measured, lambda: found.lambda)
    let errors = [measured, estimate].map { rootMeanSquareError($0.values, object.values) }
    let places = (0..<count * count).map { Double($0) }
    func middle(_ matrix: Matrix) -> [Double] { matrix.row(count / 2) }
    return LabResult(
      facts: [
        "rmseMeasurement": .finite(errors[0]), "rmseEstimate": .finite(errors[1]),
        "lambda": .finite(found.lambda), "noise": .finite(noise), "sigma": .finite(2),
        "seed": .count(1),
      ],
      tables: [
        (
          "",
          try table([
            ("row", places.map { ($0 / Double(count)).rounded(.down) }),
            ("column", places.map { $0.truncatingRemainder(dividingBy: Double(count)) }),
            ("object", object.values), ("measurement", measured.values),
            ("estimate", estimate.values),
          ])
        )
      ],
      figure: Figure(
        "The forward model y = Hx + ε and its inversion", columnCount: 2,
        [
          picture(object, "Object x: core 1, shell 0.5 (grey from 0 to 1)"),
          picture(measured, "Measurement y: σ = 2 px, noise 0.03"),
          picture(estimate, "Tikhonov x̂, λ = \(rounded(found.lambda)), RMSE \(rounded(errors[1]))"),
          .chart(
            Chart.panel(
              "Along the middle row", x: .init("column", limits: 0...63), y: .init("value"),
              [
                .samples("object", middle(object)), .samples("measurement", middle(measured)),
                .samples("x̂", middle(estimate)),
              ])),
        ]))
  }

  /// Two objects that no projection along the beam can tell apart.
  ///
  ///     B(x, z) = w(z) Σ_z A(x, z),   Σ w = 1
  static func nonUniqueness() throws -> LabResult {
    let count = 64
    func disc(_ x: Double, _ z: Double, _ height: Double) -> Double {
      let distance = (x * x + (z - height) * (z - height)).squareRoot()
      return min(max(8.5 - distance, 0), 1)  // an edge one sample wide
    }
    let pair = Matrix(rowCount: count, columnCount: count) { row, column in
      let (z, x) = (Double(row) - 31.5, Double(column) - 31.5)
      return disc(x, z, -14) + disc(x, z, 14)
    }
    func project(_ object: Matrix) -> [Double] {
      object.transposedTimes(.init(repeating: 1, count: count))
    }
    let projection = project(pair)
    let weights = (0..<count).map { row -> Double in
      let z = (Double(row) - 31.5) / 14
      return .exp(-z * z * z * z)
    }
    let sum = weights.reduce(0, +)
    let single = Matrix(rowCount: count, columnCount: count) { row, column in
      weights[row] / sum * projection[column]
    }
    let second = project(single)
    let largest = zip(projection, second).map { abs($0 - $1) }.max() ?? 0
    let distance =
      norm(zip(pair.values, single.values).map { $0 - $1 }) / norm(pair.values)
    var both = Chart.panel(
      "Projections along the beam, from top to bottom", x: .init("x, sample", limits: 0...63),
      y: .init("line integral"),
      [.samples("A", projection), .samples("B", second, mark: .points)])
    both.height = 320
    return LabResult(
      facts: [
        "largestDifferenceOfProjections": .finite(largest),
        "relativeDifferenceOfObjects": .finite(distance),
      ],
      tables: [
        (
          "",
          try table([
            ("x", (0..<count).map { Double($0) }), ("projectionA", projection),
            ("projectionB", second),
          ])
        )
      ],
      figure: Figure(
        "One projection, two objects", columnCount: 3,
        [
          picture(pair, "A: two particles (white = 1)"),
          picture(single, "B: one elongated feature (white = 1.3)", top: 1.3), .chart(both),
        ]))
  }

  /// A picture with 0 black and `top` white.
  private static func picture(
    _ matrix: Matrix, _ caption: String, top: Float = 1
  ) -> Figure.Part {
    let values = FloatStorage(matrix.values.map { Float($0) })
    return .picture(
      Panel(
        Picture(values.span, width: matrix.columnCount, limits: 0...top),
        caption: caption), magnification: 4)
  }
}
