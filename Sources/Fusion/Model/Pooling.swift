import Fields
import Operators

extension ElementMap {
  /// The same counts of one picture, neighbours added up until a pixel where the element is holds a count.
  ///
  /// A sum of Poisson counts is a Poisson count, and pixels that hold a twentieth of one tell no more apart than
  /// together; but the fits of many such pixels agree with each other only after very many iterations.
  func pooled() -> ElementMap {
    guard case .poisson = noise, pictures.count == 1 else { return self }
    let y = measurement.span
    let typical = typicalSignal
    var side = 1
    while typical * Double(side * side) < 0.8 && side < 16
      && 8 * (side + 1) <= min(pictures.rowCount, pictures.columnCount)
    { side += 1 }
    guard side > 1 else { return self }
    let cells = MapBinning(covering: binning.coarse, by: side)
    var sums = FloatStorage(zeros: cells.coarse.count)
    var values = sums.mutableSpan
    cells.mean(y, into: &values, times: Float(side * side))
    return ElementMap(
      element, sums, through: imaging,
      MapBinning(covering: binning.fine, by: binning.factor * side), noise: noise, scale: scale,
      shift: shift, pixelCount: side * side, unit: unit)
  }

  /// Background counts of each pixel, pooled or not.
  var backgrounds: RunFactors {
    let level = Float(background * Double(pixelCount))
    let (fine, k) = (binning.fine, binning.factor)
    guard level > 0, fine.sliceCount % k != 0 || fine.positionCount % k != 0 else {
      return RunFactors(uniform: level)
    }
    return RunFactors(binning.coverage, laneCount: 1).map { level * $0 }
  }
}
