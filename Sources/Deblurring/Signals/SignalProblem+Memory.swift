extension SignalProblem {
  /// What a dense operator and its decompositions hold, in bytes.
  ///
  /// The operator, its singular vectors with LAPACK's workspace (`dgesdd`: four squares), and for a chosen or
  /// split solve the normal equations and their factor; the iteration of Richardson and Lucy needs none of
  /// these.
  public static func memory(
    _ method: SignalMethod, rows: Int, columns: Int, crossValidates: Bool
  ) -> Int {
    let matrix = 8 * max(rows, columns) * max(rows, columns)
    let copies = method == .richardsonLucy ? 8 : crossValidates ? 12 : 11
    return copies * matrix
  }
}
