package import Fields
import Foundation
import Inversion
package import Projection
package import Reconstruction
import Records
import Spectroscopy

/// A run of ``SpectraReconstruction``: what it holds between one channel and the next.
package struct SpectraRun {
  package let recipe: SpectraReconstruction
  package let geometry: TiltGeometry
  package let folder: ResultFolder
  package let follower: Follower
  package var record: SpectraRecord
  package var source: SpectralSource { recipe.source }
  package var workers: Workers { recipe.workers }

  package init(
    _ recipe: SpectraReconstruction, _ geometry: TiltGeometry, _ folder: ResultFolder,
    _ follower: Follower
  ) {
    (self.recipe, self.geometry, self.folder, self.follower) = (
      recipe, geometry, folder, follower
    )
    record = SpectraRecord(.volumes, method: "")
  }

  /// One series to reconstruct, with what is known of it.
  package struct Item: Sendable {
    package var series: TiltSeries
    package let facts: ChannelFacts
  }

  package func item(_ group: Range<Int>) throws -> Item {
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

  package mutating func reconstructChannels() throws {
    let reader = self
    switch recipe.way {
    case .joint(let method):
      try reconstructJointly(method, try recipe.groups.map { try item($0) })
    case .each(let methods):
      try reconstructEach(recipe.groups.count, methods) {
        try reader.item(reader.recipe.groups[$0])
      } keep: {
        run, index, item, volume, report in
        try run.keep(volume, item, report)
      }
    }
  }

  /// Reconstructs channel by channel, as many at a time as there are threads and memory allows.
  package mutating func reconstructEach(
    _ count: Int,
    _ channelMethods: ChannelMethods,
    _ load: (Int) throws -> Item,
    keep: (inout SpectraRun, Int, Item, Volume, ReconstructionReport) throws -> Void
  ) throws {
    if recipe.choosesLambda {
      record.settings["lambdaRule"] = .text("held-out-tilts of each channel, relative to its noise")
    }
    let atOnce = try recipe.atOnce(of: count, geometry)
    for first in stride(from: 0, to: count, by: atOnce) {
      guard !follower.isCancelled() else { throw ReconstructionError.interrupted }
      let batch = Array(first..<min(count, first + atOnce))
      var items = try batch.map { try load($0) }
      let (geometry, follower) = (geometry, follower)
      let monitor = Monitor(isCancelled: follower.isCancelled)
      let inner = Workers(max(1, workers.count / batch.count))
      let (known, chooses) = (items, recipe.choosesLambda)
      let strengths = Workers(batch.count).results(batch.count) { i in
        Result {
          try chooses ? Self.chooseLambda(known[i], geometry, inner, monitor) : nil
        }
      }
      let methods = try items.indices.map {
        try channelMethods.method(for: items[$0].facts, lambda: try strengths[$0].get())
      }
      for i in items.indices where !Self.expectsBackground(methods[i]) {
        subtract(items[i].facts.background, from: &items[i].series)
      }
      let series = items.map(\.series)
      let results = Workers(batch.count).results(batch.count) { i in
        Result {
          try methods[i].reconstruct(
            series[i], geometry, from: nil, workers: inner,
            monitor: monitor)
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

  /// λ relative to the noise, that predicts left-out tilts of a channel best.
  package static func chooseLambda(
    _ item: Item, _ geometry: TiltGeometry, _ workers: Workers, _ monitor: Monitor
  ) throws -> Double {
    guard item.facts.noise > 0 else { throw SpectralError.emptyChannel(item.facts.channel.name) }
    var method = JointReconstruction()
    (method.coupling, method.workers) = (.separate, workers)
    let noise: JointReconstruction.Noise =
      item.facts.isCounts
      ? .counts(background: [item.facts.background]) : .gaussian([item.facts.noise])
    return try method.choose([item.series], geometry, noise, monitor).lambda
  }

  /// Whether a method is told of the flat background; from others it is taken away before.
  package static func expectsBackground(_ method: any ReconstructionMethod) -> Bool {
    method.traits.countBackground != nil
  }

  package mutating func keep(
    _ volume: Volume, _ item: Item, _ report: ReconstructionReport
  ) throws {
    var entry = try keep(volume, name: item.facts.channel.name)
    describe(item.facts, &entry)
    (entry.iterations, entry.stopReason) = (report.iterations, report.stopReason)
    (entry.mu, entry.lambda) = (report.mu, report.lambda)
    entry.residual = residual(
      of: volume, item, isSubtracted: report.traits.countBackground == nil)
    for (key, value) in report.settings where !["mu", "lambda", "background"].contains(key) {
      record.settings[key] = value
    }
    for warning in report.warnings where !record.warnings.contains(warning) {
      record.warnings.append("\(entry.name): \(warning)")
    }
    record.channels[record.channels.count - 1] = entry
  }
}
