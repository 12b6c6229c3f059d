import Fields
import Operators
import RealModule

extension FusionProblem {
  /// Whether a fit has lost contrast that the counts of a map show.
  ///
  /// The pixels of the map, ordered by what is predicted of them, form up to four classes of equal predicted counts: a
  /// fit that is too flat predicts too few counts in the bright ones and too many in the dark ones. A class tells where
  /// it departs by more than its standard deviation and by more than a twentieth.
  func isBlunt(_ x: borrowing FloatStorage, _ e: Int) -> Bool {
    let map = data.maps[e]
    let (seen, measured) = (mapSignal(x, e), measurement(e))
    let (u, y) = (seen.span, measured.span)
    let (background, share) = (map.backgrounds, Float(keptShare(e)))
    var pixels: [(predicted: Double, counted: Double)] = []
    var total = 0.0
    for block in map.pictures.blocks(64) {
      map.pictures.forEachPixel(of: block) { i in
        let m = Double(u[i] + share * background[i])
        pixels.append((m, Double(y[i])))
        total += m
      }
    }
    pixels.sort { $0.predicted < $1.predicted }
    let perClass = max(total / 4, 25)
    var (predicted, counted, count) = (0.0, 0.0, 0.0)
    for pixel in pixels {
      predicted += pixel.predicted
      counted += pixel.counted
      count += 1
      guard predicted >= perClass else { continue }
      var deviation = predicted.squareRoot()
      if case .gaussian(let sigma) = map.noise { deviation = sigma * count.squareRoot() }
      if counted - predicted > max(deviation, 0.05 * predicted) { return true }
      (predicted, counted, count) = (0, 0, 0)
    }
    return false
  }
}
