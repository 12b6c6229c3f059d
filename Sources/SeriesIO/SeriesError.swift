public import Errors

/// Why a tilt series, or what was recorded of it, cannot be used.
public enum SeriesError: CategorisedError, Equatable {
  case noTilts(path: String)
  /// Channels stand among the pages of a series.
  case channels(path: String, channels: Int, pages: Int)
  /// Facts of a series were taken from a sidecar of other bytes.
  case recordIsStale(series: String, sidecar: String)
  case notACheck(path: String)
  /// The record of a check is of other bytes than the series.
  case checkedOther(series: String, record: String)
  /// Counts are promised of a series whose sidecar says otherwise, in words.
  case countsEnded(String)
  case notANumber(path: String, line: Int, text: String)
  case inputChanged(path: String)
  case notARun(path: String)
  case volumeChanged(volume: String, sidecar: String)
  case notSVG(path: String)
  case sequenceLeft(folder: String, file: String)
  case noVoxelSize(path: String)
  /// A width in nm where the size of a pixel is not known.
  case noPixelSize
  case spreadAxes(found: Int, needed: Int)
  /// Exact line integrals of solids do not tell depths.
  case convergenceOfSolids
  /// A measured point spread does not tell how a probe widens.
  case measuredConvergence
  /// A stack of point spreads has neither one page nor one a tilt.
  case spreadPages(path: String, pages: Int, tilts: Int)

  public var category: ErrorCategory {
    switch self {
    case .noVoxelSize, .noPixelSize, .spreadAxes, .measuredConvergence, .convergenceOfSolids: .usage
    case .sequenceLeft: .cannotCreate
    case .noTilts:
      .usage
    case .spreadPages, .channels, .recordIsStale, .notACheck, .checkedOther, .countsEnded,
      .notANumber,
      .inputChanged, .notARun, .volumeChanged:
      .badData
    case .notSVG:
      .cannotCreate
    }
  }

  public var description: String {
    switch self {
    case .noTilts(let path):
      "'\(path)' contains no tilt angles. Pass --tilts FILE or --tilts start:stop:step."
    case .channels(let path, let channels, let pages):
      """
      '\(path)' contains \(channels) channels of \(pages) pages. Export one channel as a separate stack, or \
      reconstruct all of them with 'spectra reconstruct'.
      """
    case .recordIsStale(let series, let sidecar):
      """
      '\(series)' is not the file that '\(sidecar)' describes: the SHA-256 differs, so it was changed. The sidecar contains its \
      geometry. Make the series again, or remove '\(sidecar)' and pass --tilts, --tilt-axis and --axis-offset.
      """
    case .notACheck(let path):
      "'\(path)' is not a record of a check. Pass the file that voxtilt check --out wrote."
    case .checkedOther(let series, let record):
      "'\(record)' belongs to other bytes than those of '\(series)'. Check the series again, or remove --check."
    case .countsEnded(let words):
      "\(words) Or say \"counts\": false."
    case .noPixelSize:
      """
      A width in pm or nm needs the size of a pixel, which the file does not contain. Give --pixel-size or --voxel-size, in \
      nm, or the width in px.
      """
    case .spreadAxes(let found, let needed):
      """
      The point spread has \(found) axes, and \(needed) are blurred. Give one width for all or one per \
      axis, and --volume for a blur in three dimensions.
      """
    case .convergenceOfSolids:
      "--convergence needs the depth of what is projected, which a recipe does not give. Make a volume of it first: voxtilt phantom."
    case .measuredConvergence:
      "A convergent probe widens a Gaussian point spread only. Give --psf gaussian:WIDTH, or remove --convergence."
    case .spreadPages(let path, let pages, let tilts):
      "'\(path)' contains \(pages) point spreads for \(tilts) tilts. Give one for all tilts, or one per tilt."
    case .notANumber(let path, let line, let text):
      "'\(path)', line \(line): '\(text)' is not a number. Write one number per line."
    case .inputChanged(let path):
      "'\(path)' is not the file that the result was made from: its SHA-256 differs. Restore it."
    case .notARun(let path):
      """
      '\(path)' does not describe a reconstruction. Give a volume made by reconstruct, or move that \
      file and give --series and the options of the method.
      """
    case .volumeChanged(let volume, let sidecar):
      """
      '\(volume)' is not the file that '\(sidecar)' describes: its SHA-256 differs. \
      Restore the volume, or move the sidecar and give the options of the method.
      """
    case .notSVG(let path):
      "'\(path)' is not the name of an SVG file. End --picture in .svg."
    case .sequenceLeft(let folder, let file):
      """
      '\(file)' in '\(folder)' belongs to a sequence of another length. \
      Remove that sequence, or choose another --sequence.
      """
    case .noVoxelSize(let path):
      "'\(path)' does not contain its voxel size, which a scale bar needs. Remove --scale-bar."
    }
  }
}
