import AlgebraicReconstruction
import ArgumentParser
import VariationalReconstruction
import Fields
import Operators
import Phantoms
import Plots
import Projection
import Reconstruction
import Transforms

/// Times whole reconstructions, and the parts of an iteration of compressed sensing.
struct MethodsBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "Times SIRT, SART and compressed sensing, and what an iteration is spent on.")

  @Option(help: "Voxels along each axis.") var size = 256
  @Option(help: "Tilts, spread evenly over ±70°.") var tilts = 71
  @Option(help: "Threads.") var threads = 2
  @Option(help: "SIRT iterations and SART sweeps.") var sweeps = 10
  @Option(help: "Iterations of compressed sensing.") var iterations = 100
  @Option(help: "Runs of each part; the median counts.") var repeats = 7
  @Option(help: "The folder of the phantoms' recipes.") var phantoms = "phantoms"
  @Option(help: "Also writes the table to this file.") var csv: String?

  func validate() throws {
    for count in [size, sweeps, iterations, repeats] where count < 1 {
      throw ValidationError("Sizes and counts are at least 1.")
    }
    guard tilts > 1 else { throw ValidationError("Give at least 2 tilts.") }
  }

  func run() throws {
    let workers = Workers(threads)
    let scene = try Scene(
      try PhantomRecipe(reading: "\(phantoms)/two-level.json"), width: size, slices: size,
      tiltCount: tilts, workers)
    let series = try scene.measured(noise: 0.02).series
    var table = Table(["what", "times", "seconds", "ms each", "GB/s"])
    for (name, method) in try methods() {
      let seconds = try self.seconds {
        _ = try method.reconstruct(
          series, scene.geometry, from: nil, workers: workers, monitor: .silent)
      }
      let count = method.iterationLimit
      try table.append([
        .text(name), .integer(count), .number(seconds), .number(1e3 * seconds / Double(count)),
        .empty,
      ])
    }
    for part in parts(scene, series, workers) {
      try table.append([
        .text(part.name), 1, .number(part.seconds), .number(1e3 * part.seconds),
        part.bytes.map { .number($0 / part.seconds / 1e9) } ?? .empty,
      ])
    }
    print(table.markdown)
    if let csv { try table.write(to: csv) }
  }

  private func methods() throws -> [(String, any ReconstructionMethod)] {
    var sensing = CompressedSensing()
    (sensing.iterationLimit, sensing.tolerance) = (iterations, 0)
    return [
      ("sirt", try SIRT(iterations: sweeps)), ("sart", try SART(sweeps: sweeps)),
      ("cs with tv", sensing),
    ]
  }

  /// What an iteration is made of; bytes are those that must come from and go to memory.
  private struct Part {
    let name: String
    let seconds: Double
    let bytes: Double?
  }

  private func parts(_ scene: Scene, _ series: TiltSeries, _ workers: Workers) -> [Part] {
    let projector = ParallelProjector(scene.geometry, workers: workers)
    let gradient = SlabGradient(scene.geometry.volume.slabs, workers: workers)
    let steps = projector.absoluteSums().columns.map { 1 / max(1, $0) }
    let (x, y) = (scene.truth.voxels, series.projections)
    var (ahead, seen, dual) = (x, y, FloatStorage(zeros: gradient.rangeCount))
    let voxels = Double(x.count)
    let part = { (name: String, bytes: Double?, body: () -> Void) in
      Part(name: name, seconds: median(body), bytes: bytes.map { $0 * voxels })
    }
    return [
      part("plain copy", 8) {
        workers.forEachSlab(of: ahead.mutableSpan, length: size * size) { slab, values in
          var values = values
          let source = x.span.extracting(slab * size * size..<(slab + 1) * size * size)
          for i in values.indices { unsafe values[unchecked: i] = source[unchecked: i] }
        }
      },
      part("projection", nil) { projector.apply(x.span, into: seen.mutableSpan) },
      part("step along the back-projection", nil) {
        projector.stepAlongAdjoint(
          y.span, from: ahead.mutableSpan, steps: steps, clippedTo: 0 ... .infinity)
      },
      part("tv: dual step", 28) {
        gradient.formDual(
          dual.mutableSpan, from: x.span, pass: .ball(radius: 0.1, step: 0.1, relaxation: 1.9))
      },
      part("tv: primal step", 20) {
        gradient.step(ahead.mutableSpan, from: x.span, along: dual.span, steps: steps)
      },
      part("tv: value", 4) { _ = gradient.totalVariation(x.span) },
    ]
  }

  private func median(_ body: () -> Void) -> Double {
    body()
    return (0..<repeats).map { _ in seconds(body) }.sorted()[repeats / 2]
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
  }
}
