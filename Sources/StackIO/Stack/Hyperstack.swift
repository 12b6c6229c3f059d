/// How the pages of a stack are ordered by channel, slice (z) and frame (t).
public struct Hyperstack: Hashable, Sendable {
  public enum Axis: Character, Sendable, CaseIterable {
    case channel = "C", slice = "Z", frame = "T"
  }

  public let channelCount: Int
  public let sliceCount: Int
  public let frameCount: Int
  /// The axis that changes fastest first.
  public let order: [Axis]
  public let source: FactSource

  /// `nil` where a count is below 1 or the pages could not be counted.
  init?(channels: Int, slices: Int, frames: Int, order: [Axis], source: FactSource) {
    let counts = [channels, slices, frames]
    guard counts.allSatisfy({ 1..<(1 << 24) ~= $0 }), channels * slices < 1 << 32 else {
      return nil
    }
    (channelCount, sliceCount, frameCount) = (channels, slices, frames)
    (self.order, self.source) = (order, source)
  }

  public var pageCount: Int { channelCount * sliceCount * frameCount }

  public func count(_ axis: Axis) -> Int {
    switch axis {
    case .channel: channelCount
    case .slice: sliceCount
    case .frame: frameCount
    }
  }

  /// Pages from one to the next along an axis.
  public func stride(_ axis: Axis) -> Int {
    order.prefix { $0 != axis }.reduce(1) { $0 * count($1) }
  }
}
