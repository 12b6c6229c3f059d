public import Errors

/// Why spectral data, or a reconstruction from them, was refused.
public enum SpectralError: CategorisedError, Equatable {
  case noManifest(folder: String)
  case manifest(path: String, key: String, rule: String)
  case layout(path: String, found: String, needed: String)
  case fileCount(found: Int, needed: Int, of: String)
  case pageCount(file: String, found: Int, needed: Int, of: String)
  case shape(file: String, found: String, expected: String)
  case energyOrder(channel: Int)
  case energy(Double)
  case countPromised(file: String, page: Int, row: Int, column: Int, value: Float)
  case noHyperstack(file: String)
  case hyperstackPages(file: String, pages: Int, channels: Int, tilts: Int)
  case noEnergies(path: String)
  case energiesOutside(ClosedRange<Double>, axis: ClosedRange<Double>)
  case elementUnknown(String, known: [String])
  case elementOutside(String, window: ClosedRange<Double>, axis: ClosedRange<Double>)
  case notCounts(String)
  case binning(Int, channels: Int)
  case strength(Double)
  case components(Int, channels: Int)
  case emptyChannel(String)
  /// The sidecars of two series that belong together tell different axis offsets.
  case axisOffsets(Double, path: String, other: Double, otherPath: String)
  /// A sidecar and a manifest tell different axes.
  case axes(told: String, path: String, used: String, folder: String)
  case region(String, width: Int, slices: Int, depth: Int)

  public var category: ErrorCategory {
    switch self {
    case .noManifest: .noInput
    case .elementUnknown, .energiesOutside, .elementOutside, .binning, .strength,
      .components, .region, .notCounts:
      .usage
    default: .badData
    }
  }

  public var description: String {
    switch self {
    case .axisOffsets(let one, let path, let other, let otherPath):
      """
      The tilt axis is \(one) pixels from the centre of '\(path)' and \(other) from that of '\(otherPath)', by their \
      sidecars. Crop and bin all channels alike, or pass --axis-offset.
      """
    case .axes(let told, let path, let used, let folder):
      """
      The tilt axis of '\(path)' runs along \(told) by its sidecar, and along \(used) by the spectra.json in \
      '\(folder)'. Write "tiltAxis": "\(told)" in that file.
      """
    case .noManifest(let folder):
      "'\(folder)' has no spectra.json, which describes its stacks. Write one; the guide shows how."
    case .manifest(let path, let key, let rule):
      "'\(path)' has an unusable \"\(key)\". It must be \(rule)."
    case .layout(let path, let found, let needed):
      "'\(path)' contains \(found), and \(needed) are needed. Give the other folder."
    case .fileCount(let found, let needed, let what):
      "The manifest names \(found) files for \(needed) \(what). Name one for each."
    case .pageCount(let file, let found, let needed, let what):
      "'\(file)' has \(found) pages for \(needed) \(what). Give one page for each."
    case .shape(let file, let found, let expected):
      "'\(file)' has pages of \(found) pixels, others \(expected). Crop or bin all alike."
    case .energyOrder(let channel):
      "The energy does not increase at channel \(channel) (from 0). Sort the channels."
    case .energy(let energy):
      "Energies must be between -1e7 and 1e7 eV (got \(energy)). Correct the axis."
    case .countPromised(let file, let page, let row, let column, let value):
      """
      '\(file)' is stated to be counts, but page \(page), row \(row), column \(column) (from 0) has the value \
      \(value). Give raw counts, or say "counts": false.
      """
    case .noHyperstack(let file):
      """
      '\(file)' contains neither as ImageJ nor as OME its number of channels. \
      Save it as a hyperstack, or write a spectra.json.
      """
    case .hyperstackPages(let file, let pages, let channels, let tilts):
      "'\(file)' has \(pages) pages, not \(channels) channels × \(tilts) tilts. Check the tilts."
    case .noEnergies(let path):
      "'\(path)' contains no energies. Give \"energies\" in the manifest, or --energy-axis."
    case .energiesOutside(let window, let axis):
      """
      No channel lies in \(Self.words(window)) eV; the axis runs over \(Self.words(axis)) eV. \
      Choose a window inside it.
      """
    case .elementUnknown(let name, let known):
      "No edge is known for '\(name)'. Choose from \(known.joined(separator: ", "))."
    case .elementOutside(let name, let window, let axis):
      """
      \(name) needs the window \(Self.words(window)) eV, and the channels cover \
      \(Self.words(axis)) eV. Record that range, or remove \(name).
      """
    case .notCounts(let what):
      """
      \(what) needs counts, and these data are subtracted or not stated to be counts. \
      Give raw counts with "counts": true, or choose a Gaussian fit.
      """
    case .binning(let factor, let channels):
      "The number of channels to sum must be between 1 and \(channels) (got \(factor))."
    case .strength(let value):
      "The strength must be a positive number (got \(value))."
    case .components(let count, let channels):
      "The number of components must be between 1 and \(channels), the number of channels (got \(count))."
    case .emptyChannel(let name):
      "Channel \(name) is empty. Leave it out with --energies."
    case .region(let text, let width, let slices, let depth):
      """
      The box \(text) extends beyond the volume of \(width) × \(slices) × \(depth) voxels (x, y, z). \
      Give first:end along each axis, from 0, the end excluded.
      """
    }
  }

  private static func words(_ window: ClosedRange<Double>) -> String {
    "\(Float(window.lowerBound)):\(Float(window.upperBound))"
  }

  private static func bytes(_ count: Int) -> String {
    count < 1_000_000_000
      ? "\(max(1, count / 1_000_000)) MB" : "\(Float((Double(count) / 1e7).rounded() / 100)) GB"
  }
}
