import Foundation
import StackIO
import Testing

extension GeometryTests {
  static let tilts = Array(stride(from: -70.0, through: 70, by: 2))

  struct Ball {
    /// From the centre of the pictures: across the axis, along it, along the beam.
    let (x, y, z): (Double, Double, Double)
    let radius: Double
  }

  /// The exact projections of balls, s = x cos θ + z sin θ across the axis.
  ///
  /// - Parameter turn: degrees of the axis from vertical, counter-clockwise.
  func balls(
    _ balls: [Ball], _ shop: Workshop, columns: Int, rows: Int, turn: Double = 0, to name: String
  ) throws {
    var writer = try StackWriter(
      path: shop.path(name),
      shape: StackShape(pageCount: Self.tilts.count, rowCount: rows, columnCount: columns),
      pixelSize: 0.5)
    let (c, s) = (cos(turn * .pi / 180), sin(turn * .pi / 180))
    for (page, degrees) in Self.tilts.enumerated() {
      let angle = degrees * .pi / 180
      var pixels: [Float] = []
      for row in 0..<rows {
        for column in 0..<columns {
          let (down, right) = (
            Double(row) - Double(rows - 1) / 2, Double(column) - Double(columns - 1) / 2
          )
          let (across, along) = (right * c - down * s, right * s + down * c)
          let sum = balls.reduce(0.0) { sum, ball in
            let (v, u) = (along - ball.y, across - ball.x * cos(angle) - ball.z * sin(angle))
            return sum + 2 * max(0, ball.radius * ball.radius - v * v - u * u).squareRoot()
          }
          pixels.append(Float(sum))
        }
      }
      try writer.write(pixels.span, page: page)
    }
    _ = try writer.finish()
    try shop.write(
      Self.tilts.map { "\($0)\n" }.joined(),
      to: (name as NSString).deletingPathExtension + ".rawtlt")
  }

  /// The centre of mass of a volume above a sixth of its largest value, in voxels from the centre: x, y, z.
  func centre(_ shop: Workshop, _ name: String) throws -> [Double] {
    var reader = try StackReader(path: shop.path(name))
    let shape = reader.info.shape
    var pages: [[Float]] = []
    for page in 0..<shape.pageCount {
      var values = [Float](repeating: 0, count: shape.pixelsPerPage)
      var span = values.mutableSpan
      try reader.readPage(page, into: &span)
      pages.append(values)
    }
    let limit = (pages.joined().max() ?? 0) / 6
    var (mass, sums) = (0.0, [0.0, 0.0, 0.0])
    for (z, page) in pages.enumerated() {
      for (i, value) in page.enumerated() where value > limit {
        let place = [i % shape.columnCount, i / shape.columnCount, z]
        for axis in 0..<3 { sums[axis] += Double(value) * Double(place[axis]) }
        mass += Double(value)
      }
    }
    let sides = [shape.columnCount, shape.rowCount, shape.pageCount]
    return (0..<3).map { sums[$0] / mass - Double(sides[$0] - 1) / 2 }
  }

  /// Steps on pages of 101 pixels across the axis and 36 along it; crops are start and length across, then along.
  struct Framing: Sendable, CustomTestStringConvertible {
    let crop: [Int]?
    var bin = 1
    var pad = 0
    var cropsLast = false

    func words(_ axis: String) -> String {
      let region = crop.map { c in
        "--crop "
          + (axis == "y" ? [c[0], c[2], c[1], c[3]] : [c[2], c[0], c[3], c[1]])
          .map { "\($0)" }.joined(separator: ",")
      }
      let steps = [
        cropsLast ? nil : region, pad > 0 ? "--pad \(pad)" : nil, bin > 1 ? "--bin \(bin)" : nil,
        cropsLast ? region : nil,
      ]
      return steps.compactMap(\.self).joined(separator: " ")
    }

    var testDescription: String { words("y") }
  }
}
