import Foundation
import Testing
import Voxtilt

@Suite("What one import gives")
struct FaceTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func path(_ name: String) -> String { root.appending(path: name).path }

  private static func temporary(_ name: String) -> String {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name)").path
  }

  @Test("A series is read with its angles, reconstructed, written and read again")
  func roundTrip() throws {
    let series = try TiltSeries(
      contentsOf: Self.path("tiltseries/particles.tif"),
      tilts: Self.path("tiltseries/particles.rawtlt"))
    #expect(series.tilts.count == 71 && series.tilts[0] == -70 && series.pixelSize == 1)
    let result = try SIRT(iterations: 3).reconstruct(series, depth: 40)
    let shape = result.volume.shape
    #expect(shape.width == 96 && shape.depth == 40 && shape.sliceCount == 48)
    let place = Self.temporary("volume.mrc")
    defer { try? FileManager.default.removeItem(atPath: place) }
    try result.volume.write(to: place)
    let again = try Volume(contentsOf: place)
    #expect(again.shape == shape && again.voxelSize == 1)
    for (x, y, z) in [(0, 0, 0), (50, 20, 17), (95, 47, 39)] {
      #expect(again[x, y, z] == result.volume[x, y, z])
    }
    #expect(result.volume[50, 20, 17] != result.volume[17, 20, 39])
  }

  @Test("Where a sidecar places the tilt axis, there it is reconstructed")
  func axisOffset() throws {
    let place = Self.temporary("prepared.tif")
    defer {
      for ending in ["tif", "json", "rawtlt"] {
        try? FileManager.default.removeItem(atPath: place.replacing(".tif", with: "." + ending))
      }
    }
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles(argument: Self.path("tiltseries/particles.rawtlt"))
    options.axisOffset = 2.5
    let source = try SeriesSource(path: Self.path("tiltseries/particles.tif"), options)
    _ = try PreparationRecipe(source, to: StackTarget(path: place)).run(.silent)
    let series = try TiltSeries(contentsOf: place)
    #expect(series.axisOffset == 2.5 && series.subset(of: [0, 3]).axisOffset == 2.5)
    #expect(try TiltGeometry(of: series).axisOffset == 2.5)
    let recipe = ReconstructionRecipe(
      try SeriesSource(path: place, SeriesSource.Options()), try SIRT(iterations: 1),
      to: StackTarget(path: place))
    #expect(recipe.axisOffset == 2.5)
    #expect(try TiltGeometry(of: series, axisOffset: -1).axisOffset == -1)
  }

  @Test("A file that is there is replaced only where that is asked for")
  func overwriting() throws {
    let place = Self.temporary("there.tif")
    defer { try? FileManager.default.removeItem(atPath: place) }
    try Data("mine".utf8).write(to: URL(fileURLWithPath: place))
    let volume = Volume(zeros: VolumeShape(width: 4, depth: 3, sliceCount: 2))
    #expect(throws: (any Error).self) { try volume.write(to: place) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: place)) == Data("mine".utf8))
    try volume.write(to: place, overwrites: true)
    #expect(try Volume(contentsOf: place).shape == volume.shape)
  }

  @Test("A series without angles is refused with what to do")
  func noAngles() throws {
    let place = Self.temporary("bare.tif")
    defer { try? FileManager.default.removeItem(atPath: place) }
    try Volume(zeros: VolumeShape(width: 4, depth: 3, sliceCount: 2)).write(to: place)
    #expect(throws: SeriesError.noTilts(path: place)) { try TiltSeries(contentsOf: place) }
  }
}
