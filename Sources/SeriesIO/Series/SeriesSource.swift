public import Fields
package import Files
package import Reconstruction
package import Records
public import StackIO

/// A tilt series on disk, with everything that the user, its headers and the files beside it say of it. Pages are not read
/// before they are needed.
///
/// What the user says counts before the sidecar, the sidecar before the header, the header before other files beside
/// the stack. Two of them that tell different angles are refused unless the user decides.
public struct SeriesSource: Sendable {
  package let path: String
  package let info: StackInfo
  /// Degrees, one per page, with their signs flipped where that was asked for.
  public let tilts: [Double]
  package let tiltSource: TiltSource
  /// As they were told.
  package let angles: TiltAngles
  package let flipsTilts: Bool
  /// Which way the tilt axis runs in the pictures.
  public let axis: TiltAxis
  /// Degrees of the axis from vertical in the pictures, counter-clockwise, where something tells it.
  package let axisAngle: Double?
  /// Where the axis lies across its direction, in pixels from the centre; 0 where nothing tells it.
  public let axisOffset: Double
  /// Tilts, bins across the axis and slices along it.
  public let shape: TiltSeriesShape
  /// The edge of a pixel in nm; `nil` where nothing tells it.
  public let pixelSize: Double?
  /// Electrons on the specimen, one number per page.
  package let dose: Sidecar.Dose?
  /// How far each page is to be trusted, as 1/variance, where its preparation tells.
  package let tiltWeights: [Double]?
  /// What is odd but can be meant, and what was taken from the sidecar, in sentences.
  public let warnings: [String]
  package let policy: NonFinitePolicy
  /// Which file the headers were read from.
  package let stamp: FileStamp
  /// Of the file of angles; `nil` where they came with the stack or were typed.
  package let tiltFile: Fingerprint?
  /// The sidecar, where something was taken from it.
  package let record: SeriesRecord?
  /// What `check` kept of the series, where that was given.
  package var check: CheckedSeries?
  /// What was taken from the sidecar, in words; it stands among ``warnings`` too.
  package let account: String?

  /// How a series is to be read; `nil` takes what the files tell.
  public struct Options: Sendable {
    /// The angles, one per page.
    public var tilts: TiltAngles?
    /// Which way the tilt axis runs in the pictures; without word of it, along the columns (`y`).
    public var axis: TiltAxis?
    /// Where the axis lies across its direction, in pixels from the centre.
    public var axisOffset: Double?
    /// Whether every angle gets the opposite sign.
    public var flipsTilts = false
    /// What to do with pixels that are not finite: they are refused by default.
    public var policy = NonFinitePolicy.refuse
    /// The edge of a pixel in nm.
    public var pixelSize: Double?

    /// Everything as the files tell it.
    public init() {}
  }

  /// Reads the headers and the sidecar, and checks the angles against the pages.
  ///
  /// - Throws: `StackError` or `FileError` where the file or its angles cannot be used, ``SeriesError`` where no angles are known.
  public init(path: String, _ options: Options) throws {
    let reader = try StackReader(path: path)
    (info, stamp, self.path) = (reader.info, reader.stamp, path)
    let told = ToldSeries(info)
    var facts = SeriesFacts(told, options)
    angles = try facts.angles()
    tilts = options.flipsTilts ? angles.degrees.map { -$0 } : angles.degrees
    (tiltSource, flipsTilts) = (angles.source, options.flipsTilts)
    tiltFile = angles.fingerprint
    (axis, axisAngle) = facts.axis()
    axisOffset = facts.axisOffset(axis)
    pixelSize = facts.pixelSize()
    (dose, tiltWeights) = (facts.dose(), facts.tiltWeights())
    policy = options.policy
    let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
    shape = TiltSeriesShape(
      tiltCount: info.shape.pageCount, binCount: axis == .y ? columns : rows,
      sliceCount: axis == .y ? rows : columns)
    account = facts.account
    warnings = [account].compactMap(\.self) + facts.warnings
    record = facts.isRecordUsed ? told.record : nil
  }

  /// The angles that the sidecar of a series, its header or a file beside it tells; `nil` where none does.
  ///
  /// - Throws: `StackError` where two of them differ, or none can be used.
  package static func toldTilts(_ path: String) throws -> TiltAngles? {
    let info = try StackReader(path: path).info
    return try ToldSeries(info).tilts()
  }

  /// Whether the sidecar of a series, its header or a file beside it tells angles that can be used.
  package static func tellsTilts(_ path: String) throws -> Bool {
    try !ToldSeries(StackReader(path: path).info).allTilts.isEmpty
  }

  /// Moves every page into `store`, reading each once.
  ///
  /// - Parameter onPage: called after each; what it throws ends the reading.
  /// - Returns: the series as an input, hashed while it was read.
  package func load(into store: some SlabStore, onPage: (Int) throws -> Void) throws -> RecordedFile
  {
    let fingerprint = try loadPages(
      of: path, stamp, axis: axis, policy: policy, into: store, onPage: onPage)
    return try recorded(fingerprint)
  }

  /// The series as an input, where its pages are read in several passes. Cost: one pass.
  package func recorded() throws -> RecordedFile {
    let reader = try StackReader(path: path)
    try requireSame(reader.stamp, stamp, path)
    return try recorded(try reader.fingerprint())
  }

  /// - Throws: ``SeriesError/recordIsStale(series:sidecar:)`` where the sidecar that facts were taken from is of
  ///   other bytes, ``SeriesError/checkedOther(series:record:)``.
  package func recorded(_ fingerprint: Fingerprint) throws -> RecordedFile {
    if let record, record.sha256 != fingerprint.sha256 {
      throw SeriesError.recordIsStale(series: path, sidecar: record.file.path)
    }
    if let check, check.sha256 != fingerprint.sha256 {
      throw SeriesError.checkedOther(series: path, record: check.file.path)
    }
    return RecordedFile(fingerprint, info, voxelSize: pixelSize).with(account: account)
  }

  /// Further files that facts were taken from.
  package var companions: [Fingerprint] {
    [tiltFile, record?.file, check?.file].compactMap(\.self) + info.filesBeside
  }

  /// How far the axis is turned from ``axis``, in degrees counter-clockwise; 0 where nothing tells it.
  package var axisTurn: Double { axisAngle.map { ToldSeries.turn($0, from: axis) } ?? 0 }
}
