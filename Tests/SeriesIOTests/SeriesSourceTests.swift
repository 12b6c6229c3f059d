import Workflow
import SeriesIO
import Fields
import Foundation
import Reconstruction
import StackIO
import TestDesk
import Testing

@Suite struct SeriesSourceTests {
  @Test("The tilt axis decides which way bins and slices run")
  func axes() throws {
    let desk = try Desk()
    try desk.series("-60:60:20", to: "s.tif")
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles(range: "-60:60:20")
    let along = try SeriesSource(path: desk.path("s.tif"), options)
    #expect(along.shape == TiltSeriesShape(tiltCount: 7, binCount: 16, sliceCount: 5))
    options.axis = .x
    let across = try SeriesSource(path: desk.path("s.tif"), options)
    #expect(across.shape == TiltSeriesShape(tiltCount: 7, binCount: 5, sliceCount: 16))
  }

  @Test("Angles must be there, one a page")
  func counts() throws {
    let desk = try Desk()
    try desk.series("-60:60:20", to: "s.tif")
    try FileManager.default.removeItem(at: desk.url("s.json"))
    #expect(throws: SeriesError.noTilts(path: desk.path("s.tif"))) {
      try SeriesSource(path: desk.path("s.tif"), SeriesSource.Options())
    }
    #expect(
      throws: StackError.tilts(
        .wrongCount(source: .range("-60:60:10"), angles: 13, pages: 7))
    ) { try desk.source("s.tif", "-60:60:10") }
  }

  @Test("Flipped angles change sign, a pixel size overrules the file, odd angles are noted")
  func options() throws {
    let desk = try Desk()
    try desk.series("-60:60:40", to: "s.tif")
    try FileManager.default.removeItem(at: desk.url("s.json"))
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles([-60, 10, -20, 10], source: .file(path: "a.tlt"))
    (options.flipsTilts, options.pixelSize) = (true, 3)
    let source = try SeriesSource(path: desk.path("s.tif"), options)
    #expect(source.tilts == [60, -10, 20, -10] && source.pixelSize == 3)
    #expect(source.warnings.count == 2)
  }

  @Test("Pixels that are not square are noted")
  func oblongPixels() throws {
    let desk = try Desk()
    var simulation = try desk.simulation("-60:60:20", to: "s.mrc")
    simulation.voxelSize = 0.5
    _ = try simulation.run(.silent)
    var bytes = try Data(contentsOf: desk.url("s.mrc"))
    let height = Float(5 * 6).bitPattern  // five rows of 6 Å
    bytes.replaceSubrange(44..<48, with: (0..<4).map { UInt8(height >> (8 * $0) & 0xFF) })
    try bytes.write(to: desk.url("s.mrc"))
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles(range: "-60:60:20")
    #expect(
      try SeriesSource(path: desk.path("s.mrc"), options).info.notes.map { "\($0)" }
        == ["Pixels of 0.5 × 0.6 nm are taken as squares of 0.5 nm."])
  }

  @Test("A volume is read as page z, row y, column x, and turned where its axis runs along x")
  func volumes() throws {
    let desk = try Desk()
    var writer = try StackWriter(
      path: desk.path("v.mrc"), shape: StackShape(pageCount: 2, rowCount: 3, columnCount: 4),
      pixelSize: 0.5)
    for page in 0..<2 {
      let values = FloatStorage((0..<12).map { Float(100 * page + $0) })
      try writer.write(values.span, page: page)
    }
    _ = try writer.finish()
    let volume = try readVolume(desk.path("v.mrc")).volume
    #expect(volume.shape == VolumeShape(width: 4, depth: 2, sliceCount: 3))
    #expect(volume[3, 0, 0] == 3 && volume[0, 2, 1] == 108 && volume.voxelSize == 0.5)
    let turned = try readVolume(desk.path("v.mrc"), axis: .x).volume
    #expect(turned.shape == VolumeShape(width: 3, depth: 2, sliceCount: 4))
    #expect(turned[0, 3, 0] == 11 && turned[2, 0, 1] == 100)
  }
}
