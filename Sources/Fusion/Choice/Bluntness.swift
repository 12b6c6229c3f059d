import Fields
import Operators
import RealModule

/// Pixels of a map whose predictions are alike: together they count alike.
struct CountClass {
  var predicted = 0.0
  var counted = 0.0
  var pixels = 0.0
  /// The largest prediction of a pixel.
  var most = 0.0

  static func += (sum: inout CountClass, more: CountClass) {
    sum.predicted += more.predicted
    sum.counted += more.counted
    sum.pixels += more.pixels
    sum.most = max(sum.most, more.most)
  }
}

extension FusionProblem {
  /// The pixels of a map, ordered by what is predicted of them, in up to four classes of equal predicted counts; the
  /// faintest first.
  func countClasses(_ x: borrowing FloatStorage, _ e: Int) -> [CountClass] {
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
    let perClass = max(0.2499 * total, 25)
    var classes: [CountClass] = []
    var next = CountClass()
    for pixel in pixels {
      next.predicted += pixel.predicted
      next.counted += pixel.counted
      next.pixels += 1
      next.most = pixel.predicted
      guard next.predicted >= perClass else { continue }
      classes.append(next)
      next = CountClass()
    }
    if let last = classes.indices.last { classes[last] += next }
    return classes
  }

  /// Whether a fit has lost contrast that the counts of a map show: in one of the classes it predicts too few by more
  /// than their standard deviation and by more than a twentieth. (Too many in the faintest is what `x ≥ 0` makes of
  /// noise.)
  func isBlunt(_ x: borrowing FloatStorage, _ e: Int) -> Bool {
    countClasses(x, e).contains { some in
      let excess = some.counted - some.predicted
      return excess > max(deviation(of: some, e), 0.05 * some.predicted)
    }
  }

  /// Of the counts of a class.
  func deviation(of some: CountClass, _ e: Int) -> Double {
    if case .gaussian(let sigma) = data.maps[e].noise { return sigma * some.pixels.squareRoot() }
    return some.predicted.squareRoot()
  }
}
