import Deblurring
import DenseAlgebra
import Plots
import Reconstruction

extension LabResult {
  /// Singular values above and below the noise, what noise does to two methods, Picard's plot, filters.
  static func svd() throws -> LabResult {
    let study = try PeakStudy()
    let lecture = study.lecture
    let diagnosis = try Diagnosis(lecture.blur, lecture.measurement, noise: lecture.noiseLevel)
    let gaussian = try Diagnosis(
      try Blur(gaussian: 3, count: 64, scale: .peak), lecture.measurement, noise: nil)
    let level = rootMeanSquareError(lecture.truth, lecture.truth.map { _ in 0 })
    let floor = diagnosis.noiseFloor(forSignal: level) ?? 0
    let order = diagnosis.singularValues.indices.map { Double($0 + 1) }
    let (noise, lambda) = (try noiseSweep(study), study.best.lambda)
    let filters: [(String, (Double) -> Double)] = [
      ("naive", { _ in 1 }), ("TSVD", { $0 * $0 >= lambda ? 1 : 0 }),
      ("Tikhonov", { $0 * $0 / ($0 * $0 + lambda) }),
    ]
    let measured = zip(diagnosis.coefficients, diagnosis.singularValues).map { $0 / $1 }
    let spectrum = spectrumChart(diagnosis, gaussian, floor)
    let drowned = diagnosis.singularValues.count { $0 < floor }
    return LabResult(
      facts: [
        "conditionNumber": .finite(diagnosis.conditionNumber),
        "conditioning": .text(diagnosis.conditioning.rawValue),
        "conditionNumberTrueGaussian": .finite(gaussian.conditionNumber),
        "conditioningTrueGaussian": .text(gaussian.conditioning.rawValue),
        "largestSingularValue": .finite(diagnosis.singularValues.first ?? 0),
        "smallestSingularValue": .finite(diagnosis.singularValues.last ?? 0),
        "stability": .text(diagnosis.hadamard.stability), "noiseFloor": .finite(floor),
        "componentsBelowNoise": .count(drowned),
        "existenceTrueGaussian": .text(gaussian.hadamard.existence),
        "uniquenessTrueGaussian": .text(gaussian.hadamard.uniqueness),
        "stabilityTrueGaussian": .text(gaussian.hadamard.stability),
      ],
      tables: [
        (
          "",
          try table([
            ("component", order), ("sigma", diagnosis.singularValues),
            ("sigmaTrueGaussian", gaussian.singularValues),
            ("coefficient", diagnosis.coefficients), ("coefficientOverSigma", measured),
            ("tikhonovFactor", diagnosis.singularValues.map(filters[2].1)),
          ])
        ),
        (
          "noise",
          try table([
            ("noise", noise.levels), ("naive", noise.naive), ("tikhonovFixed", noise.fixed),
            ("tikhonovBest", noise.best),
          ])
        ),
      ],
      figure: Figure(
        "Singular values: what the blur transmits", columnCount: 2,
        [
          .chart(spectrum), .chart(noiseChart(noise)),
          .chart(
            Chart.panel(
              "Picard's plot of the lecture's operator", x: .init("component i"),
              y: .init("value", scale: .logarithmic),
              [
                .curve("σᵢ", order, diagnosis.singularValues),
                .curve("|uᵢᵀy|", order, diagnosis.coefficients, mark: .points),
                .curve("|uᵢᵀy| / σᵢ", order, measured, mark: .points),
              ])),
          .chart(
            Chart.panel(
              "Filter factors, λ = \(rounded(lambda))", x: .init("component i"),
              y: .init("φᵢ", limits: 0...1.05),
              filters.map { name, factor in
                .curve(name, order, diagnosis.singularValues.map(factor))
              })),
        ]))
  }

  private static func spectrumChart(
    _ lecture: Diagnosis, _ gaussian: Diagnosis, _ floor: Double
  ) -> Chart {
    let order = lecture.singularValues.indices.map { Double($0 + 1) }
    let tiny = gaussian.singularValues.map { max($0, 1e-17) }
    var chart = Chart.panel(
      "κ = \(rounded(lecture.conditionNumber)) (lecture), \(power(gaussian.conditionNumber)) (true Gaussian)",
      x: .init("component i"), y: .init("σᵢ", scale: .logarithmic),
      [
        .curve("lecture", order, lecture.singularValues, mark: .both),
        .curve("Gaussian", order, tiny, mark: .both),
      ])
    chart.markers = [.init(.horizontal, at: floor, "noise floor ε / rms(x)")]
    return chart
  }

  private static func noiseChart(_ noise: NoiseSweep) -> Chart {
    Chart.panel(
      "Error against noise", x: .init("noise ε", scale: .logarithmic),
      y: .init("RMSE of x̂", scale: .logarithmic),
      [
        .curve("naive", noise.levels, noise.naive, mark: .both),
        .curve("λ = 0.126", noise.levels, noise.fixed, mark: .both),
        .curve("best λ", noise.levels, noise.best, mark: .both),
      ])
  }

  struct NoiseSweep {
    var (levels, naive, fixed, best): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
  }

  private static func noiseSweep(_ study: PeakStudy) throws -> NoiseSweep {
    var result = NoiseSweep()
    for level in [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] {
      let lecture = Lecture(peaksThrough: study.lecture.blur, noiseLevel: level)
      let sweep = try SignalSweep(
        try SignalProblem(lecture.blur, lecture.measurement, .tikhonov), Lecture.grid,
        truth: lecture.truth)
      var solver = try SignalSolver(try SignalProblem(lecture.blur, lecture.measurement, .naive))
      let errors = sweep.points.compactMap(\.rmse)
      result.levels.append(level)
      result.naive.append(study.error(try solver.estimate(lambda: 1).x))
      result.fixed.append(
        sweep.points.first { $0.lambda == study.best.lambda }?.rmse ?? .nan)
      result.best.append(errors.min() ?? .nan)
    }
    return result
  }

  /// `10¹⁶`, to the next power.
  private static func power(_ value: Double) -> String {
    guard value.isFinite else { return "∞" }
    let exponent = "\(Int(value.exponent) * 3010 / 10_000)"
    let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return "10" + String(exponent.compactMap { $0.wholeNumberValue.map { raised[$0] } })
  }
}
