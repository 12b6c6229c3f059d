import Fields
public import Reconstruction

/// Makes the method of each channel from one for all: its noise, counts and strength are those of the channel.
public struct ChannelMethods: Sendable {
  /// The settings that all channels share.
  package let method: any ReconstructionMethod
  /// Whether a method that can model counts does so for channels of counts. (One that models counts in any case
  /// takes nothing else.)
  package let modelsCounts: Bool
  let tiltCount: Int

  /// - Parameters:
  ///   - method: the settings that all channels share.
  ///   - modelsCounts: whether a method that can fit counts does so where the channels are counts.
  ///   - tiltCount: of the series.
  public init(_ method: any ReconstructionMethod, modelsCounts: Bool, tiltCount: Int) {
    (self.method, self.modelsCounts, self.tiltCount) = (method, modelsCounts, tiltCount)
  }

  /// The method of one channel.
  ///
  /// - Parameter lambda: its strength relative to the channel's noise (``ChannelFacts/strength(_:tilts:)``); `nil` where the method has its own.
  /// - Throws: ``SpectralError``, or what the method throws of a background.
  package func method(
    for facts: ChannelFacts, lambda: Double?
  ) throws -> any ReconstructionMethod {
    var own = method
    let takesCounts = own.traits.countBackground != nil
    guard facts.isCounts || !takesCounts else {
      throw SpectralError.notCounts("Method \(own.name)")
    }
    if facts.isCounts, takesCounts || modelsCounts {
      own = try own.counting(over: facts.background) ?? own
    }
    guard let lambda else { return own }
    let mu =
      own.traits.countBackground != nil
      ? facts.strength(lambda, tilts: tiltCount)
      : lambda * Double(tiltCount).squareRoot() * facts.noise
    guard mu > 0, mu.isFinite else { throw SpectralError.emptyChannel(facts.channel.name) }
    return own.regularised(by: mu) ?? own
  }
}
