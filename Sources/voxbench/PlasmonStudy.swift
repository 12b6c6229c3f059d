import Fields
import Phantoms
import Plots
import Projection
import Reconstruction
import SpectralTomography

/// Whether plasmon modes of a silver cube, each about its own energy, come apart in three dimensions.
///
/// A mode's map is the sum of the three channels about its energy, of all channels reconstructed together from counts.
/// Beside its correlation with the true mode stands that of what one projection tells: the noise-free picture at
/// 0°, spread evenly along the beam.
struct PlasmonStudy {
  private let folder: String
  private let workers: Workers
  private let width: Int
  private let tilts: Int
  private let levels: [Double]
  private let couplings: [ChannelCoupling]
  /// Of the 40 channels of the scene, every so many.
  private let step: Int

  init(_ folder: String, isQuick: Bool, _ workers: Workers) {
    (self.folder, self.workers) = (folder, workers)
    (width, tilts, levels) = isQuick ? (24, 24, [1]) : (40, 71, [0.3, 1])
    (couplings, step) = isQuick ? ([.nuclear], 4) : ([.separate, .nuclear], 2)
  }

  func run() throws -> StudyResult {
    var table = Table(["counts", "coupling", "mode", "eV", "one projection", "tomography"])
    var claims: [StudyResult.Claim] = []
    let shape = VolumeShape(width: width, depth: width, sliceCount: width)
    let scene = try SpectralScene(
      reading: "\(folder)/spectral/plasmon-cube.json", volume: shape)
    let gap = 140 / Double(tilts - 1)
    let degrees = (0..<tilts).map { -70 + Double($0) * gap }
    for level in levels {
      let rendered = RenderedScene(
        scene, degrees: degrees, counts: level, background: 0.05, workers: workers)
      let chosen = Array(stride(from: 0, to: scene.energies.count, by: step))
      let counts = chosen.map { rendered.counts($0, seed: 1) }
      let geometry = try TiltGeometry(volume: shape, series: counts[0].shape, degrees: degrees)
      let one = try projections(rendered, shape)
      for coupling in couplings {
        var method = JointReconstruction()
        (method.coupling, method.workers) = (coupling, workers)
        let result = try method.reconstruct(
          counts, geometry, noise: .counts(background: counts.map { _ in 0.05 }))
        var least = 1.0
        for (m, material) in scene.materials.enumerated() {
          let energy = material.spectrum.peaks?.first?.energy ?? 0
          let found = map(
            result.volumes.map(\.voxels), near(energy, chosen.map { scene.energies[$0] }))
          let together = correlation(found, rendered.material(m))
          least = min(least, together)
          try table.append([
            .number(level), .text(coupling.rawValue), .text(material.name), .number(energy),
            .number(correlation(one[m], rendered.material(m))), .number(together),
          ])
        }
        if coupling == .nuclear {
          claims.append(
            StudyResult.Claim(
              words: "\(level) counts, nuclear: every mode correlates above 0.9 with its truth",
              holds: least > 0.9))
        }
      }
    }
    return StudyResult(table: table, claims: claims)
  }

  /// The three channels about an energy.
  private func near(_ energy: Double, _ energies: [Double]) -> [Int] {
    let middle = energies.indices.min {
      abs(energies[$0] - energy) < abs(energies[$1] - energy)
    }
    let place = min(max(middle ?? 0, 1), energies.count - 2)
    return [place - 1, place, place + 1]
  }

  private func map(_ channels: [FloatStorage], _ chosen: [Int]) -> FloatStorage {
    var sum = FloatStorage(zeros: channels[0].count)
    var values = sum.mutableSpan
    for c in chosen {
      let channel = channels[c]
      for i in values.indices { values[i] += channel.span[i] }
    }
    return sum
  }

  /// For every mode, what the picture at 0° would spread along the beam.
  private func projections(_ rendered: RenderedScene, _ shape: VolumeShape) throws -> [FloatStorage]
  {
    rendered.scene.materials.indices.map { m in
      let mode = rendered.material(m)
      var spread = Volume(zeros: shape, voxelSize: nil)
      for y in 0..<shape.sliceCount {
        for x in 0..<shape.width {
          let sum = (0..<shape.depth).reduce(Float(0)) { $0 + mode[x, y, $1] }
          for z in 0..<shape.depth { spread[x, y, z] = sum }
        }
      }
      return spread.voxels
    }
  }

  /// Pearson's, over all voxels.
  private func correlation(_ found: FloatStorage, _ truth: Volume) -> Double {
    let slabs = truth.shape.slabs
    var (n, x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for slab in 0..<slabs.slabCount {
      let lanes = slabs.slices(of: slab).count
      for i in slab * slabs.slabLength..<(slab + 1) * slabs.slabLength
      where i % slabs.laneCount < lanes {
        let (a, b) = (Double(found.span[i]), Double(truth.voxels.span[i]))
        (n, x, y) = (n + 1, x + a, y + b)
        (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b)
      }
    }
    let spread = (xx - x * x / n) * (yy - y * y / n)
    return spread > 0 ? (xy - x * y / n) / spread.squareRoot() : 0
  }
}
