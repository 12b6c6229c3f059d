package import Fields
import Inversion
package import Operators

/// How the gradients of all channels at one voxel are made into one number.
///
/// `G` is the matrix `[axis][channel]` of a voxel's gradients.
public enum ChannelCoupling: String, Sendable, Codable, CaseIterable {
  /// `Σ꜀ |G꜀|`: each channel by itself.
  case separate
  /// `‖G‖_F`, collaborative TV: edges are shared in place.
  case collaborative
  /// `‖G‖_*`, total nuclear variation: edges are shared in place and direction.
  ///
  /// - Reference: K. Holt, IEEE Trans. Image Process. 23, 3975 (2014); J. Duran et al., SIAM J.
  ///   Imaging Sci. 9, 116 (2016).
  case nuclear
}

/// `μ Σ_v ‖G_v‖` over the voxels of several channels, `[channel][slab][z][x][lane]`.
///
/// The dual field is `[slab][z][x][channel][axis][lane]`, so that a voxel's gradients lie together.
package struct JointVariation: ProximalRegulariser {
  package let weight: Float
  package let coupling: ChannelCoupling
  package let channelCount: Int
  package let shape: SlabShape
  package let workers: Workers
  private let scratch: ScratchPool

  package init(
    _ weight: Float, _ coupling: ChannelCoupling, channelCount: Int, _ shape: SlabShape,
    workers: Workers
  ) {
    (self.weight, self.coupling, self.channelCount) = (weight, coupling, channelCount)
    (self.shape, self.workers) = (shape, workers)
    scratch = ScratchPool(length: channelCount * Self.axes * shape.laneCount)
  }

  /// x, z and y.
  package static let axes = 3
  package var dualCount: Int { Self.axes * channelCount * shape.count }
  package var operatorSums: (row: Float, column: Float) { (2, 2 * Float(Self.axes)) }

  package func value(_ x: Span<Float>) -> Double {
    let pages = workers.results(shape.slabCount * shape.pageCount) { page in
      scratch.withScratch { scratch in
        var scratch = scratch.mutableSpan
        return switch shape.laneCount {
        case 32: JointKernel<32>(self, page: page).sum(x, &scratch)
        case 8: JointKernel<8>(self, page: page).sum(x, &scratch)
        default: JointKernel<1>(self, page: page).sum(x, &scratch)
        }
      }
    }
    return Double(weight) * pages.reduce(0, +)
  }

  package func formDual(
    _ dual: inout FloatStorage, from x: Span<Float>, step: Float, relaxation: Float
  ) {
    let length = Self.axes * channelCount * shape.pageLength
    workers.forEachSlab(of: dual.mutableSpan, length: length) { page, values in
      var values = values
      scratch.withScratch { scratch in
        var scratch = scratch.mutableSpan
        switch shape.laneCount {
        case 32:
          JointKernel<32>(self, page: page).advance(&values, x, step, relaxation, &scratch)
        case 8: JointKernel<8>(self, page: page).advance(&values, x, step, relaxation, &scratch)
        default: JointKernel<1>(self, page: page).advance(&values, x, step, relaxation, &scratch)
        }
      }
    }
  }

  package func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    let pages = shape.slabCount * shape.pageCount
    workers.forEachSlab(of: x, length: shape.pageLength) { index, values in
      var values = values
      let (channel, page) = index.quotientAndRemainder(dividingBy: pages)
      let move = JointStep(channel: channel, steps: steps, offset: offset)
      switch shape.laneCount {
      case 32: JointKernel<32>(self, page: page).step(&values, base, dual, move)
      case 8: JointKernel<8>(self, page: page).step(&values, base, dual, move)
      default: JointKernel<1>(self, page: page).step(&values, base, dual, move)
      }
    }
  }
}

/// The primal step of one channel.
struct JointStep {
  package let channel: Int
  package let steps: RunFactors
  package let offset: Float
}
