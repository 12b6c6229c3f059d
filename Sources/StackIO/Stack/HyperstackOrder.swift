/// Where channels and tilts stand among the pages of a hyperstack.
package struct HyperstackOrder: Sendable, Equatable {
  package let channelCount: Int
  package let tiltCount: Int
  private let channelStride: Int
  private let tiltStride: Int

  /// The tilts are whichever of slices and frames is longer than 1.
  ///
  /// - Returns: `nil` where there is one channel, or there are both slices and frames.
  package init?(_ stack: Hyperstack) {
    guard stack.channelCount > 1, stack.sliceCount == 1 || stack.frameCount == 1 else { return nil }
    (channelCount, tiltCount) = (stack.channelCount, max(stack.sliceCount, stack.frameCount))
    channelStride = stack.stride(.channel)
    tiltStride = stack.stride(stack.sliceCount > 1 ? .slice : .frame)
  }

  /// Channels fastest, as ImageJ has them, where only the counts are known.
  package init(channelCount: Int, tiltCount: Int) {
    (self.channelCount, self.tiltCount) = (channelCount, tiltCount)
    (channelStride, tiltStride) = (1, channelCount)
  }

  package func page(channel: Int, tilt: Int) -> Int { channel * channelStride + tilt * tiltStride }
}
