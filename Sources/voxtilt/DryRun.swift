import SeriesIO
import Fields
import Operators
import Projection
import Reconstruction
import Workflow

/// What a reconstruction would do, without doing it.
struct DryRun: Encodable {
  let input: String
  let output: String
  let method: String
  /// Voxels along x, y and z.
  let volume: [Int]
  let tilts: Int
  let tiltRange: [Double]
  let memoryBytes: Int
  let scratchBytes: Int
  let groups: Int
  let slabsPerGroup: Int
  let iterations: Int
  /// Seconds, from the speed of the projector on this machine just now.
  let estimatedSeconds: Double
  let warnings: [String]

  init(_ recipe: ReconstructionRecipe) throws {
    let (geometry, plan) = (try recipe.makeGeometry(), try recipe.plan())
    (input, output, method) = (recipe.source.path, recipe.target.path, recipe.method.name)
    volume = [
      geometry.volume.width - 2 * recipe.margin, geometry.volume.sliceCount,
      geometry.volume.depth,
    ]
    tilts = geometry.tilts.count
    let degrees = geometry.tilts.map { $0 * 180 / .pi }
    tiltRange = [degrees.min() ?? 0, degrees.max() ?? 0]
    (memoryBytes, scratchBytes) = (plan.byteCount, plan.scratchByteCount)
    (groups, slabsPerGroup) = (plan.groupCount, plan.slabsPerGroup)
    iterations = recipe.method.iterationLimit
    let passes = iterations == 1 ? 1 : 2 * iterations * recipe.method.traits.projectionsPerIteration
    let work =
      Double(geometry.volume.slabs.count) * Double(geometry.tilts.count) * Double(passes)
    estimatedSeconds = work * (try Self.secondsPerVoxelTilt(recipe.workers))
    warnings = recipe.source.warnings
  }

  /// Times a small projection there and back.
  static func secondsPerVoxelTilt(_ workers: Workers) throws -> Double {
    let slices = 32 * workers.count
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 128, depth: 128, sliceCount: slices),
      series: TiltSeriesShape(tiltCount: 15, binCount: 128, sliceCount: slices),
      degrees: (-7...7).map { Double($0) * 10 })
    let projector = ParallelProjector(geometry, workers: workers)
    var volume = FloatStorage(repeating: 1, count: projector.domainCount)
    var series = FloatStorage(zeros: projector.rangeCount)
    let times = (0..<3).map { _ in
      ContinuousClock().measure {
        projector.apply(volume.span, into: series.mutableSpan)
        projector.applyAdjoint(series.span, into: volume.mutableSpan)
      } / .seconds(1)
    }
    return (times.min() ?? 0) / (2 * Double(volume.count) * 15)
  }

  func show(_ options: RunOptions) throws {
    guard !options.json else { return try Terminal.printJSON(self) }
    let place =
      groups == 1
      ? "in memory"
      : """
      in \(groups) groups of \(slabsPerGroup) slabs, with \(MemoryPlan.words(scratchBytes)) of \
      scratch next to the output
      """
    for warning in warnings { Terminal.say("note: \(warning)") }
    print(
      """
      would read   \(input): \(tilts) tilts, \(Terminal.short(tiltRange[0]))° to \
      \(Terminal.short(tiltRange[1]))°
      would write  \(output): \(volume[0]) × \(volume[1]) × \(volume[2]) voxels (x, y, z)
      method       \(method), at most \(iterations) iteration\(iterations == 1 ? "" : "s")
      memory       \(MemoryPlan.words(memoryBytes)), \(place)
      time         about \(Terminal.short(estimatedSeconds)) s of computing
      """)
  }
}
