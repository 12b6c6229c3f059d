import SeriesIO
import Fields
import Plots
package import Reconstruction
import Records

/// Reads the spectrum of a region out of reconstructed channels.
package struct SpectrumExtraction: Sendable {
  /// Voxels from `first` up to, not including, `end` along each axis.
  package struct Box: Sendable, Hashable {
    package let x: Range<Int>
    package let y: Range<Int>
    package let z: Range<Int>

    package init(x: Range<Int>, y: Range<Int>, z: Range<Int>) {
      (self.x, self.y, self.z) = (x, y, z)
    }
  }

  package enum Region: Sendable {
    case box(Box)
    /// Where a volume is above 0.5.
    case mask(path: String)
  }

  package struct Line: Sendable, Encodable {
    package let channel: String
    /// eV
    package let energy: Double?
    package let mean: Double
    /// Of the voxels of the region.
    package let deviation: Double
  }

  package let manifest: SpectralManifest
  package let region: Region
  /// A CSV file; a chart goes beside it as `.svg`.
  package let out: String
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []
  /// Whether files that voxtilt did not write may be replaced.
  package var overwrites = false

  /// - Throws: ``SpectralError/layout(path:found:needed:)`` for a folder of tilt series.
  package init(_ folder: String, _ region: Region, to out: String) throws {
    manifest = try SpectralManifest(folder: folder)
    guard manifest.layout == .volumes else {
      throw SpectralError.layout(
        path: folder, found: "tilt series", needed: "reconstructed volumes")
    }
    guard manifest.files.count == manifest.channels.count else {
      throw SpectralError.fileCount(
        found: manifest.files.count, needed: manifest.channels.count, of: "channels")
    }
    (self.region, self.out) = (region, out)
  }

  package func run(_ follower: Follower) throws -> [Line] {
    var paths = manifest.files
    if case .mask(let path) = region { paths.append(path) }
    let files = try ResultFiles(out, inputs: paths, overwrites: overwrites)
    let picture = basePath(of: out) + ".svg"
    if out.lowercased().hasSuffix(".csv") { try files.claim(picture) }
    try checkMemory()
    var (mask, inputs) = (Volume?.none, [RecordedFile]())
    if case .mask(let path) = region {
      let (volume, file) = try readVolume(path, axis: manifest.axis)
      mask = volume
      inputs.append(file)
    }
    let lines = try zip(manifest.channels, manifest.files).map { channel, file in
      let (volume, file) = try readVolume(file, axis: manifest.axis)
      inputs.append(file)
      let (mean, deviation) = try moments(volume, mask)
      return Line(
        channel: channel.name, energy: channel.energy, mean: mean, deviation: deviation)
    }
    var table = Table(["channel", "energy", "mean", "deviation"])
    for line in lines {
      try table.append([
        .text(line.channel), .from(line.energy), .number(line.mean),
        .number(line.deviation),
      ])
    }
    follower.begin(files)
    try files.add(table, at: out)
    let points = lines.compactMap { line in line.energy.map { Chart.Point($0, line.mean) } }
    if points.count == lines.count, out.lowercased().hasSuffix(".csv") {
      let chart = Chart(
        "Spectrum of the region", x: Chart.Axis("energy / eV"), y: Chart.Axis("mean density"),
        series: [Chart.Series("mean", points, mark: .both)])
      try files.add(chart, at: picture)
    }
    try files.finish(
      Recorded(
        ["spectrum": lines], command: command,
        inputs: inputs + RecordedFile.each(manifest.sources)))
    return lines
  }

  private func moments(_ volume: Volume, _ mask: Volume?) throws -> (Double, Double) {
    let shape = volume.shape
    var box = Box(x: 0..<shape.width, y: 0..<shape.sliceCount, z: 0..<shape.depth)
    if case .box(let given) = region { box = given }
    func fits(_ range: Range<Int>, _ count: Int) -> Bool {
      range.lowerBound >= 0 && range.upperBound <= count && !range.isEmpty
    }
    guard fits(box.x, shape.width), fits(box.y, shape.sliceCount), fits(box.z, shape.depth) else {
      throw SpectralError.region(
        [box.x, box.y, box.z].map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ","),
        width: shape.width, slices: shape.sliceCount, depth: shape.depth)
    }
    if let mask, mask.shape != shape {
      throw SpectralError.shape(
        file: manifest.files[0],
        found: "\(shape.width) × \(shape.sliceCount) × \(shape.depth)",
        expected:
          "\(mask.shape.width) × \(mask.shape.sliceCount) × \(mask.shape.depth) as the mask")
    }
    var (count, sum, squares) = (0, 0.0, 0.0)
    for z in box.z {
      for x in box.x {
        for y in box.y {
          if let mask, mask[x, y, z] <= 0.5 { continue }
          let value = Double(volume[x, y, z])
          (count, sum, squares) = (count + 1, sum + value, squares + value * value)
        }
      }
    }
    guard count > 0 else { throw ComparisonError.emptyMask }
    let mean = sum / Double(count)
    return (mean, max(0, squares / Double(count) - mean * mean).squareRoot())
  }
}
