import ArgumentParser
import Fields
import Operators
import Projection

/// Times projection and back-projection against the matrix baseline.
struct ProjectorBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projector",
    abstract: "Times projection and back-projection against a sparse matrix in the same run.")

  @Option(help: "Voxels across and along the beam.") var size = 256
  @Option(help: "Tilts, spread evenly over ±70°.") var tilts = 71
  @Option(help: "Threads.") var threads = 2
  @Option(help: "Runs of each; the median and the fastest are printed.") var repeats = 7
  @Flag(help: "Also time other sizes, to show how time grows.") var scaling = false

  func run() throws {
    print("case                          ns/(voxel tilt): median   fastest")
    let slices = 2 * MatrixBaseline.lanes
    let geometry = try makeGeometry(size: size, slices: slices)
    let ours = time(geometry)
    let baseline = time(baseline: geometry)
    print("forward, times faster than the baseline", rounded(baseline.forward / ours.forward))
    print("back,    times faster than the baseline", rounded(baseline.back / ours.back))
    guard scaling else { return }
    for size in [128, 256, 512, 1024] { _ = time(try makeGeometry(size: size, slices: 32)) }
  }

  private func makeGeometry(size: Int, slices: Int) throws -> TiltGeometry {
    let step = 140 / Double(tilts - 1)
    return try TiltGeometry(
      volume: VolumeShape(width: size, depth: size, sliceCount: slices),
      series: TiltSeriesShape(tiltCount: tilts, binCount: size, sliceCount: slices),
      degrees: (0..<tilts).map { -70 + Double($0) * step })
  }

  private func time(_ geometry: TiltGeometry) -> (forward: Double, back: Double) {
    let projector = ParallelProjector(geometry, workers: Workers(threads))
    let volume = FloatStorage(repeating: 1, count: projector.domainCount)
    var series = FloatStorage(zeros: projector.rangeCount)
    var result = volume
    let name = "\(geometry.volume.width)² × \(geometry.volume.sliceCount)"
    let forward = median("voxtilt forward, \(name)", geometry) {
      projector.apply(volume.span, into: series.mutableSpan)
    }
    let back = median("voxtilt back,    \(name)", geometry) {
      projector.applyAdjoint(series.span, into: result.mutableSpan)
    }
    return (forward, back)
  }

  private func time(baseline geometry: TiltGeometry) -> (forward: Double, back: Double) {
    let matrix = MatrixBaseline(geometry)
    let transpose = matrix.transposed(columnCount: geometry.volume.slabs.runCount)
    let volume = FloatStorage(
      repeating: 1, count: geometry.volume.slabs.runCount * geometry.volume.sliceCount)
    var series = FloatStorage(
      zeros: geometry.series.slabs.runCount * geometry.series.sliceCount)
    var result = volume
    let workers = Workers(threads)
    let forward = median("matrix forward", geometry) {
      matrix.multiply(volume.span, into: series.mutableSpan, workers: workers)
    }
    let back = median("matrix back", geometry) {
      transpose.multiply(series.span, into: result.mutableSpan, workers: workers)
    }
    check(series, geometry)
    return (forward, back)
  }

  /// The baseline must compute what the projector computes.
  private func check(_ baseline: FloatStorage, _ geometry: TiltGeometry) {
    let projector = ParallelProjector(geometry, workers: Workers(threads))
    let volume = FloatStorage(repeating: 1, count: projector.domainCount)
    var series = FloatStorage(zeros: projector.rangeCount)
    projector.apply(volume.span, into: series.mutableSpan)
    var largest: Float = 0
    for run in 0..<geometry.series.slabs.runCount {
      largest = max(largest, abs(baseline.span[run * 64] - series.span[run * 32]))
    }
    print(
      "largest difference between projector and baseline:", largest, "of", geometry.volume.depth)
  }

  private func median(_ name: String, _ geometry: TiltGeometry, _ body: () -> Void) -> Double {
    body()
    let work =
      Double(geometry.volume.slabs.valueCount) * Double(geometry.tilts.count)
    let times = (0..<repeats).map { _ in
      ContinuousClock().measure(body) / .nanoseconds(1) / work
    }.sorted()
    let padded = name.padding(toLength: 42)
    print(padded, rounded(times[repeats / 2]), "  ", rounded(times[0]))
    return times[repeats / 2]
  }

  private func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}

extension String {
  fileprivate func padding(toLength length: Int) -> String {
    self + String(repeating: " ", count: max(0, length - count))
  }
}
