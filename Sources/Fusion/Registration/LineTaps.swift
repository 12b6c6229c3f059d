import RealModule

/// Which two places of a line make up each place of the shifted line, by linear interpolation:
///
///     y(r) = (1 − f) x(r + o) + f x(r + o + 1),     o + f = −d,  0 ≤ f < 1
///
/// Places that look beyond the line hold nothing, and so do cells of which one place does. For pixels that are means over
/// their area, these are the shares of the two that a shifted pixel covers.
struct LineTaps: Sendable {
  struct Tap: Sendable {
    let first: Int
    let second: Int
    let near: Float
    let far: Float

    static let nothing = Tap(first: 0, second: 0, near: 0, far: 0)
  }

  let taps: [Tap]
  /// Of the transposed matrix.
  let adjoint: [Tap]
  /// The places that hold something.
  let live: Range<Int>

  /// - Parameters:
  ///   - shift: `d`; whole to a millionth counts as whole.
  ///   - cell: how many places belong together.
  init(count: Int, shift: Double, cell: Int = 1) {
    let back = -(shift * 1e6).rounded() / 1e6
    let offset = Int(back.rounded(.down))
    let far = Float(back - back.rounded(.down))
    let reach = offset + (far > 0 ? 1 : 0)
    let start = (max(0, -offset) + cell - 1) / cell * cell
    let end = min(count, count - reach) / cell * cell
    let live = start < end ? start..<end : 0..<0
    func tap(_ first: Int, _ second: Int, _ isFirst: Bool, _ isSecond: Bool) -> Tap {
      Tap(
        first: isFirst ? first : 0, second: isSecond && far > 0 ? second : 0,
        near: isFirst ? 1 - far : 0, far: isSecond ? far : 0)
    }
    taps = (0..<count).map { r in
      live.contains(r) ? tap(r + offset, r + offset + 1, true, true) : .nothing
    }
    adjoint = (0..<count).map { q in
      let (first, second) = (q - offset, q - offset - 1)
      return tap(first, second, live.contains(first), live.contains(second))
    }
    self.live = live
  }
}
