import Foundation
import StackIO
import Testing

@Suite struct HyperstackOrderTests {
  /// The order of a stack of 12 pages whose description is `text`.
  private func order(_ text: String) throws -> HyperstackOrder? {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      UUID().uuidString + ".tif"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var writer = try StackWriter(
      path: path, shape: StackShape(pageCount: 12, rowCount: 2, columnCount: 2))
    let page = [Float](repeating: 1, count: 4)
    for index in 0..<12 { try writer.write(page.span, page: index) }
    _ = try writer.finish()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    // The writer's own description stands where the text goes, and its length in the first directory.
    let old = try #require(
      bytes.range(of: Data("ImageJ=1.11a\nimages=12\nslices=12\nloop=false\n\0".utf8)))
    var new = Data((text + "\0").utf8)
    if new.count <= old.count {
      new.append(Data(count: old.count - new.count))
      bytes.replaceSubrange(old, with: new)
    } else {
      // Too long for its place: it goes to the end of the file.
      let place = UInt32(bytes.count)
      let entry = try #require(bytes.range(of: Data([14, 1, 2, 0])))  // tag 270, ASCII
      for (i, value) in [UInt32(new.count), place].enumerated() {
        bytes.replaceSubrange(
          entry.lowerBound + 4 + 4 * i..<entry.lowerBound + 8 + 4 * i,
          with: (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) })
      }
      bytes.append(new)
    }
    try bytes.write(to: URL(fileURLWithPath: path))
    return try StackReader(path: path).info.hyperstack.flatMap { HyperstackOrder($0) }
  }

  @Test("ImageJ has channels fastest, whether tilts are slices or frames")
  func imageJ() throws {
    for axis in ["slices", "frames"] {
      let order = try #require(
        try order("ImageJ=1.54\nimages=12\nchannels=4\n\(axis)=3\nhyperstack=true\n"))
      #expect(order.channelCount == 4 && order.tiltCount == 3)
      #expect(order.page(channel: 1, tilt: 2) == 9)
    }
  }

  @Test("OME tells its own order, in whatever spelling")
  func ome() throws {
    for text in [
      "<OME><Image><Pixels DimensionOrder=\"XYZCT\" SizeC=\"4\" SizeT=\"1\" SizeZ=\"3\"/></Image></OME>",
      "<?xml version='1.0'?><!-- SizeC=\"9\" --><o:OME xmlns:o='u'><o:Pixels SizeZ='3' SizeT='1' SizeC='4' "
        + "DimensionOrder='XYZCT'/></o:OME>",
    ] {
      let order = try #require(try order(text), "\(text)")
      #expect(order.page(channel: 1, tilt: 2) == 5)
    }
  }

  @Test("What has no channels, or both slices and frames, is no such stack")
  func others() throws {
    #expect(try order("ImageJ=1.54\nimages=12\nslices=12\n") == nil)
    #expect(try order("ImageJ=1.54\nchannels=2\nslices=3\nframes=2\n") == nil)
    #expect(try order("something else") == nil)
    #expect(try order("ImageJ=1.54\nchannels=\(Int.max)\nslices=3\n") == nil)
  }
}
