package import Fields
import Foundation
import Projection
import Reconstruction
import Records
import Spectroscopy

/// Elements: the background below an edge goes before, after or inside the reconstruction.
extension SpectraRun {
  package mutating func reconstructElements() throws {
    let energies = try SpectraMaps.energies(of: source)
    let totals = try source.channels.indices.map { channel in
      SpectraMaps.total(try cleaned(channel).projections)
    }
    let laws = try recipe.elements.map {
      try EdgeBackground($0, scope: recipe.scope, energies: energies, totals: totals)
    }
    record.warnings += SpectraMaps.warnings(laws)
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
    case .each(let methods):
      try reconstructEach(items.count, methods) {
        items[$0]
      } keep: { run, _, item, volume, report in
        try run.keep(volume, item, report)
      }
    }
  }

  /// A channel without its flat background.
  package func cleaned(_ channel: Int) throws -> TiltSeries {
    var series = try source.load(channel)
    subtract(source.manifest.background[channel], from: &series)
    return series
  }

  /// Reconstructs every channel that a window holds, and splits voxels as pixels are split.
  package mutating func reconstructFirst(_ laws: [EdgeBackground]) throws {
    let needed = Set(laws.flatMap { Array($0.backgroundChannels) + Array($0.signalChannels) })
      .sorted()
    guard case .each(let methods) = recipe.way else {
      preconditionFailure("channels are reconstructed one by one before an edge is summed up")
    }
    var volumes: [Int: FloatStorage] = [:]
    let reader = self
    try reconstructEach(needed.count, methods) {
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

  package mutating func reconstructInModel(
    _ method: JointReconstruction, _ laws: [EdgeBackground], _ splits: [EdgeBackground.Split]
  ) throws {
    guard source.manifest.isCounts else {
      throw SpectralError.notCounts("A background inside the model")
    }
    var backgrounds: [FloatStorage] = []
    let items = zip(laws, splits).map { law, split in
      // What was taken away as a flat background comes back on both sides.
      let flat = law.signalChannels.reduce(0.0) { $0 + source.manifest.background[$1] }
      var series = TiltSeries(
        split.gross, shape: source.shape, tilts: source.tilts, pixelSize: source.pixelSize)
      subtract(-flat, from: &series)
      settleCounts(&series.projections)
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
}
