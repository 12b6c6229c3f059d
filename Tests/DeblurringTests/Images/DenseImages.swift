import Deblurring
import Fields
import Foundation
import Imaging
import TestSupport
import Testing

/// Images that dense matrices have deblurred, made by Golden/make_images.py.
struct DenseImages {
  struct Case: Sendable, CustomStringConvertible {
    let rows: Int
    let columns: Int
    let ends: Ends
    let isGradient: Bool
    fileprivate let start: Int

    var description: String { "\(rows) × \(columns), \(ends), \(isGradient)" }
    var grid: Grid { Grid(rowCount: rows, columnCount: columns) }
  }

  static let lambda = 0.05
  static let cases: [Case] = {
    var cases: [Case] = []
    var start = 0
    for (rows, columns) in [(8, 9), (7, 6)] {
      for ends in [Ends.zero, .periodic, .reflecting] {
        for isGradient in [false, true] {
          cases.append(
            Case(rows: rows, columns: columns, ends: ends, isGradient: isGradient, start: start))
          start += 3 * rows * columns + 1
        }
      }
    }
    return cases
  }()

  let measured: [Double]
  let answer: [Double]
  let gcv: Double
  let answerOfPart: [Double]
  let blur: FieldBlur

  init(_ example: Case) throws {
    let values = try goldenDoubles("images.f64", in: .module)
    let n = example.grid.count
    measured = Array(values[example.start..<example.start + n])
    answer = Array(values[example.start + n..<example.start + 2 * n])
    gcv = values[example.start + 2 * n]
    answerOfPart = Array(values[example.start + 2 * n + 1..<example.start + 3 * n + 1])
    blur = FieldBlur(
      try PointSpread(gaussian: [0, 1.2, 0.9]), on: example.grid, ends: example.ends)
  }
}

func floats(_ values: [Double]) -> FloatStorage { FloatStorage(values.map { Float($0) }) }

/// `‖a − b‖ / ‖b‖`
func distance(_ a: [Double], _ b: [Double]) -> Double {
  let squares = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (squares / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
}

/// The same of fields.
func gap(_ a: FloatStorage, _ b: FloatStorage) -> Double {
  relativeError(of: a.span, against: b.span)
}
