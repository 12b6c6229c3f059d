import SeriesIO
import ArgumentParser
import StackIO
import Workflow

/// `voxtilt info`
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show the contents of a stack, from its headers and the files next to it.",
    discussion: """
      Each fact is shown with its source. Contradictions are reported as warnings.

      EXAMPLES
        voxtilt info series.mrc
        voxtilt info volume.tif --json
      """)

  @Argument(help: "A TIFF or MRC stack.") var stack: String
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let facts = try StackFacts(of: stack)
    for warning in facts.warnings { Terminal.say("warning: \(warning)") }
    guard !json else { return try Terminal.printJSON(facts) }
    for line in facts.lines { print(line) }
  }
}

extension StackFacts {
  fileprivate var lines: [String] {
    var lines = [
      path,
      "format       \(format), \(sampleType), \(compression), \(byteOrder)",
      "size         \(columns) columns × \(rows) rows × \(pages) pages, \(bytes) bytes",
    ]
    if let channels, let slices, let frames, channels * slices * frames > 1 {
      lines.append(
        "order        \(channels) channels × \(slices) slices × \(frames) frames" + from("channels")
      )
    }
    lines.append("pixel        " + (pixelInWords ?? "size unknown"))
    if let valueScale {
      lines.append(
        "values       \(Terminal.short(valueScale.offset)) + \(Terminal.short(valueScale.scale)) × stored"
      )
    }
    lines.append("tilts        " + (tiltsInWords ?? "unknown"))
    if let tiltAxis {
      let angle = tiltAxisAngle.map { ", \(Terminal.short($0))° from vertical" } ?? ""
      lines.append("tilt axis    along \(tiltAxis)\(angle)" + from("tiltAxis"))
    }
    if let axisOffset {
      lines.append("axis offset  \(Terminal.short(axisOffset)) pixels" + from("axisOffset"))
    }
    if let dosePerTilt, let doseUnit, let low = dosePerTilt.min(), let high = dosePerTilt.max() {
      let each =
        low == high ? Terminal.short(low) : "\(Terminal.short(low)) to \(Terminal.short(high))"
      let total = Terminal.short(dosePerTilt.reduce(0, +))
      lines.append(
        "dose         \(each) \(doseUnit) per page, \(total) in total" + from("dosePerTilt"))
    }
    return lines
  }

  private func from(_ key: String) -> String { sources[key].map { ", from \($0)" } ?? "" }

  private var pixelInWords: String? {
    guard let pixelSize else { return nil }
    let isSquare = rowSpacing.map { abs($0 - pixelSize) <= 0.01 * pixelSize } ?? true
    let size = isSquare ? "" : " × \(Terminal.short(rowSpacing ?? pixelSize))"
    return "\(Terminal.short(pixelSize))\(size) nm" + from("pixelSize")
  }

  private var tiltsInWords: String? {
    guard let tilts, let low = tilts.min(), let high = tilts.max() else { return nil }
    return "\(tilts.count), \(Terminal.short(low))° to \(Terminal.short(high))°" + from("tilts")
  }
}
