import ArgumentParser
import Fields
import Foundation
import Plots
import Workflow

/// `voxtilt slices`
struct Slices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slices",
    abstract: "Draw orthogonal slices of one or more volumes as a PNG.",
    discussion: """
      Each volume gets its xy, zy and xz planes; several stand side by side on one grey scale, which \
      is that of the first.

      EXAMPLES
        voxtilt slices volume.tif --out slices.png
        voxtilt slices truth.tif fbp.tif sirt.tif --at 128,64,100 --out beside.png
      """)

  @Argument(help: "Volumes.") var volumes: [String]
  @Option(help: "Where to save the PNG.") var out: String
  @Option(help: "The voxel x,y,z that the planes cross, counted from 0; the centre by default.")
  var at: VoxelPlace?
  @Option(help: "The percentiles that become black and white.") var percentiles = Percentiles
    .standard
  @Option(help: "The values that become black and white, low,high.", transform: Limits.init)
  var limits: Limits?
  @Option(help: "Enlarge each voxel to this many pixels.") var zoom = 1
  @OptionGroup(title: "Run") var options: RunOptions

  func validate() throws {
    if volumes.isEmpty { throw ValidationError("Name at least one volume.") }
    if !(1...16 ~= zoom) { throw ValidationError("--zoom \(zoom) is not usable. Give 1 to 16.") }
  }

  func run() throws {
    var scale = limits.map { GreyScale.limits($0.range) }
    var panels: [Panel] = []
    for path in volumes {
      let volume = try readVolume(path)
      let common = scale ?? .limits(percentiles.scale.limits(for: volume.voxels.span))
      scale = common
      panels.append(
        Panel(
          try Picture.orthogonalSections(
            of: volume, crossing: at.map { ($0.x, $0.y, $0.z) }, scale: common, magnification: zoom),
          caption: URL(fileURLWithPath: path).lastPathComponent))
    }
    let picture = panels.count == 1 ? panels[0].picture : Picture.montage(panels)
    try picture.write(to: out)
    if options.json {
      try Terminal.printJSON(["output": out])
    } else if !options.quiet {
      Terminal.say("\(out): \(picture.width) × \(picture.height) pixels")
    }
  }
}

/// `x,y,z`
struct VoxelPlace: ExpressibleByArgument {
  let x: Int
  let y: Int
  let z: Int

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let x = numbers[0], let y = numbers[1], let z = numbers[2] else {
      return nil
    }
    (self.x, self.y, self.z) = (x, y, z)
  }
}

/// `0.5,99.5`
struct Percentiles: ExpressibleByArgument {
  let scale: GreyScale
  let defaultValueDescription = "0.5,99.5"
  static let standard = Percentiles(.standard)

  private init(_ scale: GreyScale) { self.scale = scale }

  init?(argument: String) {
    let parts = argument.split(separator: ",").compactMap { Double($0) }
    guard parts.count == 2, 0 <= parts[0], parts[0] < parts[1], parts[1] <= 100 else { return nil }
    scale = .percentiles(parts[0], parts[1])
  }
}

/// `low,high`
struct Limits {
  let range: ClosedRange<Float>

  init(_ text: String) throws {
    let parts = text.split(separator: ",").compactMap { Float($0) }
    guard parts.count == 2, parts[0] < parts[1], parts.allSatisfy(\.isFinite) else {
      throw ValidationError("'\(text)' is not low,high. Write for example 0,1.")
    }
    range = parts[0]...parts[1]
  }
}
