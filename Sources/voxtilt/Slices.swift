import SeriesIO
import ArgumentParser
import Fields
import Foundation
import Plots
import Records
import StackIO
import Workflow

/// `voxtilt slices`
struct Slices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slices",
    abstract: "Draw orthogonal slices of volumes as a PNG, or all slices of one as a sequence.",
    discussion: """
      Draws the xy, zy and xz planes of each volume, several side by side on one grey scale, which \
      is that of the first. --sequence numbers the planes along one axis from 0000 instead, on one \
      grey scale for all.

      EXAMPLES
        voxtilt slices volume.tif --out slices.png
        voxtilt slices truth.tif fbp.tif sirt.tif --at 128,64,100 --out beside.png
        voxtilt slices volume.tif --sequence film/ --along y --zoom 2
        ffmpeg -i film/volume-%04d.png -pix_fmt yuv420p film.mp4
      """)

  @Argument(help: "Volumes.") var volumes: [String]
  @Option(help: "Where to save the PNG.") var out: String?
  @Option(
    help: """
      Where to save numbered PNGs instead: a folder, which exists or ends in /, or the beginning of \
      their names.
      """)
  var sequence: String?
  @Option(help: "The axis of a sequence: z, y or x. (default: z)")
  var along: SliceSequence.Axis?
  @Flag(help: "Draw a scale bar into each picture of a sequence.") var scaleBar = false
  @Option(
    help: "The voxel x,y,z where the planes intersect, counted from 0; the centre by default.")
  var at: VoxelPlace?
  @Option(
    help: """
      The percentiles of the drawn planes, or of the whole volume of a sequence, that become black \
      and white.
      """)
  var percentiles = Percentiles.standard
  @Option(
    parsing: .unconditional, help: "The values that become black and white, low,high.",
    transform: Limits.init)
  var limits: Limits?
  @Option(parsing: .unconditional, help: "Enlarge each voxel to this many pixels.") var zoom = 1
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if !(1...16 ~= zoom) { throw ValidationError("--zoom must be between 1 and 16 (got \(zoom)).") }
    guard let sequence else {
      guard let out else {
        throw ValidationError("No output is given. Give --out PNG, or --sequence FOLDER/.")
      }
      if !out.lowercased().hasSuffix(".png") {
        throw ValidationError("'\(out)' is not the name of a PNG. End --out in .png.")
      }
      if along != nil || scaleBar {
        throw ValidationError("--along and --scale-bar require --sequence.")
      }
      return
    }
    if out != nil { throw ValidationError("Give either --out or --sequence.") }
    if at != nil { throw ValidationError("--at requires --out: a sequence has all planes.") }
    if volumes.count != 1 {
      throw ValidationError("A sequence shows one volume (got \(volumes.count)). Give one volume.")
    }
    if sequence.isEmpty || sequence.lowercased().hasSuffix(".png") {
      throw ValidationError(
        "'\(sequence)' cannot be the beginning of numbered names. Give a folder, or a beginning without .png."
      )
    }
  }

  func run() throws {
    if let sequence { return try draw(sequence) }
    guard let out else { return }
    let need = try slicesMemory(volumes, zoom: zoom)
    if try memory.isAnswered(by: need, json: messages.json) { return }
    let files = try ResultFiles(record: nil, inputs: volumes, overwrites: overwriting.force)
    try files.claim(out)
    var scale = limits.map { GreyScale.limits($0.range) }
    var panels: [Panel] = []
    for path in volumes {
      let (volume, file) = try readVolume(path)
      if !messages.quiet { for note in file.remarks { Terminal.say("note: \(note)") } }
      let place = at.map { ($0.x, $0.y, $0.z) }
      let common =
        try scale ?? .limits(Self.limits(of: volume, crossing: place, percentiles.scale))
      scale = common
      panels.append(
        Panel(
          try Picture.orthogonalSections(
            of: volume, crossing: place, scale: common, magnification: zoom),
          caption: URL(fileURLWithPath: path).lastPathComponent))
    }
    let picture = panels.count == 1 ? panels[0].picture : Picture.montage(panels)
    try files.add(try picture.contents(), at: out)
    try files.commit()
    if messages.json {
      try Terminal.printJSON(["output": out])
    } else if !messages.quiet {
      Terminal.say("\(out): \(picture.width) × \(picture.height) pixels")
    }
  }
}

extension Slices {
  /// All planes along one axis.
  private func draw(_ place: String) throws {
    var sequence = SliceSequence(volumes[0], to: place)
    sequence.axis = along ?? .z
    sequence.scale = limits.map { .limits($0.range) } ?? percentiles.scale
    (sequence.magnification, sequence.hasScaleBar) = (zoom, scaleBar)
    sequence.overwrites = overwriting.force
    if try memory.isAnswered(by: &sequence, json: messages.json) { return }
    let receipt = try sequence.run(messages.follower)
    if !messages.quiet {
      for note in try StackReader(path: volumes[0]).info.notes {
        Terminal.say("note: '\(volumes[0])': \(note)")
      }
    }
    if messages.json {
      try Terminal.printJSON(receipt)
    } else if !messages.quiet {
      Terminal.say(
        "\(receipt.pattern): \(receipt.count) pictures of \(receipt.width) × "
          + "\(receipt.height) pixels, black \(Terminal.short(Double(receipt.black))), "
          + "white \(Terminal.short(Double(receipt.white)))")
    }
  }

  /// The limits for the three planes that are drawn.
  private static func limits(
    of volume: Volume, crossing place: (x: Int, y: Int, z: Int)?, _ scale: GreyScale
  ) throws -> ClosedRange<Float> {
    let shape = volume.shape
    let (x, y, z) = place ?? (shape.width / 2, shape.sliceCount / 2, shape.depth / 2)
    let sections: [Section] = [.xy(z: z), .zy(x: x), .xz(y: y)]
    let planes = try sections.map { try $0.values(of: volume).values }
    return scale.limits(
      for: FloatStorage(planes.flatMap { plane in (0..<plane.count).map { plane.span[$0] } }).span)
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
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count == 2, let low = parts[0], let high = parts[1], 0 <= low, low < high,
      high <= 100
    else { return nil }
    scale = .percentiles(low, high)
  }
}

/// `low,high`
struct Limits {
  let range: ClosedRange<Float>

  init(_ text: String) throws {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
    guard parts.count == 2, let low = parts[0], let high = parts[1], low < high,
      low.isFinite && high.isFinite
    else {
      throw ValidationError("'\(text)' is not low,high. Write, for example, 0,1.")
    }
    range = low...high
  }
}
