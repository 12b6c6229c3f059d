import Inversion

extension SignalChooser {
  /// By the rule that needs no more than is known: vacuum where a reference is given, discrepancy where the noise is
  /// known, otherwise the L-curve, or cross-validation where that has no corner.
  ///
  /// - Throws: `DeblurringError` or `ChoiceError`
  package func chooseAutomatically(_ problem: SignalProblem) throws -> Choice {
    func choose(_ rule: ChoiceRule) throws -> Choice {
      var chooser = self
      chooser.rule = rule
      return try chooser.choose(problem)
    }
    if reference != nil { return try choose(.vacuum) }
    if problem.noise != nil { return try choose(.discrepancy) }
    do {
      return try choose(.lCurve)
    } catch ChoiceError.noCorner where folds <= problem.measurement.count / 2 {
      return try choose(.crossValidation)
    }
  }
}
