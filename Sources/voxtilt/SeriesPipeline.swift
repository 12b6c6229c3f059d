import SeriesIO
import ArgumentParser
import Fields
import Files
import Foundation
import Preparation
import Reconstruction
import Records
import Workflow

/// One series on its way from stage to stage. Every stage is a command that one could type.
struct SeriesPipeline {
  private let request: PipelineCommand
  let series: String
  let folder: String
  private var ledger: StageLedger
  private(set) var stages: [SeriesOutcome.Stage] = []

  init(_ request: PipelineCommand, _ series: String, folder: String) {
    (self.request, self.series, self.folder) = (request, series, folder)
    ledger = StageLedger(folder: folder)
  }

  /// What stands after all stages.
  var volume: String { place("volume.mrc") }

  mutating func run() throws {
    let tilts = request.tilts ?? anglesBeside()
    let raw = RawSeries(
      path: series,
      words: (tilts.map { ["--tilts", $0] } ?? []) + (request.flipTilts ? ["--flip-tilts"] : [])
        + (request.voxelSize.map { ["--voxel-size", "\($0)"] } ?? []),
      files: ([tilts] + RawSeries.filesBeside(series)).compactMap(\.self).filter {
        FileManager.default.fileExists(atPath: $0)
      })
    let found = try inStage(.check) { try $0.check(raw) }
    let axis = ["--tilt-axis", found.tiltAxis.rawValue]
    var last = raw.checked(place("check.json"))
    if let words = options(request.prepare, found.preparation) {
      let out = place("ready.mrc")
      try make(
        .prepare, ["prepare", last.path] + last.words + axis + words + ["--out", out],
        inputs: [last.path] + last.files, outputs: [out, place("ready.rawtlt")])
      last = RawSeries(stage: out, angles: place("ready.rawtlt"))
    }
    if let words = options(request.align, []) {
      let out = place("aligned.mrc")
      try make(
        .align,
        ["align", last.path] + last.words + axis + words
          + ["--picture", place("align.svg"), "--out", out],
        inputs: [last.path] + last.files, outputs: [out, place("aligned.tlt")])
      last = RawSeries(stage: out, angles: place("aligned.tlt"))
    }
    let words = request.reconstruct.map(Self.split) ?? found.reconstruction
    try make(
      .reconstruct, ["reconstruct", last.path] + last.words + axis + words + ["--out", volume],
      inputs: [last.path] + last.files, outputs: [volume, place("volume.json")])
    try make(
      .report, ["report", volume] + (request.quick ? ["--quick"] : []),
      inputs: [volume, place("volume.json")], outputs: [place("volume.html")])
  }

  // MARK: - Stages

  private mutating func check(_ raw: RawSeries) throws -> PipelineChoice {
    let record = place("check.json")
    let given = request.tiltAxis.map { ["--tilt-axis", $0.rawValue] } ?? []
    let words = ["check", raw.path] + raw.words + given + ["--picture", place("check.svg")]
    let inputs = [raw.path] + raw.files
    if stands(.check, words, inputs), let bytes = try? InputFile.contents(of: record).bytes,
      let found = try? JSONDecoder().decode(PipelineChoice.self, from: Data(bytes))
    {
      note(.check, words, isMade: false, seconds: 0)
      return found
    }
    if !request.dryRun { try ledger.forget(StageName.check.rawValue) }
    let began = ContinuousClock.now
    var result = try survey(words)
    if request.tiltAxis == nil, result.findings.contains(where: \.isWrongAxis) {
      let other: TiltAxis = result.tiltAxis == .y ? .x : .y
      result = try survey(words + ["--tilt-axis", other.rawValue])
      Terminal.say(
        "note: The tilt axis runs along \(other.rawValue) according to check; --tilt-axis overrides this."
      )
    }
    if !request.options.quiet && !request.options.json { CheckCommand.show(result) }
    if result.verdict == .fault && !request.ignoreFaults { throw UnfitSeries(result) }
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    if !request.dryRun {
      result = try ResultFiles(
        record: record, inputs: inputs, overwrites: request.overwriting.force
      ).finish(result)
      try ledger.keep(
        StageName.check.rawValue, words, inputs: inputs,
        outputs: [record, place("check.svg")], seconds: seconds)
    }
    note(.check, words, isMade: true, seconds: seconds)
    let found = PipelineChoice(result)
    if !request.options.quiet { for note in found.notes { Terminal.say("note: " + note) } }
    return found
  }

  private func survey(_ words: [String]) throws -> CheckRecord {
    guard let command = try Voxtilt.parseAsRoot(words + running) as? CheckCommand else {
      preconditionFailure("check is a command")
    }
    // A series that cannot be opened gets no folder.
    _ = try command.series.source()
    if !request.dryRun { try makeFolder() }
    TypedCommand.record(words)
    return try command.survey(draws: !request.dryRun)
  }

  private func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError.cannotCreate(path: folder, reason: "the system refused")
    }
  }

  /// Runs a command unless what it made stands.
  private mutating func make(
    _ stage: StageName, _ words: [String], inputs: [String], outputs: [String]
  ) throws {
    try inStage(stage) { pipeline in
      guard !pipeline.stands(stage, words, inputs) else {
        return pipeline.note(stage, words, isMade: false, seconds: 0)
      }
      var command = try Voxtilt.parseAsRoot(words + pipeline.running)
      guard !pipeline.request.dryRun else {
        return pipeline.note(stage, words, isMade: true, seconds: 0)
      }
      try pipeline.ledger.forget(stage.rawValue)
      if !pipeline.request.options.quiet { Terminal.say("voxtilt " + Self.typed(words)) }
      let began = ContinuousClock.now
      TypedCommand.record(words)
      try command.run()
      if Interruption.wasAsked { throw ReconstructionError.interrupted }
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      try pipeline.ledger.keep(
        stage.rawValue, words, inputs: inputs, outputs: outputs, seconds: seconds)
      pipeline.note(stage, words, isMade: true, seconds: seconds)
    }
  }

  private mutating func inStage<Result>(
    _ stage: StageName, _ work: (inout SeriesPipeline) throws -> Result
  ) throws -> Result {
    do {
      return try work(&self)
    } catch {
      throw StageFailure(stage: stage, cause: error)
    }
  }

  private func stands(_ stage: StageName, _ words: [String], _ inputs: [String]) -> Bool {
    if let from = request.from, stage >= from { return false }
    // What is to be done will change what comes after it.
    if request.dryRun, stages.contains(where: \.isMade) { return false }
    return ledger.stands(stage.rawValue, words, inputs: inputs)
  }

  private mutating func note(
    _ stage: StageName, _ words: [String], isMade: Bool, seconds: Double
  ) {
    stages.append(
      SeriesOutcome.Stage(stage: stage.rawValue, command: words, isMade: isMade, seconds: seconds))
    guard !request.options.quiet else { return }
    if request.dryRun {
      print((isMade ? "to do      " : "up to date ") + "voxtilt " + Self.typed(words))
    } else if !isMade {
      Terminal.say("\(stage.rawValue): up to date, skipped")
    }
  }

  // MARK: - Words

  /// What says how a stage is run, and changes no byte of what it makes.
  private var running: [String] {
    (request.options.threads.map { ["--threads", "\($0)"] } ?? [])
      + ["--max-memory", "\(request.maxMemory.value)"]
      + (request.options.quiet || request.options.json ? ["--quiet"] : [])
      + (request.overwriting.force ? ["--force"] : [])
  }

  private func place(_ name: String) -> String {
    (folder as NSString).appendingPathComponent(name)
  }

  /// `nil` where a stage is left out.
  private func options(_ given: String?, _ standard: [String]) -> [String]? {
    guard let given else { return standard }
    return given == "none" ? nil : Self.split(given)
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: " ").map { String($0) }
  }

  /// As one would type it.
  private static func typed(_ words: [String]) -> String {
    words.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
  }

  /// `NAME.tlt`, where neither the series nor another file beside it tells its angles.
  private func anglesBeside() -> String? {
    let file = (series as NSString).deletingPathExtension + ".tlt"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    return (try? SeriesSource.tellsTilts(series)) == false ? file : nil
  }
}

/// A series as a stage finds it: its path, the words that say what it is, and the files that they name.
private struct RawSeries {
  let path: String
  let words: [String]
  let files: [String]

  init(path: String, words: [String], files: [String]) {
    (self.path, self.words, self.files) = (path, words, files)
  }

  /// What may tell the geometry of a series besides itself.
  static func filesBeside(_ series: String) -> [String] {
    let base = (series as NSString).deletingPathExtension
    return [base + ".json", series + ".mdoc", base + ".mdoc", base + ".rawtlt"]
  }

  /// The same, once it was checked.
  func checked(_ record: String) -> RawSeries {
    RawSeries(path: path, words: words + ["--check", record], files: files + [record])
  }

  init(stage path: String, angles: String) {
    self.init(path: path, words: ["--tilts", angles], files: [angles])
  }
}

extension Finding {
  fileprivate var isWrongAxis: Bool { kind == .tiltAxis && verdict == .fault }
}
