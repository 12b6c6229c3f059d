package import Fields
package import Phantoms
package import Projection

/// A specimen whose truth is known, and how its clean projections come about.
package struct PlanScene: Sendable {
  /// `[slab][z][x][lane]`
  package let truth: Volume
  /// Whether projections come from the projector that methods invert, which flatters them.
  package let sharesProjector: Bool
  private let series: @Sendable ([Double]) throws -> TiltSeries

  /// Projections are exact line integrals of `phantom`.
  package init(_ phantom: Phantom, workers: Workers = .all) {
    truth = phantom.render(workers: workers)
    sharesProjector = false
    series = { phantom.project(degrees: $0, workers: workers) }
  }

  /// Projections are those of the voxels of `volume`.
  package init(_ volume: Volume, rays: RayModel = .joseph, workers: Workers = .all) {
    truth = volume
    sharesProjector = true
    series = { degrees in
      let shape = TiltSeriesShape(
        tiltCount: degrees.count, binCount: volume.shape.width,
        sliceCount: volume.shape.sliceCount)
      let geometry = try TiltGeometry(volume: volume.shape, series: shape, degrees: degrees)
      var series = TiltSeries(zeros: shape, tilts: degrees, pixelSize: volume.voxelSize)
      ParallelProjector(geometry, model: rays, workers: workers)
        .apply(volume.voxels.span, into: series.projections.mutableSpan)
      return series
    }
  }

  func project(_ degrees: [Double]) throws -> TiltSeries { try series(degrees) }
}

/// `√(Σ (a − b)² / n)`; padding lanes are zero in both and count for nothing.
func rootMeanSquareDifference(_ a: FloatStorage, _ b: FloatStorage, count: Int) -> Double {
  precondition(a.count == b.count, "fields differ in length")
  let (a, b) = (a.span, b.span)
  var sum = 0.0
  for i in a.indices {
    let difference = Double(a[i]) - Double(b[i])
    sum += difference * difference
  }
  return (sum / Double(count)).squareRoot()
}
