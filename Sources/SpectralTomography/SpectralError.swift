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
      The tilt axis lies \(one) pixels from the centre of '\(path)' and \(other) from that of '\(otherPath)', by their \
      sidecars. Crop and bin all channels alike, or pass --axis-offset.
      """
    case .axes(let told, let path, let used, let folder):
      """
      The tilt axis of '\(path)' runs along \(told) by its sidecar, and along \(used) by the spectra.json in \
      '\(folder)'. Write "tiltAxis": "\(told)" there.
      """
    case .noManifest(let folder):
      "'\(folder)' has no spectra.json, which tells what its stacks are. Write one; the guide shows how."
    case .manifest(let path, let key, let rule):
      "'\(path)' has an unusable \"\(key)\". It must be \(rule)."
    case .layout(let path, let found, let needed):
      "'\(path)' holds \(found), and here \(needed) are needed. Give the other folder."
    case .fileCount(let found, let needed, let what):
      "The manifest names \(found) files for \(needed) \(what). Name one for each."
    case .pageCount(let file, let found, let needed, let what):
      "'\(file)' has \(found) pages for \(needed) \(what). Give one page for each."
    case .shape(let file, let found, let expected):
      "'\(file)' has pages of \(found) pixels, others \(expected). Crop or bin all alike."
    case .energyOrder(let channel):
      "The energy does not grow at channel \(channel) (from 0). Sort the channels."
    case .energy(let energy):
      "An energy of \(energy) eV is not usable. It must be between -1e7 and 1e7 eV: correct the axis."
    case .countPromised(let file, let page, let row, let column, let value):
      """
      '\(file)' promises counts, but page \(page), row \(row), column \(column) (from 0) holds \
      \(value). Give raw counts, or say "counts": false.
      """
    case .noHyperstack(let file):
      """
      '\(file)' tells neither as ImageJ nor as OME how many channels it has. \
      Save it as a hyperstack, or write a spectra.json.
      """
    case .hyperstackPages(let file, let pages, let channels, let tilts):
      "'\(file)' has \(pages) pages, not \(channels) channels × \(tilts) tilts. Check the tilts."
    case .noEnergies(let path):
      "'\(path)' does not tell its energies. Give \"energies\" in the manifest, or --energy-axis."
    case .energiesOutside(let window, let axis):
      """
      No channel lies in \(Self.words(window)) eV; the axis runs over \(Self.words(axis)) eV. \
      Choose a window inside.
      """
    case .elementUnknown(let name, let known):
      "No edge is known for '\(name)'. Choose from \(known.joined(separator: ", "))."
    case .elementOutside(let name, let window, let axis):
      """
      \(name) needs the window \(Self.words(window)) eV, and the channels cover \
      \(Self.words(axis)) eV. Record it, or leave \(name) away.
      """
    case .notCounts(let what):
      """
      \(what) takes counts, and these data are subtracted or not promised to be counts. \
      Give raw counts with "counts": true, or choose a Gaussian fit.
      """
    case .binning(let factor, let channels):
      "\(channels) channels cannot be summed by \(factor). Give 1 to \(channels)."
    case .strength(let value):
      "A strength of \(value) is not usable. Give a positive number."
    case .components(let count, let channels):
      "\(count) components cannot be kept of \(channels) channels. Give 1 to \(channels)."
    case .emptyChannel(let name):
      "Channel \(name) holds nothing at all. Leave it out with --energies."
    case .region(let text, let width, let slices, let depth):
      """
      The box \(text) leaves the volume of \(width) × \(slices) × \(depth) voxels (x, y, z). \
      Give first:end along each, from 0, the end excluded.
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
