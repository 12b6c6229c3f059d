public import Fields
public import Projection
import Transforms

/// Splits a volume into what its tilts measured and what they left open.
///
///     inferred = F⁻¹ (1 − M) F v,   measured = v − inferred
///
/// with M the mask of `TiltCoverage`. The mask does not depend on `ky`, so each slice y = const is
/// split by itself, two at a time as one complex plane. With a sharp mask both parts are orthogonal and
/// their energies add up to that of the volume. Faces of the volume meet each other (a discrete
/// transform is periodic): an object that is cut by a face of z has an edge there that counts as inferred.
///
/// Cost: O(N log N) for N voxels; memory: the result and one complex plane per worker.
public struct WedgeFilter: Sendable {
  package let shape: VolumeShape
  /// `(1 − M) / (width · depth)`, `[z][x]`.
  private let missing: FloatStorage
  private let transform: PlaneTransform
  private let planes: ScratchPool

  /// A filter for volumes of one shape.
  ///
  /// - Parameter softness: radians over which the edge of the mask rises; 0 is sharp.
  public init(_ coverage: TiltCoverage, shape: VolumeShape, softness: Double = 0) {
    self.shape = shape
    let mask = coverage.mask(width: shape.width, depth: shape.depth, softness: softness)
    let scale = 1 / Float(mask.count)
    missing = FloatStorage((0..<mask.count).map { (1 - mask.span[$0]) * scale })
    transform = PlaneTransform(rows: shape.depth, columns: shape.width)
    planes = ScratchPool(length: 2 * mask.count)
  }

  /// The component of `volume` in the missing part of Fourier space, with the shape of `volume`: what the method inferred.
  public func inferredPart(of volume: Volume, workers: Workers = .all) -> Volume {
    precondition(volume.shape == shape, "the filter was made for another shape")
    var result = Volume(zeros: shape, voxelSize: volume.voxelSize)
    let slabs = shape.slabs
    workers.forEachSlab(of: result.voxels.mutableSpan, length: slabs.slabLength) { slab, values in
      var values = values
      let slices = slabs.slices(of: slab)
      for lane in stride(from: 0, to: slices.count, by: 2) {
        planes.withScratch { scratch in
          var plane = scratch.mutableSpan
          let isPair = lane + 1 < slices.count
          let start = slab * slabs.slabLength + lane
          for run in 0..<slabs.runCount {
            let i = start + run * slabs.laneCount
            plane[2 * run] = volume.voxels.span[i]
            plane[2 * run + 1] = isPair ? volume.voxels.span[i + 1] : 0
          }
          transform.forward(&plane)
          for run in 0..<slabs.runCount {
            plane[2 * run] *= missing.span[run]
            plane[2 * run + 1] *= missing.span[run]
          }
          transform.inverse(&plane)
          for run in 0..<slabs.runCount {
            let i = run * slabs.laneCount + lane
            values[i] = plane[2 * run]
            if isPair { values[i + 1] = plane[2 * run + 1] }
          }
        }
      }
    }
    return result
  }
}
