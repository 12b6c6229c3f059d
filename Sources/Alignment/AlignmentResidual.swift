import RealModule

/// What is left between placements and the truth, after the one free shift of the object.
///
/// An object that lies elsewhere by (dx, dy, dz) moves every page by `dx cos θ + dz sin θ` across the axis and by dy along
/// it. That is taken off by least squares, as the offset of the axis is told apart by `o + dx cos θ + dz sin θ`.
package struct AlignmentResidual: Sendable, Hashable {
  /// Root mean squares, in pixels.
  package let across: Double
  package let along: Double
  /// The mean turn, in degrees.
  package let turn: Double
  /// In pixels.
  package let offset: Double

  /// - Parameter rest: what the truth and then the alignment do to a page that lies right.
  package init(_ rest: [Placement], tilts: [Double]) {
    let count = Double(rest.count)
    let (c, s) = (
      tilts.map { Double.cos($0 * .pi / 180) }, tilts.map { Double.sin($0 * .pi / 180) }
    )
    let u = rest.map(\.across)
    let (dx, dz) = fit(u, c, s)
    let left = u.indices.map { u[$0] - dx * c[$0] - dz * s[$0] }
    across = (left.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    let middle = rest.map(\.along).reduce(0, +) / count
    along = (rest.reduce(0) { $0 + ($1.along - middle) * ($1.along - middle) } / count).squareRoot()
    turn = rest.map(\.rotation).reduce(0, +) / count * 180 / .pi
    // The part of the constant 1 that cosines and sines leave, and how much of it there is.
    let ones = [Double](repeating: 1, count: rest.count)
    let (ox, oz) = fit(ones, c, s)
    let free = ones.indices.map { 1 - ox * c[$0] - oz * s[$0] }
    let size = free.reduce(0) { $0 + $1 * $1 }
    offset = size > 1e-9 ? zip(free, left).reduce(0) { $0 + $1.0 * $1.1 } / size : 0
  }
}
