import CompressedSensing
import Fields
import Foundation
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("Strength")
struct StrengthTests {
  @Test("twice the voxels an edge give the same picture", arguments: Prior.Kind.allCases)
  func grid(kind: Prior.Kind) throws {
    let text = """
      {"name": "test", "description": "", "unit": "halfWidth", "size": [20, 20, 20],
       "objects": [{"shape": "sphere", "radius": 0.55, "density": 1},
                   {"shape": "sphere", "radius": 0.2, "density": 1}]}
      """
    let recipe = try PhantomRecipe(Data(text.utf8), from: "test.json")
    // Sparsity alone says nothing of neighbours: under a wedge its spikes follow the grid.
    let wedge = Array(stride(from: -66.0, through: 66, by: 6))
    let full = Array(stride(from: -90.0, to: 90, by: 3))
    let degrees: [Double] = kind == .l1 ? full : wedge
    let volumes = try [20, 40].map { n in
      let shape = VolumeShape(width: n, depth: n, sliceCount: n)
      let series = try Phantom(recipe, volume: shape).project(degrees: degrees)
      let geometry = try TiltGeometry(volume: shape, series: series.shape, degrees: degrees)
      var method = CompressedSensing()
      method.prior = Prior(kind)
      method.iterationLimit = 300
      let lambda: Double =
        switch kind {
        case .gradient: 1e-5
        case .l1: 1e-2
        default: 1e-3
        }
      method.strength = .lambda(lambda)
      return try method.reconstruct(series, geometry, from: nil, workers: Workers(2)).0
    }
    let (coarse, fine) = (volumes[0], volumes[1])
    var binned = Volume(zeros: coarse.shape)
    for i in 0..<40 * 40 * 40 {
      let (x, y, z) = (i % 40, i / 40 % 40, i / 1600)
      binned[x / 2, y / 2, z / 2] += fine[x, y, z] / 8
    }
    let difference = relativeError(of: binned.voxels.span, against: coarse.voxels.span)
    #expect(difference < 0.1)
  }
}
