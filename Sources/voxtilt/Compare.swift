import SeriesIO
import ArgumentParser
import Fields
import Workflow

/// `voxtilt compare`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare a volume with the truth: RMSE, NRMSE, PSNR and SSIM in 3-D.",
    discussion: """
      EXAMPLES
        voxtilt compare volume.tif truth.tif
        voxtilt compare volume.tif truth.tif --mask particle.tif --fit-scale --json
      """)

  @Argument(help: "The volume.") var volume: String
  @Argument(help: "The truth, of the same size.") var truth: String
  @Option(help: "A volume that exceeds 0.5 where voxels are to be compared.") var mask: String?
  @Flag(help: "Multiply the volume with its best factor first.") var fitScale = false
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func run() throws {
    let need = try comparisonMemory([volume, truth] + [mask].compactMap(\.self))
    if try memory.isAnswered(by: need, json: options.json) { return }
    let read = try [volume, truth].map { try readVolume($0) }
    let inside = try mask.map { try readVolume($0) }
    let notes = (read + [inside].compactMap(\.self)).flatMap(\.file.remarks)
    let comparison = try Comparison(
      of: read[0].volume, with: read[1].volume, inside: inside?.volume,
      fittingScale: fitScale, workers: options.workers)
    guard !options.json else {
      return try Terminal.printJSON(Measures(comparison: comparison, notes: notes))
    }
    if !options.quiet { for note in notes { Terminal.say("note: \(note)") } }
    print(
      """
      RMSE   \(Terminal.short(comparison.rmse))
      NRMSE  \(Terminal.short(comparison.nrmse, " of the truth's root mean square"))
      PSNR   \(Terminal.short(comparison.psnr, " dB for a range of \(Terminal.short(comparison.range))"))
      SSIM   \(Terminal.short(comparison.ssim))
      bias   \(Terminal.short(comparison.bias))
      """)
    if fitScale { print("scale  \(Terminal.short(comparison.scale))") }
    for note in comparison.gaps { print(note) }
  }
}

/// A comparison in which what is not measured is `null`, with notes that say why.
private struct Measures: Encodable {
  let comparison: Comparison
  /// Of the files.
  let notes: [String]

  enum CodingKeys: String, CodingKey {
    case voxelCount, scale, range, rmse, nrmse, psnr, ssim, bias, notes
  }

  func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(comparison.voxelCount, forKey: .voxelCount)
    try keys.encode(comparison.scale, forKey: .scale)
    try keys.encode(comparison.range, forKey: .range)
    try keys.encode(comparison.rmse, forKey: .rmse)
    try keys.encode(comparison.nrmse, forKey: .nrmse)
    try keys.encode(comparison.psnr, forKey: .psnr)
    try keys.encode(comparison.ssim, forKey: .ssim)
    try keys.encode(comparison.bias, forKey: .bias)
    try keys.encode(notes + comparison.gaps, forKey: .notes)
  }
}
