import Deblurring
import DenseAlgebra
import Inversion
import Lessons
import Testing

@Suite("SignalChooser")
struct SignalChooserTests {
  private func problem(
    _ method: SignalMethod = .tikhonov, noise: Double? = nil
  ) throws -> SignalProblem {
    var settings = SignalProblem.Settings()
    settings.noise = noise
    return try SignalProblem(Lecture.peaks.blur, Lecture.peaks.measurement, method, settings)
  }

  private func chooser(_ rule: ChoiceRule) -> SignalChooser {
    var chooser = SignalChooser(rule)
    chooser.grid = lectureGrid
    return chooser
  }

  @Test("the oracle takes point 58 of the grid, the corner of the L-curve lies at 60, one allowed")
  func oracleAndCorner() throws {
    var chooser = chooser(.oracle)
    chooser.truth = Lecture.peaks.truth
    let choice = try chooser.choose(try problem())
    #expect(choice.lambda == lectureGrid.values[58])
    let corner = try #require(choice.verdicts[.lCurve])
    let place = try #require(lectureGrid.values.firstIndex(of: corner))
    #expect(abs(place - 60) <= 1)
  }

  @Test("the discrepancy principle finds 0.3177 for the true noise and 0.9705 for √N σ")
  func discrepancy() throws {
    let count = Double(64).squareRoot()
    for (target, lambda) in [(0.6323556258436326, 0.3176874), (0.8, 0.9705100)] {
      let choice = try chooser(.discrepancy).choose(try problem(noise: target / count))
      #expect(abs(choice.lambda / lambda - 1) < 1e-3)
      let seen = Lecture.peaks.blur.matrix * choice.estimate.x
      let residual = rootMeanSquareError(seen, Lecture.peaks.measurement) * count
      #expect(abs(residual / target - 1) < 1e-4)
    }
  }

  @Test("GCV takes the λ where the table has its smallest value, near 0.0238")
  func gcv() throws {
    let choice = try chooser(.gcv).choose(try problem())
    let table = try golden("lambda_sweep.csv")["gcv"]
    let best = try #require(table.indices.min { table[$0] < table[$1] })
    #expect(choice.lambda == lectureGrid.values[best])
    #expect(abs(choice.lambda / 0.0238 - 1) < 0.2)
  }

  @Test("leaving every sample out in turn is the closed form of it, Σ (rᵢ / (1 − Aᵢᵢ))²")
  func leaveOneOut() throws {
    let h = try Blur(gaussian: 1, count: 12).matrix
    let y = (0..<12).map { Double(($0 * 7) % 5) }
    var chooser = SignalChooser(.crossValidation)
    chooser.folds = 6
    let problem = try SignalProblem(try Blur(h), y, .tikhonov)
    let choice = try chooser.choose(problem)
    let point = try #require(choice.sweep.points.first { $0.lambda == choice.lambda })
    // Groups of i and i + 6: r = (1 − A)⁻¹ of the pair times its residuals.
    let a = try h * inverse(h.gram + point.lambda * .identity(12)) * h.transposed
    let r = zip(y, a * y).map { $0 - $1 }
    var sum = 0.0
    for i in 0..<6 {
      let (p, q, s) = (1 - a[i, i], -a[i, i + 6], 1 - a[i + 6, i + 6])
      let det = p * s - q * q
      let (e, f) = ((s * r[i] - q * r[i + 6]) / det, (p * r[i + 6] - q * r[i]) / det)
      sum += e * e + f * f
    }
    #expect(abs((point.heldOut ?? .nan) / (sum / 12).squareRoot() - 1) < 1e-9)
  }

  @Test("a vacuum must come out empty by the weakest prior, and one without noise is refused")
  func vacuum() throws {
    var chooser = chooser(.vacuum)
    chooser.reference = 0..<10
    let choice = try chooser.choose(try problem())
    let x = choice.estimate.x
    let level = rootMeanSquareError(Array(x[0..<10]), .init(repeating: 0, count: 10))
    #expect(level <= 0.05 * (x.map { abs($0) }.max() ?? 0))
    #expect(rootMeanSquareError(x, Lecture.peaks.truth) < 0.25)
    let below = lectureGrid.values.last { $0 < choice.lambda } ?? 0
    let weaker = try solve(.peaks, .tikhonov, lambda: below)
    let leak = rootMeanSquareError(Array(weaker[0..<10]), .init(repeating: 0, count: 10))
    #expect(leak > 0.05 * (weaker.map { abs($0) }.max() ?? 0))

    var filled = Lecture.peaks.measurement
    for i in 0..<10 { filled[i] = 0 }
    let silent = try SignalProblem(Lecture.peaks.blur, filled, .tikhonov)
    #expect(throws: DeblurringError.referenceSilent(first: 0, end: 10)) {
      try chooser.choose(silent)
    }
    chooser.reference = 60..<70
    #expect(throws: DeblurringError.reference(first: 60, end: 70, count: 64)) {
      try chooser.choose(try problem())
    }
  }

  @Test("Wiener's λ is the noise over the power that the data show of the signal")
  func wiener() throws {
    let choice = try chooser(.wiener).choose(try problem(noise: 0.1))
    // With the truth: 0.1² / (4.48 / 64) = 0.143.
    #expect(choice.lambda > 0.05 && choice.lambda < 0.4)
  }

  @Test("nonlinear methods choose by discrepancy, corner or prediction, and are refused GCV")
  func nonlinear() throws {
    for method in [SignalMethod.tv, .l1] {
      var chooser = SignalChooser(.discrepancy)
      chooser.truth = Lecture.peaks.truth
      let problem = try problem(method, noise: 0.079)
      let choice = try chooser.choose(problem)
      let seen = problem.blur.matrix * choice.estimate.x
      let residual = rootMeanSquareError(seen, problem.measurement)
      #expect(abs(residual / 0.079 - 1) < 1e-3)
      // Below the root mean square of the signal itself, 0.265.
      #expect(rootMeanSquareError(choice.estimate.x, Lecture.peaks.truth) < 0.23)
      #expect(throws: ChoiceError.notLinear(method.rawValue)) {
        try SignalChooser(.gcv).choose(problem)
      }
    }
  }

  @Test("a rule that lacks what it needs says so")
  func refusals() throws {
    #expect(throws: ChoiceError.truthUnknown) {
      try SignalChooser(.oracle).choose(try problem())
    }
    #expect(throws: ChoiceError.noiseUnknown(.discrepancy)) {
      try SignalChooser(.discrepancy).choose(try problem())
    }
    #expect(throws: ChoiceError.vacuumUnknown) {
      try SignalChooser(.vacuum).choose(try problem())
    }
    #expect(throws: DeblurringError.lambdaMeaningless(method: "naive")) {
      try SignalChooser(.lCurve).choose(try problem(.naive))
    }
    #expect(throws: ChoiceError.notOffered(.wiener)) {
      try SignalChooser(.wiener).choose(try problem(.gradient, noise: 0.1))
    }
    #expect(throws: ChoiceError.neverMet(.discrepancy)) {
      try SignalChooser(.discrepancy).choose(try problem(noise: 100))
    }
    var chooser = SignalChooser(.crossValidation)
    chooser.folds = 40
    #expect(throws: DeblurringError.folds(40, samples: 64)) {
      try chooser.choose(try problem())
    }
  }

  private func inverse(_ matrix: Matrix) throws -> Matrix {
    let factor = try Cholesky(matrix)
    let columns = (0..<matrix.rowCount).map { k in
      factor.solve((0..<matrix.rowCount).map { $0 == k ? 1 : 0 })
    }
    return Matrix(rowCount: matrix.rowCount, columnCount: matrix.rowCount) { columns[$1][$0] }
  }
}
