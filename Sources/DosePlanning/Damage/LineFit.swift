/// Weighted least squares for one slope beside nuisance terms: `y ≈ Σ c_j φ_j + b x`.
///
/// The nuisance is taken out of both sides first, so that b = Σ w x̃ ỹ / Σ w x̃² (R. Frisch and F. V.
/// Waugh, Econometrica 1, 387 (1933)). The standard error comes from the residuals r,
///
///     var b = Σ w r² / (n − p − 1) / Σ w x̃² · (1 + ρ) / (1 − ρ)
///
/// where ρ is the largest correlation, if positive, between residuals that are neighbours in one of
/// the given orders: a slow wander counts as fewer independent measurements (M. S. Bartlett, J. R.
/// Stat. Soc. 98, 536 (1935)).
struct LineFit {
  let slope: Double
  let slopeError: Double
  /// `y − b x − r`: the nuisance at each point.
  let nuisance: [Double]
  let residuals: [Double]
  /// Σ w x̃² / Σ w (x − x̄)²: the part of x that no nuisance explains.
  let tolerance: Double
  let freedom: Int
  /// `(1 + ρ) / (1 − ρ)`
  let inflation: Double

  /// - Parameters:
  ///   - nuisance: the terms φ, one array each; the first is the constant 1.
  ///   - orders: permutations of the points in which neighbours may be alike.
  /// - Returns: `nil` where there are too few points, or nothing of x is left.
  init?(
    _ y: [Double], over x: [Double], nuisance: [[Double]], weights w: [Double], orders: [[Int]]
  ) {
    let basis = Self.orthonormal(nuisance, w)
    freedom = y.count - basis.count - 1
    let (rest, aim) = (Self.removing(basis, from: x, w), Self.removing(basis, from: y, w))
    let spread = Self.dot(rest, rest, w)
    let whole = Self.removing(Array(basis.prefix(1)), from: x, w)
    tolerance = spread / Self.dot(whole, whole, w)
    guard freedom > 0, tolerance > 1e-9 else { return nil }
    let slope = Self.dot(rest, aim, w) / spread
    let residuals = zip(aim, rest).map { $0 - slope * $1 }
    self.nuisance = y.indices.map { y[$0] - slope * x[$0] - residuals[$0] }
    inflation = Self.inflation(residuals, orders)
    let variance = Self.dot(residuals, residuals, w) / Double(freedom) / spread
    slopeError = (variance * inflation).squareRoot()
    (self.slope, self.residuals) = (slope, residuals)
  }

  private static func dot(_ a: [Double], _ b: [Double], _ w: [Double]) -> Double {
    a.indices.reduce(0) { $0 + w[$1] * a[$1] * b[$1] }
  }

  /// Gram and Schmidt, twice over; a term that the ones before it explain is left out.
  private static func orthonormal(_ terms: [[Double]], _ w: [Double]) -> [[Double]] {
    var basis: [[Double]] = []
    for term in terms {
      let norm = dot(term, term, w).squareRoot()
      let rest = removing(basis, from: removing(basis, from: term, w), w)
      let length = dot(rest, rest, w).squareRoot()
      guard length > 1e-9 * norm else { continue }
      basis.append(rest.map { $0 / length })
    }
    return basis
  }

  private static func removing(_ basis: [[Double]], from y: [Double], _ w: [Double]) -> [Double] {
    var rest = y
    for term in basis {
      let share = dot(term, rest, w)
      for i in rest.indices { rest[i] -= share * term[i] }
    }
    return rest
  }

  private static func inflation(_ residuals: [Double], _ orders: [[Int]]) -> Double {
    let power = residuals.reduce(0) { $0 + $1 * $1 }
    guard power > 0 else { return 1 }
    let largest = orders.map { order in
      zip(order, order.dropFirst()).reduce(0) { $0 + residuals[$1.0] * residuals[$1.1] } / power
    }.max()
    let rho = min(0.9, max(0, largest ?? 0))
    return (1 + rho) / (1 - rho)
  }
}
