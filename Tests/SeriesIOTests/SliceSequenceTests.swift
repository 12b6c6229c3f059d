import SeriesIO
import Fields
import Files
import Foundation
import Plots
import Reconstruction
import StackIO
import Synchronization
import TestDesk
import Testing

@Suite struct SliceSequenceTests {
  /// A volume of 4 × 3 × 5 voxels along x, y and z, no two of them alike.
  private func desk() throws -> (Desk, Volume) {
    let desk = try Desk()
    var volume = Volume(
      zeros: VolumeShape(width: 4, depth: 5, sliceCount: 3), voxelSize: 2)
    var writer = try StackWriter(
      path: desk.path("v.tif"), shape: StackShape(pageCount: 5, rowCount: 3, columnCount: 4),
      pixelSize: 2, pageSpacing: 2, encoding: .float32)
    for z in 0..<5 {
      var page = FloatStorage(zeros: 12)
      var pixels = page.mutableSpan
      for y in 0..<3 {
        for x in 0..<4 {
          volume[x, y, z] = Float(x + 4 * y + 12 * z)
          pixels[4 * y + x] = volume[x, y, z]
        }
      }
      try writer.write(page.span, page: z)
    }
    _ = try writer.finish()
    return (desk, volume)
  }

  @Test("Each picture is a section, in order, on one grey scale", arguments: ["z", "y", "x"])
  func sections(axis: String) throws {
    let (desk, volume) = try desk()
    var sequence = SliceSequence(desk.path("v.tif"), to: desk.path("film") + "/")
    sequence.axis = try #require(SliceSequence.Axis(rawValue: axis))
    sequence.scale = .percentiles(0, 100)
    sequence.magnification = 3
    let receipt = try sequence.run(.silent)
    let count = ["z": 5, "y": 3, "x": 4][axis]
    #expect(receipt.count == count && receipt.black == 0 && receipt.white == 59)
    #expect(receipt.pattern == desk.path("film/v-%04d.png"))
    for index in 0..<receipt.count {
      let section: Section =
        switch axis {
        case "z": .xy(z: index)
        case "y": .xz(y: index)
        default: .zy(x: index)
        }
      let picture = try Picture(section, of: volume, scale: .limits(0...59)).magnified(by: 3)
      #expect((receipt.width, receipt.height) == (picture.width, picture.height))
      #expect(try Data(contentsOf: desk.url("film/v-000\(index).png")) == picture.png())
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: desk.path("film"))
    #expect(files.count == count)
  }

  @Test("A sequence is replaced in full, and never mixed with one of another length")
  func replacement() throws {
    let (desk, _) = try desk()
    var sequence = SliceSequence(desk.path("v.tif"), to: desk.path("a"))
    sequence.scale = .limits(0...10)
    _ = try sequence.run(.silent)
    let before = try Data(contentsOf: desk.url("a-0000.png"))
    sequence.scale = .limits(0...20)
    _ = try sequence.run(.silent)
    #expect(try Data(contentsOf: desk.url("a-0000.png")) != before)
    // Other files, and other names, are nobody's sequence.
    try desk.write("", to: "a-x.png")
    try desk.write("", to: "ab-0009.png")
    _ = try sequence.run(.silent)
    sequence.axis = .y
    #expect(
      throws: SeriesError.sequenceLeft(
        folder: desk.folder.path, file: "a-0003.png")
    ) { try sequence.run(.silent) }
    let files = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).sorted()
    #expect(
      files == (0..<5).map { "a-000\($0).png" } + ["a-x.png", "ab-0009.png", "ball.json", "v.tif"])
  }

  @Test("What is interrupted leaves nothing")
  func interruption() throws {
    let (desk, _) = try desk()
    let asked = Mutex(0)
    let follower = Follower(
      isCancelled: {
        asked.withLock { count in
          count += 1
          return count > 12  // ten pages for the limits, two that are drawn
        }
      })
    let sequence = SliceSequence(desk.path("v.tif"), to: desk.path("film") + "/")
    #expect(throws: ReconstructionError.interrupted) { try sequence.run(follower) }
    let files = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).sorted()
    #expect(files == ["ball.json", "v.tif"])
  }

  @Test("A scale bar needs a voxel size, and names without a folder that can be made are refused")
  func refusals() throws {
    let (desk, _) = try desk()
    try desk.series("0:80:40", to: "s.tif")
    var sequence = SliceSequence(desk.path("s.tif"), to: desk.path("b"))
    sequence.hasScaleBar = true
    #expect(throws: SeriesError.noVoxelSize(path: desk.path("s.tif"))) {
      try sequence.run(.silent)
    }
    #expect(throws: FileError.self) {
      try SliceSequence(desk.path("v.tif"), to: desk.path("no/such/b")).run(.silent)
    }
    #expect(throws: StackError.self) {
      try SliceSequence(desk.path("none.tif"), to: desk.path("b")).run(.silent)
    }
  }
}
