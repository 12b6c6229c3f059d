import SeriesIO
import AlgebraicReconstruction
import Fields
import Foundation
import Projection
import Reconstruction
import Records
import StackIO
import TestDesk
import Testing
import Workflow

@Suite struct ExtensionTests {
  @Test(
    "A slab wider than the view has no bright rim where the run reaches beyond the view",
    arguments: TiltAxis.allCases)
  func rim(axis: TiltAxis) throws {
    let desk = try Desk()
    try writeSlab(to: desk.path("slab.tif"), axis)
    let (narrow, sidecar) = try rimError(desk, axis, margin: 0)
    let (wide, extended) = try rimError(desk, axis, margin: 40)
    #expect(wide < 0.22 * narrow, "\(wide) against \(narrow)")
    #expect(sidecar.settings["extend"] == nil && extended.settings["extend"] == .count(40))
    #expect(sidecar.output.shape == extended.output.shape)
  }

  @Test("As many voxels as tilted rays see follow from depth and tilts, the width at most")
  func automatic() {
    func count(_ width: Int, _ depth: Int, _ degrees: [Double]) -> Int {
      TiltGeometry.extensionCount(width: width, depth: depth, binCount: width, degrees: degrees)
    }
    // W/2 (1/cos θ − 1) + D/2 tan θ: 96 + 41.57 at 60°.
    #expect(count(192, 48, [-60, 0, 60]) == 138)
    #expect(count(192, 48, [0]) == 0)
    #expect(count(64, 64, [-45, 45]) == 46)  // 13.25 + 32
    #expect(count(64, 64, [-80, 80]) == 64 && count(64, 64, [90]) == 64)
  }

  @Test("The memory of the margins is counted")
  func memory() throws {
    let desk = try Desk()
    defer { withExtendedLifetime(desk) {} }
    try writeSlab(to: desk.path("slab.tif"), .y)
    var recipe = try recipe(desk, .y, margin: 40)
    let plan = try recipe.plan()
    (recipe.margin, recipe.width) = (0, 40 + 80)
    #expect(try recipe.plan() == plan)
  }

  private static let range = "-60:60:4"
  private static let (depth, sliceCount) = (12, 5)

  /// 40 bins of a slab in the middle half of the depth.
  private func writeSlab(to path: String, _ axis: TiltAxis) throws {
    let angles = try TiltAngles(range: Self.range).degrees
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 160, depth: Self.depth, sliceCount: Self.sliceCount),
      series: TiltSeriesShape(
        tiltCount: angles.count, binCount: 40, sliceCount: Self.sliceCount), degrees: angles)
    var slab = Volume(zeros: geometry.volume)
    for x in 0..<160 {
      for y in 0..<Self.sliceCount {
        for z in 3..<9 { slab[x, y, z] = Self.density(x - 60, z) }
      }
    }
    var series = FloatStorage(zeros: geometry.series.slabs.count)
    let projector = ParallelProjector(geometry, workers: .all)
    projector.apply(slab.voxels.span, into: series.mutableSpan)
    let map = PageMap(geometry.series.slabs, axis: axis)
    var writer = try StackWriter(
      path: path,
      shape: StackShape(
        pageCount: angles.count, rowCount: map.rowCount, columnCount: map.columnCount))
    var picture = FloatStorage(zeros: map.rowCount * map.columnCount)
    for page in angles.indices {
      var pixels = picture.mutableSpan
      map.take(page: page, from: series.span, into: &pixels)
      try writer.write(picture.span, page: page)
    }
    _ = try writer.finish()
  }

  /// Denser from the middle of the view on.
  private static func density(_ x: Int, _ z: Int) -> Float { 3..<9 ~= z ? x < 20 ? 1 : 1.5 : 0 }

  private func recipe(
    _ desk: Desk, _ axis: TiltAxis, margin: Int
  ) throws -> ReconstructionRecipe {
    var options = SeriesSource.Options()
    (options.tilts, options.axis) = (try TiltAngles(range: Self.range), axis)
    var recipe = ReconstructionRecipe(
      try SeriesSource(path: desk.path("slab.tif"), options),
      try SIRT(iterations: 40, isNonNegative: true),
      to: StackTarget(path: desk.path("r\(margin).tif")))
    (recipe.depth, recipe.margin) = (Self.depth, margin)
    return recipe
  }

  /// The root mean square error of the three outermost columns on either side.
  private func rimError(
    _ desk: Desk, _ axis: TiltAxis, margin: Int
  ) throws -> (Double, Sidecar) {
    let recipe = try recipe(desk, axis, margin: margin)
    let sidecar = try recipe.run(.silent)
    let volume = try readVolume(recipe.target.path, axis: axis).volume
    #expect(volume.shape == VolumeShape(width: 40, depth: Self.depth, sliceCount: Self.sliceCount))
    var (squares, count) = (0.0, 0)
    for x in Array(0..<3) + Array(37..<40) {
      for z in 0..<Self.depth {
        let error = Double(volume[x, 2, z] - Self.density(x, z))
        (squares, count) = (squares + error * error, count + 1)
      }
    }
    return ((squares / Double(count)).squareRoot(), sidecar)
  }
}
