extension SignalProblem {
  /// What a dense operator and its decompositions hold, in bytes.
  ///
  /// The operator, its singular vectors with LAPACK's workspace (`dgesdd`: four squares), and for a chosen or
  /// split solve more of them, or groups of rows that are left out; the iteration of Richardson and Lucy needs none of
  /// these.
  package static func memory(
    _ method: SignalMethod, rows: Int, columns: Int, chooses: Bool
  ) -> Int {
    let matrix = 8 * max(rows, columns) * max(rows, columns)
    let copies = method == .richardsonLucy ? 7 : chooses ? 12 : 10
    return copies * matrix
  }
}
