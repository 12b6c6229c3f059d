import Deblurring
import DenseAlgebra
import Imaging
import Inversion
import Lessons
import Testing

@Suite("Lecture")
struct LectureTests {
  @Test(
    "the operator, the object, the noise and the measurement are those of the notebook to 1e-12")
  func fixture() throws {
    let (lecture, table) = (Lecture.peaks, try golden("signals.csv"))
    #expect(
      largestDifference(lecture.blur.matrix.values, try golden("H.csv").withoutRowNumbers.values)
        < 1e-15)
    #expect(lecture.truth == table["x_true"])
    #expect(largestDifference(lecture.noise, table["noise"]) < 1e-16)
    #expect(largestDifference(lecture.clean, table["Hx"]) < 1e-12)
    #expect(largestDifference(lecture.measurement, table["y"]) < 1e-12)
  }

  @Test("the steps and their noise are those of the later notebook, for three operators")
  func steps() throws {
    let table = try golden("steps_signals.csv")
    for (name, blur) in try stepBlurs() {
      let lecture = Lecture(stepsThrough: blur)
      #expect(lecture.truth == table["x_true"])
      #expect(largestDifference(lecture.measurement, table[name + "_y"]) < 1e-12, "\(name)")
    }
  }

  @Test("κ is 230.2, which is moderate; of a true Gaussian it is beyond 1e12, which is severe")
  func conditionNumbers() throws {
    let lecture = Lecture.peaks
    let diagnosis = try Diagnosis(lecture.blur, lecture.measurement, noise: 0.1)
    #expect(abs(diagnosis.conditionNumber - 230.2459) < 1e-3)
    #expect(diagnosis.conditioning == .moderate)
    let table = try golden("singular_values.csv")
    #expect(largestDifference(diagnosis.singularValues, table["sigma"]) < 1e-13)
    #expect(largestDifference(diagnosis.coefficients, table["picard_abs_uTy"]) < 1e-11)
    for ends in [Ends.zero, .periodic, .reflecting] {
      let blur = try Blur(gaussian: 3, count: 64, ends: ends, scale: .peak)
      let gaussian = try Diagnosis(blur, lecture.measurement, noise: 0.1)
      #expect(gaussian.conditionNumber > 1e12 && gaussian.conditioning == .severe, "\(ends)")
    }
  }

  @Test("cut at 3 and 4 standard deviations, κ is 6.19e5 and 1.72e10")
  func cutKernels() throws {
    for (cut, κ) in [(3.0, 6.185778e5), (4, 1.7163294e10)] {
      let blur = try Blur(gaussian: 3, count: 64, scale: .peak, cut: cut)
      let found = try SingularValues(blur.matrix).conditionNumber
      #expect(abs(found / κ - 1) < 1e-4, "\(cut)")
    }
  }

  @Test("the naive inverse errs by 0.9682, 6.90 times as much as Tikhonov's best")
  func naive() throws {
    let lecture = Lecture.peaks
    let naive = try solve(lecture, .naive)
    #expect(largestDifference(naive, try golden("signals.csv")["x_naive"]) < 1e-11)
    #expect(abs(rootMeanSquareError(naive, lecture.truth) - 0.968156) < 1e-6)
    let best = try solve(lecture, .tikhonov, lambda: lectureGrid.values[58])
    let ratio =
      rootMeanSquareError(naive, lecture.truth) / rootMeanSquareError(best, lecture.truth)
    #expect(abs(ratio - 6.9004) < 1e-4)
  }

  @Test("Tikhonov errs by 0.9656 at 1e-5, 0.1403 at best (point 58), 0.1888 at 5 and 0.2431 at 100")
  func tikhonov() throws {
    let lecture = Lecture.peaks
    func error(_ lambda: Double) throws -> Double {
      rootMeanSquareError(try solve(lecture, .tikhonov, lambda: lambda), lecture.truth)
    }
    for (lambda, rmse) in [(1e-5, 0.965626), (5, 0.188813), (100, 0.243141)] {
      #expect(abs(try error(lambda) - rmse) < 1e-6, "\(lambda)")
    }
    let problem = try SignalProblem(lecture.blur, lecture.measurement, .tikhonov)
    let sweep = try SignalSweep(problem, lectureGrid, truth: lecture.truth)
    let errors = sweep.points.map { $0.rmse ?? .nan }
    let smallest = try #require(errors.min())
    #expect(errors.firstIndex(of: smallest) == 58 && abs(smallest - 0.1403036) < 1e-7)
    #expect(abs(lectureGrid.values[58] - 0.1261857) < 1e-7)
    // It falls to the minimum and rises from there.
    #expect(zip(errors.prefix(59), errors.prefix(59).dropFirst()).allSatisfy { $0 > $1 })
    #expect(zip(errors.dropFirst(58), errors.dropFirst(59)).allSatisfy { $0 < $1 })
    #expect(errors[0] > 1.5 * smallest && errors[99] > 1.5 * smallest)
  }

  @Test("residual, norm, error, freedom and GCV of all 100 values are those of the table")
  func wholeSweep() throws {
    let (lecture, table) = (Lecture.peaks, try golden("lambda_sweep.csv"))
    let problem = try SignalProblem(lecture.blur, lecture.measurement, .tikhonov)
    let sweep = try SignalSweep(problem, lectureGrid, truth: lecture.truth)
    let columns: [(String, (SignalSweep.Point) -> Double, Double)] = [
      ("lambda", \.lambda, 1e-12), ("residual_norm", \.residual, 1e-11),
      ("solution_norm", \.penalty, 1e-11), ("rmse", { $0.rmse ?? .nan }, 1e-12),
      ("dof", { $0.estimate.freedom ?? .nan }, 1e-11),
    ]
    for (name, value, tolerance) in columns {
      #expect(largestDifference(sweep.points.map(value), table[name]) < tolerance, "\(name)")
    }
    let gcv = sweep.trials.map { $0.gcv ?? .nan }
    #expect(largestDifference(gcv, table["gcv"]) < 1e-11)
  }

  @Test(
    "behind a true Gaussian the best error is 0.1499 at 0.0343, or 0.1482 at 0.0210 with periodic ends"
  )
  func trueGaussian() throws {
    for (ends, point, rmse) in [(Ends.zero, 50, 0.1499142), (.periodic, 47, 0.1481837)] {
      let blur = try Blur(gaussian: 3, count: 64, ends: ends, scale: .peak)
      let lecture = Lecture(peaksThrough: blur)
      let problem = try SignalProblem(blur, lecture.measurement, .tikhonov)
      let sweep = try SignalSweep(problem, lectureGrid, truth: lecture.truth)
      let errors = sweep.points.map { $0.rmse ?? .nan }
      let best = try #require(errors.indices.min { errors[$0] < errors[$1] })
      #expect(best == point, "\(ends)")
      #expect(abs(errors[best] - rmse) < 1e-6, "\(ends)")
    }
    #expect(abs(lectureGrid.values[50] - 0.0343047) < 1e-7)
  }

  @Test(
    "with more noise the naive error grows in proportion, and Tikhonov's stays below the signal")
  func noiseSweep() throws {
    let table = try golden("noise_sweep.csv")
    let lambda = lectureGrid.values[58]
    for k in table["noise_sd"].indices {
      let lecture = Lecture(
        peaksThrough: Lecture.peaks.blur, noiseLevel: table["noise_sd"][k])
      let naive = rootMeanSquareError(try solve(lecture, .naive), lecture.truth)
      #expect(abs(naive / (9.681561777 * lecture.noiseLevel) - 1) < 1e-6)
      let fixed = try solve(lecture, .tikhonov, lambda: lambda)
      let error = rootMeanSquareError(fixed, lecture.truth)
      #expect(abs(error - table["rmse_tik_lam0.126"][k]) < 1e-9)
      let problem = try SignalProblem(lecture.blur, lecture.measurement, .tikhonov)
      let sweep = try SignalSweep(problem, lectureGrid, truth: lecture.truth)
      let best = sweep.points.compactMap(\.rmse).min() ?? .nan
      #expect(abs(best - table["rmse_tik_best"][k]) < 1e-9)
      #expect(best <= 0.2646)
    }
  }
}

/// The three operators of the steps, by the names in Golden/steps_signals.csv.
func stepBlurs() throws -> [(name: String, blur: Blur)] {
  [
    ("lecture_peak1", Lecture.blur(sigma: 4, count: 96)),
    ("lecture_rowsum1", Lecture.blur(sigma: 4, count: 96, scale: .rowSum)),
    ("symmetric_rowsum1", try Blur(gaussian: 4, count: 96)),
  ]
}
