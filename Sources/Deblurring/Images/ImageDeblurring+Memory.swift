package import Imaging

extension ImageDeblurring {
  /// What the method holds beside the measured field, in bytes.
  ///
  /// - Parameters:
  ///   - reach: how far a point is spread along planes, rows and columns.
  ///   - isEven: whether the spread may be mirrored in each axis, so that reflecting ends are diagonal.
  package static func memory(
    _ method: Method, on grid: Grid, reach: [(before: Int, after: Int)], isEven: Bool, ends: Ends,
    chooses: Bool
  ) -> Int {
    let field = 4 * grid.count
    let coefficients = FieldBlur.coefficientBytes(on: grid, reach: reach, ends: ends)
    let isDiagonal = ends == .periodic || ends == .reflecting && isEven
    let choice = chooses ? field : 0
    func held(_ fields: Int, _ more: Int = 0) -> Int {
      fields * field + (3 + more) * coefficients + choice
    }
    return switch method {
    case .naive, .tsvd, .tikhonov, .gradient, .wiener:
      // In the Fourier basis the result is beside two sets of coefficients; in the cosine basis four
      // fields of doubles. Otherwise conjugate gradients: eight doubles a point, and a preconditioner.
      isDiagonal
        ? ends == .periodic ? held(2, 1) : held(method == .wiener ? 11 : 9)
        : held(16, 1)
    case .tv: held(grid.planeCount > 1 ? 12 : 10)
    case .l1, .richardsonLucy: held(8)
    case .richardsonLucyTV: held(grid.planeCount > 1 ? 11 : 8)
    case .atomicNumber: held(grid.planeCount > 1 ? 17 : 15)
    }
  }
}
