import Fields
import Imaging
import RealModule

/// The Fourier transform of a spectrum that is continued smoothly to nothing.
///
/// The line is as long as it has to be for the spectrum twice; behind its end the mean of the last
/// channels falls to zero as half a cosine, so that no step at the end rings through the rest.
struct EnergyTransform {
  let count: Int
  let length: Int
  private let transform: GridTransform

  init(count: Int) {
    self.count = count
    length = GridTransform.fastLength(atLeast: 2 * count)
    transform = GridTransform(
      .fourier, planeCount: 1, rowCount: 1, columnCount: length, workers: Workers(1))
  }

  /// Real and imaginary part of each frequency `0 … length / 2`.
  typealias Coefficients = (re: [Double], im: [Double])

  func forward(_ values: [Double], continued: Bool) -> Coefficients {
    precondition(values.count == count, "the spectrum does not fit the transform")
    let last = values.suffix(max(3, count / 100))
    let level = continued ? last.reduce(0, +) / Double(last.count) : 0
    let fall = (length - count) / 2
    let line =
      values
      + (0..<length - count).map { i in
        i < fall ? level * 0.5 * (1 + .cos(.pi * Double(i + 1) / Double(fall + 1))) : 0
      }
    var coefficients = [Double](repeating: 0, count: transform.coefficientCount)
    transform.analyse(into: &coefficients) { _, row in
      for i in line.indices { row[i] = line[i] }
    }
    let places = (0..<transform.modeColumnCount).map { $0 * transform.lineStride }
    return (places.map { coefficients[$0] }, places.map { coefficients[$0 + 1] })
  }

  /// The first `count` values.
  func inverse(_ spectrum: Coefficients) -> [Double] {
    var coefficients = [Double](repeating: 0, count: transform.coefficientCount)
    for k in spectrum.re.indices {
      coefficients[k * transform.lineStride] = spectrum.re[k]
      coefficients[k * transform.lineStride + 1] = spectrum.im[k]
    }
    var line = [Double](repeating: 0, count: length)
    transform.field(coefficients, into: line.mutableSpan)
    return Array(line.prefix(count))
  }
}
