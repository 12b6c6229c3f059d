import Fields
import Foundation
import Phantoms
import Projection
import SpectralTomography

/// Four channels of the particle that comes with the package, small.
struct Bench {
  let truths: [Volume]
  let counts: [TiltSeries]
  let geometry: TiltGeometry
  let background = 0.05

  init(counts level: Double) throws {
    let shape = VolumeShape(width: 24, depth: 24, sliceCount: 8)
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../phantoms/spectral/particle.json").standardized
    let scene = try SpectralScene(reading: file.path, volume: shape)
    let degrees = (0..<25).map { -72 + 6 * Double($0) }
    let rendered = RenderedScene(
      scene, degrees: degrees, counts: level, background: background, workers: Workers(2))
    let chosen = [5, 15, 25, 32]
    truths = chosen.map { rendered.truth($0) }
    counts = chosen.map { rendered.counts($0, seed: 3) }
    geometry = try TiltGeometry(volume: shape, series: counts[0].shape, degrees: degrees)
  }
}

/// The values of a field, to look at one by one.
func array(_ field: FloatStorage) -> [Float] {
  let values = field.span
  return values.indices.map { values[$0] }
}
