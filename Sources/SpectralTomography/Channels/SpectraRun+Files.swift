import SeriesIO
package import Fields
import Foundation
import Projection
import Reconstruction
import Records
import Spectroscopy

/// What is kept of every channel: its volume, its residual, its sidecar.
extension SpectraRun {
  package func residual(of volume: Volume, _ item: Item, isSubtracted: Bool) -> Double {
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

  package func describe(_ facts: ChannelFacts, _ entry: inout SpectraResult.Channel) {
    (entry.energy, entry.meanCounts) = (facts.channel.energy, facts.mean)
    (entry.background, entry.noise) = (facts.background, facts.noise)
    entry.dose = source.manifest.dosePerTilt.map { $0 * Double(source.tilts.count) }
  }

  /// Writes a volume under the name of its channel.
  @discardableResult
  package mutating func keep(_ volume: Volume, name: String) throws -> SpectraResult.Channel {
    var target = StackTarget(path: folder.place(name + ".tif"))
    (target.axis, target.pixelSize) = (source.manifest.axis, source.pixelSize)
    target.pageSpacing = source.pixelSize
    let (_, file) = try target.write(MemoryStore(volume.voxels, volume.shape.slabs), follower)
    let entry = SpectraResult.Channel(
      name: name, file: name + ".tif", sha256: try folder.add(file))
    record.channels.append(entry)
    return entry
  }

  /// A sidecar beside every volume.
  package func writeSidecars(_ whole: SpectraRecord) throws {
    for channel in whole.channels {
      let shape = geometry.volume
      let map = PageMap(shape.slabs, axis: source.manifest.axis)
      var sidecar = Sidecar(
        command: whole.command,
        output: RecordedFile(
          path: folder.path(of: channel.file), sha256: channel.sha256,
          shape: [shape.depth, map.rowCount, map.columnCount], voxelSize: whole.pixelSize),
        geometry: Sidecar.Geometry(
          source.tilts.map { $0 + recipe.tiltOffset }, axis: source.manifest.axis.rawValue,
          axisOffset: recipe.axis.offset ?? 0, zOffset: recipe.zOffset,
          tiltOffset: recipe.tiltOffset),
        method: whole.method,
        seconds: Sidecar.Seconds(compute: whole.seconds ?? 0))
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
      try folder.add(try JSONText(sidecar).data, channel.name + ".json")
    }
  }

  package func subtract(_ constant: Double, from series: inout TiltSeries) {
    guard constant != 0 else { return }
    let shape = series.shape.slabs
    var values = series.projections.mutableSpan
    for i in values.indices {
      let slab = i / shape.slabLength
      if i % shape.laneCount < shape.slices(of: slab).count { values[i] -= Float(constant) }
    }
  }

  /// Sums of counts, from which a flat background went and came back, are not below 0 and, unless they were shared out,
  /// whole again.
  package func settleCounts(_ field: inout FloatStorage) {
    let isWhole = source.sharedCounts.isEmpty
    var values = field.mutableSpan
    for i in values.indices { values[i] = max(0, isWhole ? values[i].rounded() : values[i]) }
  }
}
