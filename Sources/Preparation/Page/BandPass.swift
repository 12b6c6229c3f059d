import RealModule

/// The difference of two Gaussians, which keeps what lies between them in size.
///
///     q = G(narrow) ∗ p − G(wide) ∗ p
///
/// Edges are continued with their last pixel, and then fade out under half a cosine over an eighth of
/// each side, so that nothing in `q` is fixed to the frame.
package struct BandPass: Sendable, Hashable {
  /// Standard deviations, in pixels.
  package let (narrow, wide): (Double, Double)

  package init(narrow: Double, wide: Double) {
    precondition(narrow > 0 && wide > narrow, "the wide Gaussian is the wider one")
    (self.narrow, self.wide) = (narrow, wide)
  }

  /// What is left of `picture`, `[row][column]`, with a mean of zero.
  package func filtered(_ picture: [Float], columnCount: Int) -> [Float] {
    let rowCount = picture.count / columnCount
    precondition(picture.count == rowCount * columnCount, "rows differ in length")
    let (fine, coarse) = (Self.kernel(narrow), Self.kernel(wide))
    var result = Self.blurred(picture, columnCount, fine)
    let smooth = Self.blurred(picture, columnCount, coarse)
    let (down, across) = (Self.window(rowCount), Self.window(columnCount))
    var sum = 0.0
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let i = row * columnCount + column
        result[i] = (result[i] - smooth[i]) * down[row] * across[column]
        sum += Double(result[i])
      }
    }
    let mean = Float(sum / Double(max(result.count, 1)))
    for i in result.indices { result[i] -= mean }
    return result
  }

  /// One half of a Gaussian, its centre first, cut at 4 σ, with a sum of 1 over both halves.
  private static func kernel(_ sigma: Double) -> [Float] {
    let reach = Int((4 * sigma).rounded(.up))
    let values = (0...reach).map { Double.exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = 2 * values.reduce(0, +) - values[0]
    return values.map { Float($0 / sum) }
  }

  private static func blurred(_ picture: [Float], _ columnCount: Int, _ half: [Float]) -> [Float] {
    let rowCount = picture.count / columnCount
    var rows = picture
    for row in 0..<rowCount {
      let start = row * columnCount
      for column in 0..<columnCount {
        var sum = half[0] * picture[start + column]
        for k in 1..<half.count {
          sum +=
            half[k]
            * (picture[start + max(0, column - k)]
              + picture[start + min(columnCount - 1, column + k)])
        }
        rows[start + column] = sum
      }
    }
    var result = rows
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result[row * columnCount + column] = half[0] * rows[row * columnCount + column]
      }
      for k in 1..<half.count {
        let (above, below) = (
          max(0, row - k) * columnCount, min(rowCount - 1, row + k) * columnCount
        )
        for column in 0..<columnCount {
          result[row * columnCount + column] +=
            half[k] * (rows[above + column] + rows[below + column])
        }
      }
    }
    return result
  }

  /// 1 inside, and half a cosine over an eighth at either end.
  private static func window(_ count: Int) -> [Float] {
    let edge = max(2, count / 8)
    return (0..<count).map { i in
      let place = Double(min(i, count - 1 - i)) + 0.5
      return place >= Double(edge) ? 1 : Float(0.5 - 0.5 * Double.cos(.pi * place / Double(edge)))
    }
  }
}
