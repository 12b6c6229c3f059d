import SeriesIO
package import Fields
package import Reconstruction
import Records

/// What a method makes of a blob and of a sphere at the user's tilts, with profiles and pictures.
package struct PointSpreadRecipe: Sendable {
  package let method: any ReconstructionMethod
  package let degrees: [Double]
  /// Voxels of the cube, odd.
  package let size: Int
  /// In voxels.
  package var sigma = 3.0
  package var radius = 10.0
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit

  package init(_ method: any ReconstructionMethod, degrees: [Double], size: Int) {
    (self.method, self.degrees, self.size) = (method, degrees, size)
  }

  package func run(_ follower: Follower) throws -> [WedgePointSpread] {
    try checkMemory()
    return try [Probe.blob(sigma: sigma), .sphere(radius: radius)].map { probe in
      try WedgePointSpread(
        of: method, probe, degrees: degrees, size: size, workers: workers,
        monitor: follower.monitor(sliceCount: size))
    }
  }

  /// Adds `NAME.blob.csv`, `.svg` and `.png`, and the same of the sphere.
  static func add(_ spreads: [WedgePointSpread], to files: ResultFiles, _ name: String) throws {
    try files.add(spreads.flatMap { try $0.plots() }, beside: name)
  }
}
