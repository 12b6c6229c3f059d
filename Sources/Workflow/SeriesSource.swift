public import Fields
import Reconstruction
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
    info = try StackReader(path: path).info
    guard let angles = options.tilts ?? info.tilts else { throw WorkflowError.noTilts(path: path) }
    try angles.checked(pages: info.shape.pageCount)
    tilts = options.flipsTilts ? angles.degrees.map { -$0 } : angles.degrees
    (tiltSource, flipsTilts) = (angles.source, options.flipsTilts)
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
  func load(into store: some SlabStore, onPage: (Int) throws -> Void) throws {
    try loadPages(
      of: path, axis: axis, policy: policy, into: store, onPage: onPage)
  }
}

/// Moves the pages of a stack into a store of the same shape.
func loadPages(
  of path: String, axis: TiltAxis, policy: NonFinitePolicy, into store: some SlabStore,
  onPage: (Int) throws -> Void
) throws {
  var reader = try StackReader(path: path)
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
    try onPage(page)
  }
  try census.settle(path: path)
}

/// A volume, or a mask, read whole.
///
/// - Parameters:
///   - axis: which way its tilt axis runs in the pictures; `y` reads page z, row y, column x.
///   - onPage: called after each page with its number and how many there are.
public func readVolume(
  _ path: String, axis: TiltAxis = .y,
  onPage: (_ page: Int, _ count: Int) throws -> Void = { _, _ in }
) throws -> Volume {
  let info = try StackReader(path: path).info
  let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
  let shape = VolumeShape(
    width: axis == .y ? columns : rows, depth: info.shape.pageCount,
    sliceCount: axis == .y ? rows : columns)
  try MemoryPlan.require(floatCount: shape.slabs.count)
  let store = try MemoryStore(allocating: shape.slabs)
  try loadPages(of: path, axis: axis, policy: .refuse, into: store) { page in
    try onPage(page, shape.depth)
  }
  return Volume(store.field, shape: shape, voxelSize: info.pixelSize)
}
