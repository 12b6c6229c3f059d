/// An 8-bit picture, `[row][column][channel]`, rows from the top.
package struct Picture: Sendable, Hashable {
  package let width: Int
  package let height: Int
  /// One for grey, three for red, green and blue.
  package let channelCount: Int
  package internal(set) var pixels: [UInt8]

  /// A picture of one shade of grey.
  package init(width: Int, height: Int, channelCount: Int = 1, shade: UInt8 = 0) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(channelCount == 1 || channelCount == 3, "a picture is grey or coloured")
    (self.width, self.height, self.channelCount) = (width, height, channelCount)
    pixels = Array(repeating: shade, count: width * height * channelCount)
  }

  /// A grey picture of levels, `[row][column]`, 0 for black and 255 for white.
  package init(levels: [UInt8], width: Int) {
    precondition(
      width > 0 && !levels.isEmpty && levels.count.isMultiple(of: width), "rows differ in length")
    (self.width, height, channelCount) = (width, levels.count / width, 1)
    pixels = levels
  }

  /// A grey picture of `values`, `[row][column]`: black at the lower limit, white at the upper.
  ///
  /// What is not a number is black; where both limits agree all is mid-grey.
  package init(_ values: Span<Float>, width: Int, limits: ClosedRange<Float>) {
    precondition(values.count.isMultiple(of: width), "rows differ in length")
    self.init(width: width, height: values.count / width, shade: 128)
    let extent = limits.upperBound - limits.lowerBound
    guard extent > 0 else { return }
    for i in values.indices {
      let level = (values[i] - limits.lowerBound) / extent
      pixels[i] = level > 0 ? UInt8(min(level, 1) * 255 + 0.5) : 0
    }
  }

  /// A coloured picture of three grey ones of one size, for instance three elements.
  package init(red: Picture, green: Picture, blue: Picture) {
    let channels = [red, green, blue]
    precondition(channels.allSatisfy { $0.channelCount == 1 }, "channels are grey")
    precondition(
      channels.allSatisfy { ($0.width, $0.height) == (red.width, red.height) },
      "channels differ in size")
    self.init(width: red.width, height: red.height, channelCount: 3)
    for (c, channel) in channels.enumerated() {
      for (i, value) in channel.pixels.enumerated() { pixels[3 * i + c] = value }
    }
  }

  /// Each pixel as a square of `factor` × `factor` pixels.
  package func magnified(by factor: Int) -> Picture {
    precondition(factor > 0, "a magnification is at least one")
    guard factor > 1 else { return self }
    var large = Picture(
      width: width * factor, height: height * factor, channelCount: channelCount)
    for row in 0..<large.height {
      for column in 0..<large.width {
        let source = (row / factor * width + column / factor) * channelCount
        let target = (row * large.width + column) * channelCount
        for c in 0..<channelCount { large.pixels[target + c] = pixels[source + c] }
      }
    }
    return large
  }

  /// The same picture with three channels.
  var coloured: Picture {
    channelCount == 3 ? self : Picture(red: self, green: self, blue: self)
  }

  /// Fills a rectangle, as far as it lies in the picture, with a shade of grey.
  mutating func fill(columns: Range<Int>, rows: Range<Int>, shade: UInt8) {
    for row in rows.clamped(to: 0..<height) {
      for column in columns.clamped(to: 0..<width) {
        for c in 0..<channelCount { pixels[(row * width + column) * channelCount + c] = shade }
      }
    }
  }

  /// Lays `other` over this picture with its first pixel at (row, column).
  mutating func place(_ other: Picture, row: Int, column: Int) {
    precondition(other.channelCount == channelCount, "pictures differ in channels")
    precondition(
      row >= 0 && column >= 0 && row + other.height <= height && column + other.width <= width)
    let length = other.width * channelCount
    for y in 0..<other.height {
      let start = ((row + y) * width + column) * channelCount
      pixels.replaceSubrange(
        start..<start + length, with: other.pixels[y * length..<(y + 1) * length])
    }
  }
}
