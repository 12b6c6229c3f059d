import Records
public import Fields
import Reconstruction
import SeriesIO
import StackIO

extension TiltSeries {
  /// Reads a tilt series: TIFF, MRC, ST or ALI, one page per tilt, with the facts that its sidecar, its headers and the
  /// files beside it contain.
  ///
  /// What these contradict or leave open stands in `SeriesSource.warnings`.
  ///
  /// - Parameters:
  ///   - tilts: a file of angles (.rawtlt, .tlt, .txt, .mdoc) or `start:stop:step` in degrees; `nil` takes what the files say.
  ///   - axis: which way the tilt axis runs in the pictures; `nil` takes what the files say, or `y`.
  ///   - pixelSize: nm; overrules the file.
  /// - Throws: `StackError` or `FileError` where the file cannot be read, `SeriesError` where no angles are known.
  public init(
    contentsOf path: String, tilts: String? = nil, axis: TiltAxis? = nil, pixelSize: Double? = nil
  ) throws {
    var options = SeriesSource.Options()
    options.tilts = try tilts.map { try TiltAngles(argument: $0) }
    (options.axis, options.pixelSize) = (axis, pixelSize)
    let source = try SeriesSource(path: path, options)
    let store = try MemoryStore(allocating: source.shape.slabs)
    _ = try source.load(into: store) { _ in }
    self.init(
      store.field, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize)
    axisOffset = source.axisOffset
  }
}

extension Volume {
  /// Reads a volume: TIFF or MRC, one page per plane along the beam (z), rows along y, columns along x.
  ///
  /// - Throws: `StackError` or `FileError` where the file cannot be read.
  public init(contentsOf path: String) throws { self = try readVolume(path).volume }

  /// Writes the volume as `.tif` or `.mrc`, one page per plane along the beam (z).
  ///
  /// The file has no sidecar. An existing file is replaced if `overwrites` is true.
  ///
  /// - Throws: `StackError`, `FileError` or `RecordsError` where it cannot be written; then nothing has changed.
  public func write(to path: String, overwrites: Bool = false) throws {
    var target = StackTarget(path: path)
    (target.pixelSize, target.pageSpacing, target.overwrites) = (voxelSize, voxelSize, overwrites)
    let files = try target.files(against: [])
    let (_, file) = try target.write(MemoryStore(voxels, shape.slabs), .silent)
    try files.add(file)
    try files.commit()
  }
}
