public import Fields
public import MissingWedge
import Plots
public import Reconstruction
import Records

/// What a method makes of a blob and of a sphere at the user's tilts, with profiles and pictures.
public struct PointSpreadRecipe: Sendable {
  public let method: any ReconstructionMethod
  public let degrees: [Double]
  /// Voxels of the cube, odd.
  public let size: Int
  /// In voxels.
  public var sigma = 3.0
  public var radius = 10.0
  public var workers = Workers.all
  /// Bytes.
  public var memoryLimit = MemoryPlan.standardLimit

  public init(_ method: any ReconstructionMethod, degrees: [Double], size: Int) {
    (self.method, self.degrees, self.size) = (method, degrees, size)
  }

  public func run(_ follower: Follower) throws -> [PointSpread] {
    try checkMemory()
    return try [Probe.blob(sigma: sigma), .sphere(radius: radius)].map { probe in
      try PointSpread(
        of: method, probe, degrees: degrees, size: size, workers: workers,
        monitor: follower.monitor(sliceCount: size))
    }
  }

  /// Adds `NAME.blob.csv`, `.svg` and `.png`, and the same of the sphere.
  static func add(_ spreads: [PointSpread], to files: ResultFiles, _ name: String) throws {
    for spread in spreads {
      let path = "\(name).\(spread.fileName)"
      try files.add(try table(spread), at: path + ".csv")
      try files.add(chart(spread), at: path + ".svg")
      let large = max(1, 256 / spread.volume.shape.width)
      try files.add(
        try Picture.orthogonalSections(
          of: spread.volume, scale: .percentiles(0, 100), magnification: large),
        at: path + ".png")
    }
  }

  static func table(_ spread: PointSpread) throws -> Table {
    var table = Table(["offset", "x", "y", "z"])
    for (index, offset) in spread.x.offsets.enumerated() {
      try table.append(
        [.number(offset)] + [spread.x, spread.y, spread.z].map { .number($0.values[index]) })
    }
    return table
  }

  static func chart(_ spread: PointSpread) -> Chart {
    Chart(
      "\(spread.probe.name), \(spread.report.method)", x: Chart.Axis("voxels from the centre"),
      y: Chart.Axis("value"),
      series: [("x", spread.x), ("y", spread.y), ("z", spread.z)].map { name, profile in
        Chart.Series(
          "along \(name)", zip(profile.offsets, profile.values).map { Chart.Point($0, $1) })
      })
  }
}

extension PointSpread {
  fileprivate var fileName: String {
    if case .blob = probe { "blob" } else { "sphere" }
  }
}

/// The numbers of a point spread, for JSON; what is not defined is `null`.
public struct PointSpreadNumbers: Sendable, Encodable {
  let spread: PointSpread

  public init(_ spread: PointSpread) { self.spread = spread }

  private enum Key: String, CodingKey {
    case probe, method, settings, ownWidth, halfWidths, widthRatio, curvatures, elongation
    case elongationDirection, undershoot, sideLobes
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Key.self)
    let profiles = [spread.x, spread.y, spread.z]
    try keys.encode(spread.probe.name, forKey: .probe)
    try keys.encode(spread.report.method, forKey: .method)
    try keys.encode(spread.report.settings, forKey: .settings)
    try keys.encode(spread.probe.width, forKey: .ownWidth)
    try keys.encode(profiles.map(\.halfWidth), forKey: .halfWidths)
    try keys.encode(spread.widthRatio, forKey: .widthRatio)
    try keys.encode(spread.curvature.map { [$0.x, $0.y, $0.z] }, forKey: .curvatures)
    try keys.encode(spread.curvature?.elongation, forKey: .elongation)
    try keys.encode(spread.curvature?.direction, forKey: .elongationDirection)
    try keys.encode(profiles.map(\.undershoot), forKey: .undershoot)
    try keys.encode(profiles.map(\.sideLobe), forKey: .sideLobes)
  }
}
