package import Fields
import Plots

/// The voxels that a page shows, 8 bits each, laid out as in the file: a page a z, rows y, columns x.
///
/// Volumes of more than 2²⁴ voxels, or longer than 4096 of them, are binned by averaging cubes.
package struct VolumeView: Sendable {
  /// Voxel counts along the columns, rows and pages of a file.
  package struct Extent: Sendable, Hashable {
    package let x: Int
    package let y: Int
    package let z: Int

    package init(x: Int, y: Int, z: Int) {
      precondition(x > 0 && y > 0 && z > 0, "a volume has at least one voxel")
      (self.x, self.y, self.z) = (x, y, z)
    }

    package var voxelCount: Int { x * y * z }

    /// In cubes of `factor` voxels a side, the last of which may be cut.
    func binned(by factor: Int) -> Extent {
      func blocks(_ count: Int) -> Int { (count + factor - 1) / factor }
      return Extent(x: blocks(x), y: blocks(y), z: blocks(z))
    }

    /// What a page shows of it, and voxels along the edge of a shown one.
    package var shown: (extent: Extent, binning: Int) { (binned(by: binning), binning) }

    /// The least factor that leaves few enough voxels for a page.
    package var binning: Int {
      var factor = 1
      while true {
        let shown = binned(by: factor)
        if shown.voxelCount <= 1 << 24 && max(shown.x, shown.y, shown.z) <= 4096 { return factor }
        factor += 1
      }
    }
  }

  /// Of the volume in its file.
  package let source: Extent
  /// Voxels of the file along the edge of a shown voxel.
  package let binning: Int
  /// Of what is shown.
  package let extent: Extent
  /// The edge of a voxel of the file in nm, where it is known.
  package let voxelSize: Double?
  /// Which way the tilt axis runs in the pages of the file.
  package let tiltAxis: TiltAxis
  /// The values of levels 0 and 255: the 0.01th and the 99.99th percentile.
  package let range: ClosedRange<Float>
  /// What is black and white until somebody moves the sliders: the 0.5th and the 99.8th percentile.
  package let contrast: ClosedRange<Float>
  /// `[z][y][x]`
  let levels: [UInt8]

  /// Takes the pages of a volume one after the other.
  package struct Gathering {
    private let source: Extent
    private let extent: Extent
    private let binning: Int
    private let voxelSize: Double?
    private let tiltAxis: TiltAxis
    private var means: FloatStorage
    /// Of the cubes that the current pages pass through.
    private var sums: [Double]
    private var pageCount = 0

    /// - Parameter voxelSize: in nm, where it is known.
    package init(_ source: Extent, voxelSize: Double?, tiltAxis: TiltAxis = .y) {
      (self.source, self.voxelSize, self.tiltAxis) = (source, voxelSize, tiltAxis)
      binning = source.binning
      extent = source.binned(by: binning)
      means = FloatStorage(zeros: extent.voxelCount)
      sums = Array(repeating: 0, count: binning > 1 ? extent.x * extent.y : 0)
    }

    /// Adds the next page, `[row][column]` from the top.
    package mutating func add(_ page: Span<Float>) {
      precondition(
        page.count == source.x * source.y && pageCount < source.z, "the page is not of this volume")
      if binning == 1 {
        let start = pageCount * page.count
        var cubes = means.mutableSpan
        for i in page.indices { cubes[start + i] = page[i] }
      } else {
        for row in 0..<source.y {
          let target = row / binning * extent.x
          for column in 0..<source.x {
            sums[target + column / binning] += Double(page[row * source.x + column])
          }
        }
        if (pageCount + 1).isMultiple(of: binning) || pageCount + 1 == source.z { takeMeans() }
      }
      pageCount += 1
    }

    /// Turns the sums of cubes that end at the current page into means.
    private mutating func takeMeans() {
      let z = pageCount / binning
      let depth = pageCount + 1 - z * binning
      let level = (0..<extent.x * extent.y).map { i in
        let (y, x) = i.quotientAndRemainder(dividingBy: extent.x)
        let height = min(binning, source.y - y * binning)
        let width = min(binning, source.x - x * binning)
        return Float(sums[i] / Double(width * height * depth))
      }
      sums = Array(repeating: 0, count: sums.count)
      means.replace(from: z * level.count, with: FloatStorage(level), 0..<level.count)
    }

    /// What the page shows, once every page was added.
    package func finish() -> VolumeView {
      precondition(pageCount == source.z, "pages are missing")
      let all = means.span
      let range = GreyScale.percentiles(0.01, 99.99).limits { examine in examine(all) }
      let contrast = GreyScale.percentiles(0.5, 99.8).limits { examine in examine(all) }
      return VolumeView(
        source: source, binning: binning, extent: extent, voxelSize: voxelSize, tiltAxis: tiltAxis,
        range: range, contrast: contrast,
        levels: Picture(all, width: extent.x, limits: range).pixels)
    }
  }

  /// A volume that is in memory.
  package init(_ volume: Volume) {
    let shape = volume.shape
    var gathering = Gathering(
      Extent(x: shape.width, y: shape.sliceCount, z: shape.depth), voxelSize: volume.voxelSize)
    var page = FloatStorage(zeros: shape.width * shape.sliceCount)
    for z in 0..<shape.depth {
      var pixels = page.mutableSpan
      PageMap(shape.slabs, axis: .y).take(page: z, from: volume.voxels.span, into: &pixels)
      gathering.add(page.span)
    }
    self = gathering.finish()
  }

  private init(
    source: Extent, binning: Int, extent: Extent, voxelSize: Double?, tiltAxis: TiltAxis,
    range: ClosedRange<Float>, contrast: ClosedRange<Float>, levels: [UInt8]
  ) {
    (self.source, self.binning, self.extent) = (source, binning, extent)
    (self.voxelSize, self.tiltAxis) = (voxelSize, tiltAxis)
    (self.range, self.contrast, self.levels) = (range, contrast, levels)
  }

  /// The voxels in order, as PNGs as wide as the volume: rows of all pages stand below each other.
  ///
  /// Each holds at most 2²¹ voxels, so that a browser unpacks one in 8 MB.
  func pictures() -> [Picture] {
    let rows = max(1, min(8192, (1 << 21) / extent.x))
    return stride(from: 0, to: extent.y * extent.z, by: rows).map { first in
      let last = min(first + rows, extent.y * extent.z)
      return Picture(levels: Array(levels[first * extent.x..<last * extent.x]), width: extent.x)
    }
  }
}
