import Deblurring
import DenseAlgebra
import Imaging
import Lessons
import Testing

@Suite("SignalSolver")
struct SignalSolverTests {
  private func peaks(_ ends: Ends) throws -> Lecture {
    Lecture(peaksThrough: try Blur(gaussian: 3, count: 64, ends: ends))
  }

  @Test(
    "both penalties, with and without x ≥ 0, agree with stacked least squares and NNLS",
    arguments: Ends.allCases)
  func quadratic(ends: Ends) throws {
    let (lecture, table) = (try peaks(ends), try golden("methods.csv"))
    #expect(largestDifference(lecture.measurement, table["\(ends)_y"]) < 1e-14)
    var positive = SignalProblem.Settings()
    positive.isNonNegative = true
    for (method, name) in [(SignalMethod.tikhonov, "size"), (.gradient, "slope")] {
      let x = try solve(lecture, method, lambda: 0.1)
      #expect(largestDifference(x, table["\(ends)_\(name)"]) < 1e-12, "\(name)")
      let bounded = try solve(lecture, method, lambda: 0.1, positive)
      #expect(bounded.allSatisfy { $0 >= 0 })
      #expect(largestDifference(bounded, table["\(ends)_\(name)_positive"]) < 1e-6, "\(name)")
    }
  }

  @Test("the filter on singular values solves the normal equations for every λ of the grid")
  func normalEquations() throws {
    let lecture = Lecture.peaks
    let h = lecture.blur.matrix
    let right = h.transposedTimes(lecture.measurement)
    for (method, penalty) in [
      (SignalMethod.tikhonov, Matrix.identity(64)), (.gradient, Matrix.differences(64).gram),
    ] {
      for lambda in lectureGrid.values {
        let x = try solve(lecture, method, lambda: lambda)
        let left = zip(h.gram * x, penalty * x).map { $0 + lambda * $1 }
        #expect(largestDifference(left, right) < 1e-10 * norm(right))
      }
    }
  }

  @Test("L1 has a subgradient of zero, with exact zeros, and x ≥ 0 where it is asked for")
  func sparse() throws {
    let lecture = Lecture.peaks
    for isNonNegative in [false, true] {
      var settings = SignalProblem.Settings()
      settings.isNonNegative = isNonNegative
      let lambda = 0.5
      let x = try solve(lecture, .l1, lambda: lambda, settings)
      let misfit = zip(lecture.measurement, lecture.blur.matrix * x).map { $0 - $1 }
      let pull = lecture.blur.matrix.transposedTimes(misfit).map { $0 / lambda }
      #expect(x.contains { $0 == 0 } && x.contains { $0 > 0.1 })
      for (value, pull) in zip(x, pull) {
        if value > 1e-6 { #expect(abs(pull - 1) < 1e-4) }
        if value < -1e-6 { #expect(!isNonNegative && abs(pull + 1) < 1e-4) }
        #expect(pull < 1 + 1e-4 && (isNonNegative || pull > -1 - 1e-4))
      }
      #expect(!isNonNegative || x.allSatisfy { $0 >= 0 })
    }
  }

  @Test(
    "the opposite measurement has the opposite solution",
    arguments: [SignalMethod.tv, .l1, .gradient])
  func sign(method: SignalMethod) throws {
    let y = Lecture.peaks.measurement
    func solve(_ sign: Double) throws -> [Double] {
      var solver = try SignalSolver(
        try SignalProblem(Lecture.peaks.blur, y.map { sign * $0 }, method))
      return try solver.estimate(lambda: 0.3).x.map { sign * $0 }
    }
    #expect(largestDifference(try solve(1), try solve(-1)) < 1e-9)
  }

  @Test("total variation with x ≥ 0 is not negative, and without a need for it changes nothing")
  func boundedVariation() throws {
    var settings = SignalProblem.Settings()
    settings.isNonNegative = true
    let bounded = try solve(.peaks, .tv, lambda: 0.05, settings)
    #expect(bounded.allSatisfy { $0 >= 0 } && bounded.contains { $0 > 0.3 })
    let steps = Lecture(stepsThrough: Lecture.blur(sigma: 4, count: 96, scale: .rowSum))
    let (free, idle) = (
      try solve(steps, .tv, lambda: 0.15), try solve(steps, .tv, lambda: 0.15, settings)
    )
    #expect(largestDifference(free, idle) < 1e-4)
  }

  @Test("truncation at λ keeps the components with σ² ≥ λ and no others")
  func truncation() throws {
    let lecture = Lecture.peaks
    let svd = try SingularValues(lecture.blur.matrix)
    let x = try solve(lecture, .tsvd, lambda: 1)
    let parts = svd.vt * x
    let coefficients = svd.coefficients(of: lecture.measurement)
    for i in parts.indices {
      let expected = svd.values[i] >= 1 ? coefficients[i] / svd.values[i] : 0
      #expect(abs(parts[i] - expected) < 1e-12)
    }
  }

  @Test("Wiener's filter beats the naive inverse by far and, told little noise, comes near to it")
  func wiener() throws {
    var settings = SignalProblem.Settings()
    settings.noise = 0.1
    let x = try solve(.peaks, .wiener, settings)
    #expect(rootMeanSquareError(x, Lecture.peaks.truth) < 0.2)
    // A true Gaussian, behind which all but a few components drown.
    let gaussian = Lecture(peaksThrough: try Blur(gaussian: 3, count: 64, scale: .peak))
    let y = try solve(gaussian, .wiener, settings)
    #expect(rootMeanSquareError(y, gaussian.truth) < 0.2)
    settings.noise = 1e-9
    let open = try solve(.peaks, .wiener, settings)
    #expect(largestDifference(open, try solve(.peaks, .naive)) < 1e-6)
  }

  @Test(
    "Richardson and Lucy keep counts: H of the result sums up to the data, and nothing is negative")
  func counts() throws {
    let blur = try Blur(gaussian: 2, count: 64, ends: .zero, scale: .peak)
    let truth = Lecture.peaks.truth.map { 100 * $0 + 1 }
    let counts = (blur.matrix * truth).map { $0.rounded() }
    let problem = try SignalProblem(blur, counts, .richardsonLucy)
    var solver = try SignalSolver(problem)
    let x = try solver.estimate(lambda: 1).x
    #expect(x.allSatisfy { $0 >= 0 })
    let kept = (blur.matrix * x).reduce(0, +)
    let sum = counts.reduce(0, +)
    #expect(abs(kept / sum - 1) < 1e-12)
    let scaled = counts.map { $0 / 5.013 }  // the sum of the kernel
    #expect(rootMeanSquareError(x, truth) < 0.7 * rootMeanSquareError(scaled, truth))
  }

  @Test("what cannot be solved is refused with what is wrong")
  func refusals() throws {
    let blur = try Blur(gaussian: 2, count: 8)
    let y = [Double](repeating: 1, count: 8)
    func refusal(
      _ method: SignalMethod, _ y: [Double],
      _ change: (inout SignalProblem.Settings) -> Void = { _ in }
    ) -> DeblurringError? {
      var settings = SignalProblem.Settings()
      change(&settings)
      do throws(DeblurringError) {
        _ = try SignalProblem(blur, y, method, settings)
        return nil
      } catch { return error }
    }
    #expect(refusal(.naive, [1, 2]) == .lengths(operatorRows: 8, measurement: 2))
    #expect(refusal(.naive, y.dropLast() + [.nan]) == .notFinite(what: "measurement", index: 7))
    #expect(refusal(.wiener, y) == .noiseUnknown(rule: "wiener"))
    #expect(refusal(.tikhonov, y) { $0.noise = -1 } == .noise(-1))
    #expect(
      refusal(.naive, y) { $0.isNonNegative = true } == .nonNegativeMeaningless(method: "naive"))
    #expect(refusal(.richardsonLucy, [-1] + y.dropLast()) == .negativeData(index: 0, value: -1))
    #expect(refusal(.richardsonLucy, y) { $0.iterationCount = 0 } == .iterations(0))
    #expect(throws: DeblurringError.lambda(0)) { try solve(.peaks, .tikhonov, lambda: 0) }
    #expect(throws: DeblurringError.zeroOperator) {
      try SignalProblem(
        try Blur(Matrix(rowCount: 2, columnCount: 2, values: [0, 0, 0, 0])), [1, 1], .naive)
    }
  }
}
