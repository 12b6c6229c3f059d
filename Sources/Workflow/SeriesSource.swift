public import Fields
import Files
import Reconstruction
public import Records
public import StackIO

/// A tilt series on disk, with everything that the user said of it.
public struct SeriesSource: Sendable {
  public let path: String
  public let info: StackInfo
  /// Degrees, as they are used: signs flipped where that was asked for, offset not yet added.
  public let tilts: [Double]
  public let tiltSource: TiltSource
  public let flipsTilts: Bool
  public let axis: TiltAxis
  public let shape: TiltSeriesShape
  /// nm
  public let pixelSize: Double?
  /// What is odd but can be meant.
  public let warnings: [String]
  let policy: NonFinitePolicy
  /// Which file the headers were read from.
  let stamp: FileStamp
  /// Of the file of angles; `nil` where they came with the stack or were typed.
  let tiltFile: Fingerprint?

  /// How a series is to be read.
  public struct Options: Sendable {
    public var tilts: TiltAngles?
    public var axis = TiltAxis.y
    public var flipsTilts = false
    public var policy = NonFinitePolicy.refuse
    /// nm; overrules the file.
    public var pixelSize: Double?

    public init() {}
  }

  /// Reads the headers and checks the angles against the pages.
  public init(path: String, _ options: Options) throws {
    self.path = path
    let reader = try StackReader(path: path)
    (info, stamp) = (reader.info, reader.stamp)
    guard let angles = options.tilts ?? info.tilts else { throw WorkflowError.noTilts(path: path) }
    try angles.checked(pages: info.shape.pageCount)
    tilts = options.flipsTilts ? angles.degrees.map { -$0 } : angles.degrees
    (tiltSource, flipsTilts) = (angles.source, options.flipsTilts)
    tiltFile = angles.fingerprint
    (axis, policy) = (options.axis, options.policy)
    pixelSize = options.pixelSize ?? info.pixelSize
    let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
    shape = TiltSeriesShape(
      tiltCount: info.shape.pageCount, binCount: axis == .y ? columns : rows,
      sliceCount: axis == .y ? rows : columns)
    var warnings = angles.notes.map { "\($0)" }
    if options.pixelSize == nil, let width = info.pixelSize, let height = info.rowSpacing,
      abs(width - height) > 0.01 * width
    {
      warnings.append("Pixels of \(width) × \(height) nm are taken as squares of \(width) nm.")
    }
    self.warnings = warnings
  }

  /// Moves every page into `store`, reading each once.
  ///
  /// - Parameter onPage: called after each; what it throws ends the reading.
  /// - Returns: the series as an input, hashed while it was read.
  func load(into store: some SlabStore, onPage: (Int) throws -> Void) throws -> RecordedFile {
    let fingerprint = try loadPages(
      of: path, stamp, axis: axis, policy: policy, into: store, onPage: onPage)
    return RecordedFile(fingerprint, info.shape, voxelSize: pixelSize)
  }

  /// The series as an input, where its pages are read in several passes. Cost: one pass.
  func recorded() throws -> RecordedFile {
    let reader = try StackReader(path: path)
    try requireSame(reader.stamp, stamp, path)
    return RecordedFile(try reader.fingerprint(), info.shape, voxelSize: pixelSize)
  }
}

/// Refuses a file that is not the one that was opened before under its name.
func requireSame(_ stamp: FileStamp, _ before: FileStamp?, _ path: String) throws {
  guard before == nil || before == stamp else { throw FileError.changed(path: path) }
}

/// Moves the pages of a stack into a store of the same shape.
///
/// - Parameter stamp: the file that its headers were read from before.
/// - Returns: the fingerprint of the bytes that were read.
@discardableResult
func loadPages(
  of path: String, _ stamp: FileStamp? = nil, axis: TiltAxis, policy: NonFinitePolicy,
  into store: some SlabStore, onPage: (Int) throws -> Void
) throws -> Fingerprint {
  var reader = try StackReader(path: path)
  try requireSame(reader.stamp, stamp, path)
  var census = NonFiniteCensus(policy)
  let map = PageMap(store.pageShape, axis: axis)
  precondition(
    reader.info.shape.rowCount == map.rowCount && reader.info.shape.columnCount == map.columnCount
      && reader.info.shape.pageCount == store.shape.pageCount, "the store does not fit the stack")
  var picture = try FloatStorage(allocating: map.rowCount * map.columnCount)
  var runs = try FloatStorage(allocating: store.pageShape.count)
  for page in 0..<store.shape.pageCount {
    var pixels = picture.mutableSpan
    try reader.readPage(page, into: &pixels)
    census.examine(&pixels, page: page, columnCount: map.columnCount)
    var values = runs.mutableSpan
    map.place(picture.span, page: 0, into: &values)
    try store.putPage(page, runs)
    try reader.hash(throughPage: page)
    try onPage(page)
  }
  let fingerprint = try reader.fingerprint()
  try census.settle(path: path)
  return fingerprint
}

/// What the headers of a stack say, and which file they are of.
func headers(of path: String) throws -> (info: StackInfo, stamp: FileStamp) {
  let reader = try StackReader(path: path)
  return (reader.info, reader.stamp)
}

/// A volume, or a mask, read whole, and what it was read from.
///
/// - Parameters:
///   - axis: which way its tilt axis runs in the pictures; `y` reads page z, row y, column x.
///   - onPage: called after each page with its number and how many there are.
public func readVolume(
  _ path: String, axis: TiltAxis = .y,
  onPage: (_ page: Int, _ count: Int) throws -> Void = { _, _ in }
) throws -> (volume: Volume, file: RecordedFile) {
  let (info, stamp) = try headers(of: path)
  let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
  let shape = VolumeShape(
    width: axis == .y ? columns : rows, depth: info.shape.pageCount,
    sliceCount: axis == .y ? rows : columns)
  try MemoryPlan.require(floatCount: shape.slabs.count)
  let store = try MemoryStore(allocating: shape.slabs)
  let fingerprint = try loadPages(of: path, stamp, axis: axis, policy: .refuse, into: store) {
    try onPage($0, shape.depth)
  }
  return (
    Volume(store.field, shape: shape, voxelSize: info.pixelSize),
    RecordedFile(fingerprint, info.shape, voxelSize: info.pixelSize)
  )
}
