import StackIO

/// Where channels and tilts stand among the pages of an ImageJ or OME hyperstack.
package struct HyperstackOrder: Sendable, Equatable {
  package let channelCount: Int
  package let tiltCount: Int
  private let channelStride: Int
  private let tiltStride: Int

  /// Reads ImageJ's `channels=`, `slices=`, `frames=` (order c, z, t) or OME's `SizeC`, `SizeZ`, `SizeT`
  /// and `DimensionOrder`; the tilts are whichever of z and t is longer than 1.
  ///
  /// - Returns: `nil` where the description tells of no channels, or of both z and t.
  package init?(_ description: String) {
    func number(_ key: String) -> Int? {
      guard let start = description.firstRange(of: key)?.upperBound else { return nil }
      return Int(description[start...].drop { $0 == "\"" }.prefix { $0.isNumber })
    }
    let sizes: [Character: Int]
    let order: String
    if description.hasPrefix("ImageJ=") {
      sizes = [
        "C": number("channels=") ?? 1, "Z": number("slices=") ?? 1, "T": number("frames=") ?? 1,
      ]
      order = "CZT"
    } else if description.contains("<OME"), let c = number("SizeC=\""),
      let start = description.firstRange(of: "DimensionOrder=\"XY")?.upperBound
    {
      sizes = ["C": c, "Z": number("SizeZ=\"") ?? 1, "T": number("SizeT=\"") ?? 1]
      order = String(description[start...].prefix(3))
    } else {
      return nil
    }
    guard order.count == 3, let c = sizes["C"], let z = sizes["Z"], let t = sizes["T"],
      c > 1, z > 0, t > 0, z == 1 || t == 1
    else { return nil }
    var strides: [Character: Int] = [:]
    var stride = 1
    for axis in order {
      strides[axis] = stride
      let (product, overflow) = stride.multipliedReportingOverflow(by: sizes[axis] ?? 1)
      guard !overflow else { return nil }
      stride = product
    }
    (channelCount, tiltCount) = (c, max(z, t))
    channelStride = strides["C"] ?? 1
    tiltStride = strides[z > 1 ? "Z" : "T"] ?? 1
  }

  /// Channels fastest, as ImageJ has them, where only the counts are known.
  package init(channelCount: Int, tiltCount: Int) {
    (self.channelCount, self.tiltCount) = (channelCount, tiltCount)
    (channelStride, tiltStride) = (1, channelCount)
  }

  package func page(channel: Int, tilt: Int) -> Int { channel * channelStride + tilt * tiltStride }
}
