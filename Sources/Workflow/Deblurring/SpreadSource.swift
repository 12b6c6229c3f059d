import SeriesIO
import Reconstruction
package import Deblurring
import DenseAlgebra
import Fields
import Foundation
import Imaging
import Records
import StackIO

/// Where the point spread of a blur comes from.
package enum SpreadSource: Sendable, Hashable {
  /// Standard deviations: one for all axes, or one an axis (rows, columns; planes first for a volume).
  case gaussian([Length])
  /// A TIFF or MRC picture (or stack, for a volume) or a CSV table.
  case file(String, centres: Bool, normalises: Bool)

  /// `gaussian:3px`, `gaussian:2px,150pm`, or a path.
  ///
  /// - Returns: `nil` for a Gaussian whose widths cannot be read.
  package init?(_ text: String, centres: Bool = false, normalises: Bool = false) {
    guard text.hasPrefix("gaussian:") else {
      self = .file(text, centres: centres, normalises: normalises)
      return
    }
    let words = text.dropFirst("gaussian:".count)
      .split(separator: ",", omittingEmptySubsequences: false)
    let lengths = words.compactMap { Length(String($0)) }
    guard lengths.count == words.count, 1...3 ~= lengths.count else { return nil }
    self = .gaussian(lengths)
  }

  var path: String? {
    if case .file(let path, _, _) = self { path } else { nil }
  }

  /// The point spread, and what a reader of the result should know of it.
  ///
  /// - Parameters:
  ///   - pixelSize: nm, for widths in pm and nm.
  ///   - isVolume: whether planes are blurred into each other.
  /// - Throws: ``WorkflowError``, `StackError`, `BlurError` or `DeblurringError`.
  func spread(pixelSize: Double?, isVolume: Bool) throws -> (PointSpread, notes: [String]) {
    switch self {
    case .gaussian(let lengths):
      let axes = isVolume ? 3 : 2
      guard lengths.count == 1 || lengths.count == axes else {
        throw WorkflowError.spreadAxes(found: lengths.count, needed: axes)
      }
      let sigmas = try Self.widths(lengths, pixelSize)
      let all = sigmas.count == 1 ? Array(repeating: sigmas[0], count: axes) : sigmas
      return (try PointSpread(gaussian: isVolume ? all : [0] + all), [])
    case .file(let path, let centres, let normalises):
      return try Self.read(path, centres, normalises, isVolume: isVolume)
    }
  }

  /// In pixels.
  static func widths(_ lengths: [Length], _ pixelSize: Double?) throws -> [Double] {
    try lengths.map { length in
      if case .nanometres = length, pixelSize == nil { throw WorkflowError.noPixelSize }
      return try length.pixels(step: pixelSize)
    }
  }

  private static func read(
    _ path: String, _ centres: Bool, _ normalises: Bool, isVolume: Bool
  ) throws -> (PointSpread, notes: [String]) {
    let (grid, weights) = try values(path)
    guard isVolume || grid.planeCount == 1 else {
      throw WorkflowError.spreadAxes(found: 3, needed: 2)
    }
    var spread = try PointSpread(weights, on: grid)
    var notes: [String] = []
    let centroid = spread.centroid
    let shift = centroid.map { $0.rounded() }
    if shift.contains(where: { $0 != 0 }) {
      let words = shift.dropFirst(isVolume ? 0 : 1).map { "\(Int($0))" }.joined(separator: ", ")
      if centres {
        spread = try spread.centred()
        notes.append("The point spread was moved by \(words) pixels, to its centre of mass.")
      } else {
        notes.append(
          """
          The centre of mass of the point spread is \(words) pixels from its middle, so the \
          result is shifted. Use --centre-psf to correct this.
          """)
      }
    }
    let sum = spread.sum
    if abs(sum - 1) > 1e-3 {
      if normalises {
        spread = try spread.normalised()
        notes.append("The point spread was divided by its sum, \(Float(sum)).")
      } else {
        notes.append(
          """
          The sum of the point spread is \(Float(sum)), so the result is that many times fainter \
          than the image; λ is scaled as for a sum of 1. Use --normalise-psf to divide by the sum.
          """)
      }
    }
    return (spread, notes)
  }

  private static func values(_ path: String) throws -> (Grid, [Double]) {
    if path.lowercased().hasSuffix(".csv") {
      let table = try NumberTable(reading: path).withoutRowNumbers
      return (
        Grid(rowCount: table.rowCount, columnCount: table.columnCount), table.values
      )
    }
    let (grid, field, _) = try readPages(path)
    return (grid, (0..<field.count).map { Double(field.span[$0]) })
  }
}

/// All pages of a stack, `[page][row][column]`.
///
/// - Throws: `StackError`, also where a value is not finite; `MemoryLimitError` where memory lacks.
func readPages(_ path: String) throws -> (Grid, FloatStorage, RecordedFile) {
  var reader = try StackReader(path: path)
  let shape = reader.info.shape
  let grid = Grid(
    planeCount: shape.pageCount, rowCount: shape.rowCount, columnCount: shape.columnCount)
  try MemoryPlan.require(floatCount: grid.count)
  var field = FloatStorage(zeros: grid.count)
  var census = NonFiniteCensus(.refuse)
  let length = shape.rowCount * shape.columnCount
  var picture = FloatStorage(zeros: length)
  for page in 0..<shape.pageCount {
    var pixels = picture.mutableSpan
    try reader.readPage(page, into: &pixels)
    census.examine(&pixels, page: page, columnCount: shape.columnCount)
    field.replace(from: page * length, with: picture, 0..<length)
    try reader.hash(throughPage: page)
  }
  try census.settle(path: path)
  return (
    grid, field,
    RecordedFile(try reader.fingerprint(), reader.info, voxelSize: reader.info.pixelSize)
  )
}
