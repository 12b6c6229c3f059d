import Deblurring
import DenseAlgebra
import Lessons
import Testing

@Suite("Diagnosis")
struct DiagnosisTests {
  @Test("the naive inverse errs less than ‖ε‖ / σ_min = 21.19 allows")
  func bound() throws {
    let lecture = Lecture.peaks
    let diagnosis = try Diagnosis(lecture.blur, lecture.measurement, noise: 0.1)
    let bound = diagnosis.errorBound(noiseNorm: norm(lecture.noise))
    #expect(abs(bound - 21.187) < 1e-2)
    let error = norm(zip(try solve(lecture, .naive), lecture.truth).map { $0 - $1 })
    #expect(abs(error - 7.745) < 1e-3 && error < bound)
    #expect(abs((diagnosis.noiseFloor(forSignal: 0.2645751) ?? 0) - 0.37796) < 1e-4)
  }

  @Test("κ below 10 is safe, up to 1e4 moderate, above severe")
  func classes() {
    let expected: [(Double, Conditioning)] = [
      (1, .safe), (9.9, .safe), (10, .moderate), (100, .moderate), (1e4, .moderate),
      (1.1e4, .severe), (.infinity, .severe),
    ]
    for (κ, conditioning) in expected {
      #expect(Conditioning(conditionNumber: κ) == conditioning, "\(κ)")
    }
  }

  @Test("a difference that the operator sums away lies in its null space, and a sum does not")
  func nullSpace() throws {
    let blur = try Blur(Matrix(rowCount: 1, columnCount: 2, values: [1, 1]))
    let diagnosis = try Diagnosis(blur, [3], noise: nil)
    #expect(diagnosis.rank == 1)
    #expect(largestDifference(diagnosis.lost([1, -1]), [1, -1]) < 1e-15)
    #expect(largestDifference(diagnosis.lost([1, 1]), [0, 0]) < 1e-15)
    #expect(largestDifference(diagnosis.lost([1, 0]), [0.5, -0.5]) < 1e-15)
    #expect(diagnosis.hadamard.uniqueness.hasPrefix("Many signals explain it"))
  }

  @Test(
    "below the noise floor a Gaussian loses most of a pair of opposite spikes and little of a hump")
  func lost() throws {
    let blur = try Blur(gaussian: 3, count: 64)
    let diagnosis = try Diagnosis(blur, Lecture.peaks.measurement, noise: 0.01)
    let spikes = (0..<64).map { $0 == 31 ? 1.0 : $0 == 32 ? -1 : 0 }
    let hump = blur.matrix.row(32)
    #expect(norm(diagnosis.lost(spikes, below: 0.05)) > 0.9 * norm(spikes))
    #expect(norm(diagnosis.lost(hump, below: 0.05)) < 0.2 * norm(hump))
  }

  @Test(
    "the identity is well posed; the lecture's operator is unique but weakly stable; a Gaussian neither"
  )
  func hadamard() throws {
    let y = Lecture.peaks.measurement
    let identity = try Diagnosis(try Blur(.identity(64)), y, noise: nil).hadamard
    #expect(identity.isWellPosed && identity.stability.hasPrefix("Stable"))
    let lecture = try Diagnosis(Lecture.peaks.blur, y, noise: nil).hadamard
    #expect(!lecture.isWellPosed)
    #expect(lecture.uniqueness.hasPrefix("Only one") && lecture.stability.contains("κ = 230"))
    let gaussian = try Diagnosis(try Blur(gaussian: 3, count: 64), y, noise: nil)
    #expect(gaussian.rank < 64 && gaussian.unexplained > 0)
    #expect(gaussian.hadamard.existence.hasPrefix("No signal explains"))
    #expect(gaussian.hadamard.stability.hasPrefix("Unstable"))
  }
}
