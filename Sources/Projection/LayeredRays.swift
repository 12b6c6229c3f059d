import Fields
import Operators
import RealModule

/// Projection layer by layer along the beam, and its exact adjoint: for optics that blur each depth differently.
///
/// A voxel goes to the two bins and with the weights of thin rays (Joseph), and to the two layers next to it by their distances.
/// Cost: O(voxels × tilts), about five times that of a projection without layers, however many there are.
struct LayeredRays: Sendable {
  private let geometry: TiltGeometry
  private let optics: Optics
  private let rays: [TiltRays]
  private let workers: Workers

  init(_ geometry: TiltGeometry, _ optics: Optics, workers: Workers) {
    (self.geometry, self.optics, self.workers) = (geometry, optics, workers)
    rays = geometry.tilts.indices.map { TiltRays(geometry, tilt: $0) }
  }

  private var series: SlabShape { geometry.series.slabs }
  private var field: SlabShape { geometry.volume.slabs }

  /// `p ← Σₖ Bₖ P Wₖ v`
  func project(_ volume: Span<Float>, into projections: consuming MutableSpan<Float>) {
    let layers = split(volume)
    var sum = projections
    sum.update(repeating: 0)
    var blurred = FloatStorage(zeros: series.count)
    for (layer, response) in optics.responses.enumerated() {
      response.apply(page(layer, of: layers).span, into: blurred.mutableSpan)
      let seen = blurred.span
      for i in sum.indices { unsafe sum[unchecked: i] += seen[unchecked: i] }
    }
  }

  /// `v ← Σₖ Wₖᵀ Pᵀ Bₖᵀ p`
  func backProject(_ projections: Span<Float>, into volume: consuming MutableSpan<Float>) {
    let length = series.pageLength
    var layers = FloatStorage(zeros: count * series.count)
    var blurred = FloatStorage(zeros: series.count)
    for (layer, response) in optics.responses.enumerated() {
      response.applyAdjoint(projections, into: blurred.mutableSpan)
      var target = layers.mutableSpan
      for part in 0..<series.slabCount * series.pageCount {
        target.copy(
          part * length..<(part + 1) * length, of: blurred.span, to: (part * count + layer) * length
        )
      }
    }
    gather(layers.span, into: volume)
  }

  private var count: Int { optics.responses.count }

  /// One layer as a series of its own.
  private func page(_ layer: Int, of layers: borrowing FloatStorage) -> FloatStorage {
    let length = series.pageLength
    var page = FloatStorage(zeros: series.count)
    var target = page.mutableSpan
    for part in 0..<series.slabCount * series.pageCount {
      let start = (part * count + layer) * length
      target.copy(start..<start + length, of: layers.span, to: part * length)
    }
    return page
  }

  /// `[slab][tilt][layer][bin][lane]` of a volume `[slab][z][x][lane]`.
  private func split(_ volume: Span<Float>) -> FloatStorage {
    var layers = FloatStorage(zeros: count * series.count)
    let (lanes, bins) = (series.laneCount, series.positionCount)
    workers.forEachSlab(of: layers.mutableSpan, length: count * series.pageLength) { part, values in
      var values = values
      let (slab, tilt) = part.quotientAndRemainder(dividingBy: series.pageCount)
      for z in 0..<field.pageCount {
        let row = LayeredRow(rays[tilt], tilt: tilt, z: z, geometry, optics)
        let start = slab * field.slabLength + z * field.pageLength
        for x in 0..<field.positionCount {
          row.forEachTarget(of: x, bins: bins) { target, weight in
            let (source, run) = (start + x * lanes, target * lanes)
            for l in 0..<lanes {
              unsafe values[unchecked: run &+ l] += weight * volume[unchecked: source &+ l]
            }
          }
        }
      }
    }
    return layers
  }

  private func gather(_ layers: Span<Float>, into volume: consuming MutableSpan<Float>) {
    let (lanes, bins) = (series.laneCount, series.positionCount)
    let block = count * series.pageLength
    workers.forEachSlab(of: volume, length: field.pageLength) { part, values in
      var values = values
      values.update(repeating: 0)
      let (slab, z) = part.quotientAndRemainder(dividingBy: field.pageCount)
      for tilt in rays.indices {
        let row = LayeredRow(rays[tilt], tilt: tilt, z: z, geometry, optics)
        let start = (slab * series.pageCount + tilt) * block
        for x in 0..<field.positionCount {
          row.forEachTarget(of: x, bins: bins) { target, weight in
            let (source, run) = (start + target * lanes, x * lanes)
            for l in 0..<lanes {
              unsafe values[unchecked: run &+ l] += weight * layers[unchecked: source &+ l]
            }
          }
        }
      }
    }
  }
}

/// Where the voxels of a row go at one tilt.
private struct LayeredRow {
  private let rays: TiltRays
  private let start: Int
  private let perReach: Float
  private let path: Float
  /// In layers, of the first voxel and from one to the next.
  private let depth: Double
  private let depthStep: Double
  private let last: Double

  init(_ rays: TiltRays, tilt: Int, z: Int, _ geometry: TiltGeometry, _ optics: Optics) {
    self.rays = rays
    (start, path) = (rays.origin + z * rays.perZ, rays.pathPerRow)
    perReach = Float(1 / Double(rays.reach))
    let (volume, angle) = (geometry.volume, geometry.tilts[tilt])
    let height = Double(z) - 0.5 * Double(volume.depth - 1) + geometry.zOffset
    let left = -0.5 * Double(volume.width - 1)
    depth = (height * .cos(angle) - left * .sin(angle) - optics.first) / optics.spacing
    depthStep = -.sin(angle) / optics.spacing
    last = Double(optics.responses.count - 1)
  }

  /// Calls `body` with each run of `[layer][bin]` that voxel `x` goes to, and its weight: two bins of two layers.
  @inline(__always)
  func forEachTarget(of x: Int, bins: Int, _ body: (_ target: Int, _ weight: Float) -> Void) {
    let landing = start &+ x &* rays.perX
    let (bin, fraction) = (landing >> 32, landing & (TiltRays.one &- 1))
    let place = min(max(depth + Double(x) * depthStep, 0), last)
    let layer = min(place.rounded(.down), last - 1)
    let (deeper, first) = (Float(place - layer), Int(layer) * bins)
    for side in 0..<2 {
      let (b, distance) = side == 0 ? (bin, fraction) : (bin &+ 1, TiltRays.one &- fraction)
      let weight = max(0, 1 - Float(distance) * perReach) * path
      guard weight > 0, 0..<bins ~= b else { continue }
      body(first &+ b, weight * (1 - deeper))
      if deeper > 0 { body(first &+ bins &+ b, weight * deeper) }
    }
  }
}
