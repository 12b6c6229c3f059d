import AlgebraicReconstruction
package import Fields
import Foundation
import MissingWedge
import Plots
import Projection
package import Reconstruction
import Records

/// Non-uniqueness, shown: two objects with one projection, and lamellae that a tilt series hardly sees.
package struct WedgeDemo: Sendable {
  package let folder: String
  package let degrees: [Double]
  package var workers = Workers.all
  package var command: [String] = []
  /// Whether files that voxtilt did not write may be replaced.
  package var overwrites = false

  private static let names = [
    "twins.png", "twins-0.svg", "twins-tilted.svg", "lamellae.png", "lamellae-projected.svg",
    "coverage.svg",
  ]
  private static let size = 129

  package init(into folder: String, degrees: [Double]) {
    (self.folder, self.degrees) = (folder, degrees)
  }

  /// The numbers behind the figures.
  package struct Outcome: Sendable, Encodable {
    /// `‖p_A − p_B‖ / ‖p_A‖` at 0° and at the largest tilt of the series.
    package let twinDifference: Double
    package let twinDifferenceAtLargestTilt: Double
    /// What the lamellae add to the projections, over what they add when turned by 90°.
    package let lamellaVisibility: Double
    /// The same, over the projections of the particle.
    package let lamellaChange: Double
    /// RMSE between the reconstructions with and without lamellae, over that of the objects.
    package let reconstructedDifference: Double
    package let reconstructedDifferenceTurned: Double
    package let files: [String]
  }

  package func run(_ follower: Follower) throws -> Outcome {
    let coverage = TiltCoverage(degrees.map { $0 * .pi / 180 })
    guard
      let lamellae = try HiddenLamellae(coverage, degrees: degrees, size: Self.size)
    else { throw LessonError.nothingMissing(tilts: degrees.count) }
    let study = try StudyFolder(
      folder, record: "wedge-demo.json", Self.names, inputs: [], overwrites: overwrites)
    let twins = TwinObjects(size: Self.size)
    let largest = degrees.max { abs($0) < abs($1) } ?? 0
    let (front, side) = (
      try twins.projections(degrees: 0), try twins.projections(degrees: largest)
    )
    let volumes = [lamellae.plain, lamellae.lamellar, lamellae.turned]
    let found = try volumes.map { try reconstruct($0, follower) }
    let (tilt, seen) = try plainestTilt(volumes)
    let drawings: [any Writable] = [
      try twinPicture(twins),
      chart(
        "Two objects, one projection at 0°",
        [("a pair", front.pair), ("one feature", front.single)]),
      chart(
        "The same two at \(largest.digits(4))°",
        [("a pair", side.pair), ("one feature", side.single)]),
      try lamellaPicture(volumes, found),
      chart(
        "Projections at \(tilt.digits(4))°",
        [("no lamellae", seen[0]), ("hidden lamellae", seen[1]), ("turned by 90°", seen[2])]),
    ]
    let outcome = Outcome(
      twinDifference: Self.distance(front.pair, front.single),
      twinDifferenceAtLargestTilt: Self.distance(side.pair, side.single),
      lamellaVisibility: lamellae.visibility, lamellaChange: lamellae.change,
      reconstructedDifference: Self.kept(found[0], found[1], volumes[0], volumes[1]),
      reconstructedDifferenceTurned: Self.kept(found[0], found[2], volumes[0], volumes[2]),
      files: Self.names.map { path($0, in: folder) })
    return try study.fill { files, place in
      follower.begin(files)
      for (name, drawing) in zip(Self.names, drawings) {
        try files.add(try drawing.contents(), at: path(name, in: place))
      }
      try files.add(
        Data(CoverageDrawing(coverage, degrees: degrees).svg.utf8),
        at: path("coverage.svg", in: place)
      )
      try files.finish(Recorded(outcome, command: command))
      return outcome
    }
  }

  private func geometry(_ degrees: [Double]) throws -> TiltGeometry {
    try TiltGeometry(
      volume: VolumeShape(width: Self.size, depth: Self.size, sliceCount: 1),
      series: TiltSeriesShape(tiltCount: degrees.count, binCount: Self.size, sliceCount: 1),
      degrees: degrees)
  }

  private func series(_ volume: Volume, _ degrees: [Double]) throws -> TiltSeries {
    let geometry = try geometry(degrees)
    var series = TiltSeries(zeros: geometry.series, tilts: degrees)
    ParallelProjector(geometry, workers: workers)
      .apply(volume.voxels.span, into: series.projections.mutableSpan)
    return series
  }

  private func project(_ volume: Volume, _ degrees: [Double]) throws -> [Double] {
    let series = try series(volume, degrees)
    return (0..<Self.size).map { Double(series[0, 0, $0]) }
  }

  /// The tilt at which turned lamellae show most, and the projections there.
  private func plainestTilt(_ volumes: [Volume]) throws -> (Double, [[Double]]) {
    let seen = try degrees.map { degree in
      (degree, try volumes.map { try project($0, [degree]) })
    }
    return seen.max {
      Self.distance($0.1[0], $0.1[2]) < Self.distance($1.1[0], $1.1[2])
    } ?? (0, [])
  }

  /// SIRT, 100 iterations.
  private func reconstruct(_ volume: Volume, _ follower: Follower) throws -> Volume {
    try SIRT(iterations: 100).reconstruct(
      try series(volume, degrees), try geometry(degrees), from: nil, workers: workers,
      monitor: follower.monitor(sliceCount: 1)
    ).0
  }

  private func twinPicture(_ twins: TwinObjects) throws -> Picture {
    .montage([
      try Self.panel(twins.pair, "A: a pair", 0...1),
      try Self.panel(twins.single, "B: one feature", 0...0.6),
    ])
  }

  private func lamellaPicture(_ truths: [Volume], _ found: [Volume]) throws -> Picture {
    let names = ["no lamellae", "hidden lamellae", "turned by 90°"]
    let above = try zip(truths, names).map { try Self.panel($0, $1, -0.1...1.5) }
    let below = try found.map { try Self.panel($0, "SIRT, 100 iterations", -0.1...1.5) }
    return .montage(above + below, columnCount: 3)
  }

  private static func panel(
    _ volume: Volume, _ caption: String, _ range: ClosedRange<Float>
  ) throws -> Panel {
    let picture = try Picture(.xz(y: 0), of: volume, scale: .limits(range))
    return Panel(picture.magnified(by: 2), caption: caption)
  }

  private func chart(_ title: String, _ lines: [(String, [Double])]) -> Chart {
    let middle = Double(Self.size - 1) / 2
    return Chart(
      title, x: Chart.Axis("s / bins"), y: Chart.Axis("line integral"),
      series: lines.map { name, values in
        Chart.Series(
          name, values.enumerated().map { Chart.Point(Double($0) - middle, $1) })
      })
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    let squares = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (squares / a.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  /// How much of the difference between two objects is left in their reconstructions.
  private static func kept(_ a: Volume, _ b: Volume, _ c: Volume, _ d: Volume) -> Double {
    func square(_ one: Volume, _ other: Volume) -> Double {
      (0..<one.voxels.count).reduce(0) {
        let difference = Double(one.voxels.span[$1] - other.voxels.span[$1])
        return $0 + difference * difference
      }
    }
    return (square(a, b) / square(c, d)).squareRoot()
  }
}

extension WedgeDemo.Outcome {
  /// For people.
  package var words: String {
    """
    Two objects: their projections differ by \(percent(twinDifference)) at 0° and \
    by \(percent(twinDifferenceAtLargestTilt)) at the largest tilt.
    Lamellae across the beam: projections show \
    \(percent(lamellaVisibility)) of what they show of the same lamellae turned by \
    90°, and SIRT keeps \(percent(reconstructedDifference)) of them, against \
    \(percent(reconstructedDifferenceTurned)) when turned.
    """
  }
}
