import VariationalReconstruction
import Fields
import Foundation
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("Strength")
struct StrengthTests {
  @Test(
    "twice the voxels an edge give the same picture",
    arguments: Prior.Kind.allCases.filter { $0 != .denoiser })
  func grid(kind: Prior.Kind) throws {
    let text = """
      {"name": "test", "description": "", "unit": "halfWidth", "size": [20, 20, 20],
       "objects": [{"shape": "sphere", "radius": 0.55, "density": 1},
                   {"shape": "sphere", "radius": 0.2, "density": 1}]}
      """
    let recipe = try PhantomRecipe(Data(text.utf8), from: "test.json")
    // Sparsity alone says nothing of neighbours: under a wedge its spikes follow the grid.
    let wedge: [Double] = Array(stride(from: -66, through: 66, by: 6))
    let full: [Double] = Array(stride(from: -90, to: 90, by: 3))
    let degrees = kind == .l1 ? full : wedge
    let strength: Double =
      switch kind {
      case .gradient: 1e-3
      case .l1: 1e-2
      case .l2: 1e-2
      case .tv, .tvL1, .tgv, .wavelet: 1e-2
      case .nlm, .denoiser: 1e-1
      }
    let volumes = try [20, 40].map { n in
      let shape = VolumeShape(width: n, depth: n, sliceCount: n)
      let series = try Phantom(recipe, volume: shape).project(degrees: degrees)
      let geometry = try TiltGeometry(volume: shape, series: series.shape, degrees: degrees)
      var method = CompressedSensing()
      method.prior = Prior(kind)
      method.iterationLimit = 300
      method.strength = .lambda(strength)
      return try method.reconstruct(series, geometry, from: nil, workers: Workers(2)).0
    }
    let (coarse, fine) = (volumes[0], volumes[1])
    var binned = Volume(zeros: coarse.shape)
    for z in 0..<40 {
      for y in 0..<40 { for x in 0..<40 { binned[x / 2, y / 2, z / 2] += fine[x, y, z] / 8 } }
    }
    let difference = relativeError(of: binned.voxels.span, against: coarse.voxels.span)
    // Nothing links voxels under l1: 0.129 is what the two grids differ by as λ goes to zero.
    // Patches of nlm are counted in voxels, so that a finer grid is smoothed over shorter distances.
    let limit: Double = kind == .l1 ? 0.135 : kind == .nlm ? 0.15 : 0.1
    #expect(difference < limit)
  }
}
