import Deblurring
import Fields
import Foundation
import Projection
import Reconstruction
import SpectralTomography

/// A run of ``SpectraReconstruction``: what it holds between one channel and the next.
struct SpectraRun {
  private let recipe: SpectraReconstruction
  private let geometry: TiltGeometry
  private let folder: ResultFolder
  private let follower: Follower
  private(set) var record: SpectraRecord
  private var source: SpectralSource { recipe.source }
  private var workers: Workers { recipe.workers }

  init(
    _ recipe: SpectraReconstruction, _ geometry: TiltGeometry, _ folder: ResultFolder,
    _ follower: Follower
  ) {
    (self.recipe, self.geometry, self.folder, self.follower) = (
      recipe, geometry, folder, follower
    )
    record = SpectraRecord(.volumes, method: "")
  }

  /// One series to reconstruct, with what is known of it.
  struct Item: Sendable {
    var series: TiltSeries
    let facts: ChannelFacts
  }

  private func item(_ group: Range<Int>) throws -> Item {
    let series = try source.load(sum: group)
    let background = group.reduce(0.0) { $0 + source.manifest.background[$1] }
    let channel =
      group.count == 1
      ? source.channels[group.lowerBound]
      : SpectralChannel(
        energy: group.reduce(0.0) { $0 + (source.channels[$1].energy ?? 0) } / Double(group.count))
    return Item(
      series: series,
      facts: ChannelFacts(
        series, channel, isCounts: source.manifest.isCounts, background: background,
        workers: workers))
  }

  mutating func reconstructChannels() throws {
    let reader = self
    switch recipe.way {
    case .joint(let method):
      try reconstructJointly(method, try recipe.groups.map { try item($0) })
    case .each(let make):
      try reconstructEach(recipe.groups.count, make) {
        try reader.item(reader.recipe.groups[$0])
      } keep: {
        run, index, item, volume, report in
        try run.keep(volume, item, report)
      }
    }
  }

  mutating func reconstructElements() throws {
    let energies = try SpectraMaps.energies(of: source)
    let totals = try source.channels.indices.map { channel in
      SpectraMaps.total(try cleaned(channel).projections)
    }
    let laws = try recipe.elements.map {
      try EdgeBackground($0, scope: recipe.scope, energies: energies, totals: totals)
    }
    for law in laws where law.summed.chiSquare > 2 {
      record.warnings.append(
        """
        The counts before the \(law.windows.name) edge do not follow a power law: \
        χ² \(Float(law.summed.chiSquare)) of the summed spectrum.
        """)
    }
    guard recipe.order != .reconstructFirst else { return try reconstructFirst(laws) }
    let splits = try laws.map { law in
      try law.split(workers) { try cleaned($0).projections }
    }
    if recipe.order == .inModel {
      guard case .joint(let method) = recipe.way else {
        preconditionFailure("a background in the model goes with the joint solver")
      }
      return try reconstructInModel(method, laws, splits)
    }
    let items = zip(laws, splits).map { law, split in
      let series = TiltSeries(
        split.net, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize)
      return Item(
        series: series,
        facts: ChannelFacts(
          series, SpectralChannel(element: law.windows.name), isCounts: false, background: 0,
          workers: workers))
    }
    switch recipe.way {
    case .joint(let method): try reconstructJointly(method, items)
    case .each(let make):
      try reconstructEach(items.count, make) {
        items[$0]
      } keep: { run, _, item, volume, report in
        try run.keep(volume, item, report)
      }
    }
  }

  /// A channel without its flat background.
  private func cleaned(_ channel: Int) throws -> TiltSeries {
    var series = try source.load(channel)
    subtract(source.manifest.background[channel], from: &series)
    return series
  }

  /// Reconstructs every channel that a window holds, and splits voxels as pixels are split.
  private mutating func reconstructFirst(_ laws: [EdgeBackground]) throws {
    let needed = Set(laws.flatMap { Array($0.backgroundChannels) + Array($0.signalChannels) })
      .sorted()
    guard case .each(let make) = recipe.way else {
      preconditionFailure("channels are reconstructed one by one before an edge is summed up")
    }
    var volumes: [Int: FloatStorage] = [:]
    let reader = self
    try requireMemory("A background in voxels", channels: needed.count)
    try reconstructEach(needed.count, make) {
      try reader.item(needed[$0]..<needed[$0] + 1)
    } keep: {
      _, index, _, volume, _ in
      volumes[needed[index]] = volume.voxels
    }
    for law in laws {
      let split = try law.split(workers) { volumes[$0] ?? FloatStorage(zeros: 0) }
      let volume = Volume(split.net, shape: geometry.volume, voxelSize: source.pixelSize)
      try keep(volume, name: law.windows.name)
    }
  }

  private mutating func reconstructInModel(
    _ method: JointReconstruction, _ laws: [EdgeBackground], _ splits: [EdgeBackground.Split]
  ) throws {
    guard source.manifest.isCounts else {
      throw SpectralError.notCounts("A background inside the model")
    }
    try requireMemory("This reconstruction", channels: laws.count)
    var backgrounds: [FloatStorage] = []
    let items = zip(laws, splits).map { law, split in
      // What was taken away as a flat background comes back on both sides.
      let flat = law.signalChannels.reduce(0.0) { $0 + source.manifest.background[$1] }
      var series = TiltSeries(
        split.gross, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize)
      subtract(-flat, from: &series)
      round(&series.projections)
      var background = TiltSeries(split.background, shape: source.shape, tilts: source.tilts)
      subtract(-flat, from: &background)
      backgrounds.append(background.projections)
      return Item(
        series: series,
        facts: ChannelFacts(
          series, SpectralChannel(element: law.windows.name), isCounts: true, background: 0,
          workers: workers))
    }
    try finishJointly(
      try solve(method, items, .countsOver(backgrounds)), items, method)
  }

  private mutating func reconstructJointly(_ method: JointReconstruction, _ items: [Item]) throws {
    try requireMemory("Sharing edges across channels", channels: items.count)
    let noise: JointReconstruction.Noise =
      items.allSatisfy(\.facts.isCounts)
      ? .counts(background: items.map(\.facts.background)) : .gaussian(items.map(\.facts.noise))
    try finishJointly(try solve(method, items, noise), items, method)
  }

  private func solve(
    _ method: JointReconstruction, _ items: [Item], _ noise: JointReconstruction.Noise
  ) throws -> JointReconstruction.Result {
    for item in items where !(item.facts.noise > 0) {
      throw SpectralError.emptyChannel(item.facts.channel.name)
    }
    return try method.reconstruct(
      items.map(\.series), geometry, noise: noise,
      monitor: follower.monitor(sliceCount: source.shape.sliceCount))
  }

  private mutating func finishJointly(
    _ result: JointReconstruction.Result, _ items: [Item], _ method: JointReconstruction
  ) throws {
    record.method = "joint \(method.coupling.rawValue)"
    record.trials = result.trials.isEmpty ? nil : result.trials
    for (c, item) in items.enumerated() {
      var entry = try keep(result.volumes[c], name: item.facts.channel.name)
      (entry.lambda, entry.mu) = (result.lambda, result.mu[c])
      (entry.residual, entry.iterations) = (result.residuals[c], result.iterations)
      entry.stopReason = result.settled ? .settled : .iterationLimit
      describe(item.facts, &entry)
      record.channels[c] = entry
    }
  }

  private func requireMemory(_ what: String, channels: Int) throws(SpectralError) {
    let needs = JointReconstruction.memory(channels: channels, geometry)
    guard needs <= recipe.memoryLimit else {
      throw .memory(what: what, needs: needs, limit: recipe.memoryLimit)
    }
  }

  /// Reconstructs channel by channel, as many at a time as there are threads and memory allows.
  private mutating func reconstructEach(
    _ count: Int,
    _ make: @Sendable (ChannelFacts, _ lambda: Double?) throws -> any ReconstructionMethod,
    _ load: (Int) throws -> Item,
    keep: (inout SpectraRun, Int, Item, Volume, ReconstructionReport) throws -> Void
  ) throws {
    let lambda = try recipe.choosesLambda ? chooseLambda(count, load) : nil
    let perChannel =
      MemoryLayout<Float>.stride
      * (8 * geometry.volume.slabs.count + 5 * geometry.series.slabs.count)
    guard perChannel <= recipe.memoryLimit else {
      throw SpectralError.memory(
        what: "One channel", needs: perChannel, limit: recipe.memoryLimit)
    }
    let atOnce = max(1, min(workers.count, count, recipe.memoryLimit / perChannel))
    for first in stride(from: 0, to: count, by: atOnce) {
      guard !follower.isCancelled() else { throw ReconstructionError.interrupted }
      let batch = Array(first..<min(count, first + atOnce))
      var items = try batch.map { try load($0) }
      let methods = try items.map { try make($0.facts, lambda) }
      for i in items.indices where !Self.expectsBackground(methods[i]) {
        subtract(items[i].facts.background, from: &items[i].series)
      }
      let (geometry, follower) = (geometry, follower)
      let inner = Workers(max(1, workers.count / batch.count))
      let series = items.map(\.series)
      let results = Workers(batch.count).results(batch.count) { i in
        Result {
          try methods[i].reconstruct(
            series[i], geometry, from: nil, workers: inner,
            monitor: Monitor(isCancelled: follower.isCancelled))
        }
      }
      for (i, result) in results.enumerated() {
        let (volume, report) = try result.get()
        record.method = report.method
        try keep(&self, batch[i], items[i], volume, report)
      }
      follower.onProgress(
        Follower.Progress(
          stage: .reconstructing, fraction: Double(first + batch.count) / Double(count),
          unit: "channels", count: count, note: "channel \(first + batch.count) of \(count)"))
    }
  }

  /// λ relative to the noise, that predicts left-out tilts of the channel with most counts best.
  private mutating func chooseLambda(
    _ count: Int, _ load: (Int) throws -> Item
  ) throws -> Double {
    var brightest: Item?
    for index in 0..<count {
      let item = try load(index)
      let level = { (item: Item) in abs(item.facts.mean - item.facts.background) }
      if brightest.map({ level($0) < level(item) }) ?? true { brightest = item }
    }
    guard let item = brightest, item.facts.noise > 0 else {
      throw SpectralError.emptyChannel(brightest?.facts.channel.name ?? "0")
    }
    var method = JointReconstruction()
    (method.coupling, method.workers) = (.separate, workers)
    let noise: JointReconstruction.Noise =
      item.facts.isCounts
      ? .counts(background: [item.facts.background]) : .gaussian([item.facts.noise])
    let (lambda, trials) = try method.choose(
      [item.series], geometry, noise, Monitor(isCancelled: follower.isCancelled))
    record.trials = trials
    record.settings["lambdaChosenOn"] = .text(item.facts.channel.name)
    record.settings["lambdaRule"] = .text("held-out-tilts, relative to the noise of each channel")
    return lambda
  }

  /// Whether a method is told of the flat background; from others it is taken away before.
  private static func expectsBackground(_ method: any ReconstructionMethod) -> Bool {
    method.settings["background"] != nil
  }

  private mutating func keep(
    _ volume: Volume, _ item: Item, _ report: ReconstructionReport
  ) throws {
    var entry = try keep(volume, name: item.facts.channel.name)
    describe(item.facts, &entry)
    (entry.iterations, entry.stopReason) = (report.iterations, report.stopReason)
    if case .number(let mu)? = report.settings["mu"] { entry.mu = mu }
    entry.lambda = report.lambda
    entry.residual = residual(
      of: volume, item, isSubtracted: report.settings["background"] == nil)
    for (key, value) in report.settings where !["mu", "lambda", "background"].contains(key) {
      record.settings[key] = value
    }
    for warning in report.warnings where !record.warnings.contains(warning) {
      record.warnings.append("\(entry.name): \(warning)")
    }
    record.channels[record.channels.count - 1] = entry
  }

  private func residual(of volume: Volume, _ item: Item, isSubtracted: Bool) -> Double {
    let projector = ParallelProjector(geometry, workers: workers)
    var predicted = FloatStorage(zeros: projector.rangeCount)
    projector.apply(volume.voxels.span, into: predicted.mutableSpan)
    let b = isSubtracted ? 0 : item.facts.background
    let (shape, seen) = (source.shape.slabs, predicted)
    let slabs = workers.results(shape.slabCount) { slab in
      let lanes = shape.slices(of: slab).count
      var sum = 0.0
      for i in slab * shape.slabLength..<(slab + 1) * shape.slabLength
      where i % shape.laneCount < lanes {
        let difference = Double(item.series.projections.span[i]) - Double(seen.span[i]) - b
        sum += difference * difference
      }
      return sum
    }
    return (slabs.reduce(0, +) / Double(shape.valueCount)).squareRoot()
  }

  private func describe(_ facts: ChannelFacts, _ entry: inout SpectraRecord.Channel) {
    (entry.energy, entry.meanCounts) = (facts.channel.energy, facts.mean)
    (entry.background, entry.noise) = (facts.background, facts.noise)
    entry.dose = source.manifest.dosePerTilt.map { $0 * Double(source.tilts.count) }
  }

  /// Writes a volume under the name of its channel.
  @discardableResult
  private mutating func keep(_ volume: Volume, name: String) throws -> SpectraRecord.Channel {
    let place = folder.place(name + ".tif")
    var target = StackTarget(path: place.now)
    (target.axis, target.pixelSize) = (source.manifest.axis, source.pixelSize)
    target.pageSpacing = source.pixelSize
    _ = try target.write(MemoryStore(volume.voxels, volume.shape.slabs), follower)
    let entry = SpectraRecord.Channel(
      name: name, file: name + ".tif", sha256: try SHA256.hash(fileAt: place.now))
    record.channels.append(entry)
    return entry
  }

  /// A sidecar beside every volume.
  func writeSidecars(_ whole: SpectraRecord) throws {
    for channel in whole.channels {
      let shape = geometry.volume
      let map = PageMap(shape.slabs, axis: source.manifest.axis)
      var sidecar = Sidecar(
        command: whole.command,
        output: Sidecar.File(
          path: folder.place(channel.file).later, sha256: channel.sha256,
          shape: [shape.depth, map.rowCount, map.columnCount], voxelSize: whole.pixelSize),
        geometry: Sidecar.Geometry(
          source.tilts.map { $0 + recipe.tiltOffset }, axis: source.manifest.axis.rawValue,
          axisOffset: recipe.axisOffset, zOffset: recipe.zOffset, tiltOffset: recipe.tiltOffset),
        method: whole.method,
        seconds: Sidecar.Seconds(read: 0, compute: whole.seconds ?? 0, write: 0))
      (sidecar.inputs, sidecar.settings) = (whole.inputs, whole.settings)
      sidecar.settings["channel"] = .text(channel.name)
      sidecar.settings["mu"] = channel.mu.map(Setting.number)
      (sidecar.iterations, sidecar.lambda) = (channel.iterations, channel.lambda)
      sidecar.lambdaChoice = whole.trials
      sidecar.noise = channel.noise.map { ["sigma": .number($0)] }
      sidecar.dose = channel.dose.map {
        Sidecar.Dose(total: $0, tiltCount: source.tilts.count, unit: "electrons/nm²")
      }
      (sidecar.stopReason, sidecar.warnings) = (channel.stopReason, whole.warnings)
      try folder.write(try sidecar.json(), to: channel.name + ".json")
    }
  }

  private func subtract(_ constant: Double, from series: inout TiltSeries) {
    guard constant != 0 else { return }
    let shape = series.shape.slabs
    var values = series.projections.mutableSpan
    for i in values.indices {
      let slab = i / shape.slabLength
      if i % shape.laneCount < shape.slices(of: slab).count { values[i] -= Float(constant) }
    }
  }

  /// Sums of counts, from which a flat background went and came back, are whole again.
  private func round(_ field: inout FloatStorage) {
    var values = field.mutableSpan
    for i in values.indices { values[i] = max(0, values[i].rounded()) }
  }
}
