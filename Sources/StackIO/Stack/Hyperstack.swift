/// How the pages of a stack are ordered by channel, slice (z) and frame (t).
package struct Hyperstack: Hashable, Sendable {
  package enum Axis: Character, Sendable, CaseIterable {
    case channel = "C", slice = "Z", frame = "T"
  }

  package let channelCount: Int
  package let sliceCount: Int
  package let frameCount: Int
  /// The axis that changes fastest first.
  package let order: [Axis]
  package let source: FactSource

  /// `nil` where a count is below 1 or the pages could not be counted.
  init?(channels: Int, slices: Int, frames: Int, order: [Axis], source: FactSource) {
    let counts = [channels, slices, frames]
    guard counts.allSatisfy({ 1..<(1 << 24) ~= $0 }), channels * slices < 1 << 32 else {
      return nil
    }
    (channelCount, sliceCount, frameCount) = (channels, slices, frames)
    (self.order, self.source) = (order, source)
  }

  package var pageCount: Int { channelCount * sliceCount * frameCount }

  package func count(_ axis: Axis) -> Int {
    switch axis {
    case .channel: channelCount
    case .slice: sliceCount
    case .frame: frameCount
    }
  }

  /// Pages from one to the next along an axis.
  package func stride(_ axis: Axis) -> Int {
    order.prefix { $0 != axis }.reduce(1) { $0 * count($1) }
  }
}
