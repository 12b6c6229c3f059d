import Fields
import Foundation
import Phantoms
import TestSupport

import Alignment

/// Pages of a phantom, moved by known placements.
struct Scene {
  let tilts = Array(stride(from: -70.0, through: 70, by: 5))
  let truth: [Placement]
  let pages: [Image]

  /// Particles of 48 × 40 × 48 voxels on pages of 64 × 56 pixels.
  init(turn degrees: Double = 0, offset: Double = 0, largest: Double = 0) throws {
    let path = packageFolder.appending(path: "phantoms/particles.json").path
    let phantom = try Phantom(
      PhantomRecipe(reading: path),
      volume: VolumeShape(width: 48, depth: 48, sliceCount: 40), voxelSize: nil)
    let clean = phantom.project(degrees: tilts, binCount: 64)
    // Steps that repeat no pattern of the tilts.
    func step(_ k: Int, _ salt: Int) -> Double {
      largest * (Double((k * 7 + salt * 5) % 11) / 5 - 1)
    }
    truth = tilts.indices.map { k in
      Placement(across: offset).then(Placement(rotation: degrees * .pi / 180)).then(
        Placement(across: step(k, 1), along: step(k, 2)))
    }
    let pad = [Float](repeating: 0, count: 8 * 64)
    let moves = truth
    pages = tilts.indices.map { k in
      let inner = (0..<40).flatMap { y in (0..<64).map { clean[k, y, $0] } }
      return SplinePage(Image(pad + inner + pad, columnCount: 64)).placed(moves[k]).page
    }
  }

  /// What is left after `placements`.
  func residual(_ placements: [Placement]) -> AlignmentResidual {
    AlignmentResidual(zip(truth, placements).map { $0.then($1) }, tilts: tilts)
  }
}
