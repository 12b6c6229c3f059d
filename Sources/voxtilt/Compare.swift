import SeriesIO
import ArgumentParser
import Fields
import Records
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
  @Option(help: "A volume that is above 0.5 where voxels are compared.") var mask: String?
  @Flag(help: "Multiply the volume by the best factor first.") var fitScale = false
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
      return try Terminal.printJSON(Measures(comparison, notes))
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
  let voxelCount: Int
  @Nullable var scale: Double?
  let range: Double
  let rmse: Double
  @Nullable var nrmse: Double?
  @Nullable var psnr: Double?
  @Nullable var ssim: Double?
  let bias: Double
  /// Of the files, too.
  let notes: [String]

  init(_ found: Comparison, _ notes: [String]) {
    (voxelCount, scale, range) = (found.voxelCount, found.scale, found.range)
    (rmse, nrmse, psnr) = (found.rmse, found.nrmse, found.psnr)
    (ssim, bias, self.notes) = (found.ssim, found.bias, notes + found.gaps)
  }
}
