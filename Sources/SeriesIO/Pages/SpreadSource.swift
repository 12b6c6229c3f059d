import DenseAlgebra
package import Fields
package import Imaging
package import Reconstruction
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

  package var path: String? {
    if case .file(let path, _, _) = self { path } else { nil }
  }

  /// The point spread, and what a reader of the result should know of it.
  ///
  /// - Parameters:
  ///   - pixelSize: nm, for widths in pm and nm.
  ///   - isVolume: whether planes are blurred into each other.
  /// - Throws: ``SeriesError``, `StackError` or `BlurError`.
  package func spread(
    pixelSize: Double?, isVolume: Bool
  ) throws -> (PointSpread, notes: [String]) {
    switch self {
    case .gaussian(let lengths):
      let axes = isVolume ? 3 : 2
      guard lengths.count == 1 || lengths.count == axes else {
        throw SeriesError.spreadAxes(found: lengths.count, needed: axes)
      }
      let sigmas = try Self.widths(lengths, pixelSize)
      let all = sigmas.count == 1 ? Array(repeating: sigmas[0], count: axes) : sigmas
      return (try PointSpread(gaussian: isVolume ? all : [0] + all), [])
    case .file(let path, let centres, let normalises):
      let (grid, weights) = try Self.values(path)
      guard isVolume || grid.planeCount == 1 else {
        throw SeriesError.spreadAxes(found: 3, needed: 2)
      }
      return try Self.settled(PointSpread(weights, on: grid), centres, normalises)
    }
  }

  /// One point spread for all projections of a series, or one a tilt where the file has as many pages; rows are slices.
  ///
  /// Widths and pictures are those of the projections as they are stored: rows first.
  ///
  /// - Throws: ``SeriesError``, `StackError` or `BlurError`.
  func spreads(
    of series: TiltSeriesShape, axis: TiltAxis, pixelSize: Double?
  ) throws -> ([PointSpread], notes: [String]) {
    var (spreads, notes): ([PointSpread], [String]) = ([], [])
    switch self {
    case .gaussian:
      spreads = [try spread(pixelSize: pixelSize, isVolume: false).0]
    case .file(let path, let centres, let normalises):
      let (grid, weights) = try Self.values(path)
      guard grid.planeCount == 1 || grid.planeCount == series.tiltCount else {
        throw SeriesError.spreadPages(
          path: path, pages: grid.planeCount, tilts: series.tiltCount)
      }
      let picture = Grid(rowCount: grid.rowCount, columnCount: grid.columnCount)
      for page in 0..<grid.planeCount {
        let part = Array(weights[page * picture.count..<(page + 1) * picture.count])
        let (spread, said) = try Self.settled(
          PointSpread(part, on: picture), centres, normalises)
        spreads.append(spread)
        if page == 0 { notes = said }
      }
    }
    return (axis == .y ? spreads : spreads.map(\.turned), notes)
  }

  /// In pixels.
  package static func widths(_ lengths: [Length], _ pixelSize: Double?) throws -> [Double] {
    try lengths.map { length in
      if case .nanometres = length, pixelSize == nil { throw SeriesError.noPixelSize }
      return try length.pixels(step: pixelSize)
    }
  }

  /// The same with widths in pixels.
  package func inPixels(of size: Double?) throws -> SpreadSource {
    guard case .gaussian(let lengths) = self else { return self }
    return .gaussian(try Self.widths(lengths, size).map { .pixels($0) })
  }

  private static func settled(
    _ measured: PointSpread, _ centres: Bool, _ normalises: Bool
  ) throws -> (PointSpread, notes: [String]) {
    var spread = measured
    var notes: [String] = []
    let centroid = spread.centroid
    let shift = centroid.map { $0.rounded() }
    if shift.contains(where: { $0 != 0 }) {
      let words = shift.dropFirst(spread.grid.planeCount > 1 ? 0 : 1).map { "\(Int($0))" }
        .joined(separator: ", ")
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
