import Inversion
package import DenseAlgebra

/// A deblurred signal, with everything that it rests on.
package struct SignalResult {
  package let problem: SignalProblem
  package let estimate: SignalEstimate
  package let lambda: Double?
  package let choice: SignalChooser.Choice?
  package let diagnosis: Diagnosis
  package let truth: [Double]?

  package init(
    _ problem: SignalProblem, _ estimate: SignalEstimate, lambda: Double?,
    _ choice: SignalChooser.Choice? = nil, truth: [Double]?
  ) throws(DenseError) {
    (self.problem, self.estimate, self.lambda, self.choice) = (problem, estimate, lambda, choice)
    diagnosis = try Diagnosis(problem.blur, problem.measurement, noise: problem.noise)
    self.truth = truth
  }

  /// What a reader of the signal should know.
  package var warnings: [String] {
    var warnings = choice?.warnings ?? []
    if choice == nil && !estimate.isSettled {
      warnings.append("The iteration did not converge; its result is approximate.")
    }
    if let noise = problem.noise {
      let residual = rootMeanSquareError(problem.blur.matrix * estimate.x, problem.measurement)
      if residual > 1.3 * noise {
        warnings.append(
          """
          The residual is \(Float(residual / noise)) times the noise: over-regularised, or the operator \
          is not that of the measurement.
          """)
      }
    }
    return warnings
  }
}
