import SeriesIO
import Fields
package import Projection
package import Reconstruction
import StackIO

extension SpectraReconstruction: MemoryBound {
  /// Channels one by one, as many at a time as there are threads and memory allows; or all in one problem.
  package func memory() throws -> MemoryNeed {
    let geometry = try makeGeometry()
    let count = elements.isEmpty ? groups.count : elements.count
    let (volume, held) = (geometry.volume.slabs.byteCount, besidesBytes(geometry))
    let isFirst = order == .reconstructFirst && !elements.isEmpty
    var stages = [try source.loadingBytes()]
    if !elements.isEmpty {
      let place = isFirst ? volume : source.channelBytes
      stages.append(
        held + source.splittingBytes(elements, scope, place: place) + (try source.loadingBytes()))
    }
    let work: String
    switch way {
    case .joint:
      work = order == .inModel ? "A background inside the model" : "Sharing edges across channels"
      stages.append(held + JointReconstruction.memory(channels: count, geometry))
    case .each:
      work = isFirst ? "A background in voxels" : "One channel"
      let atOnce = try atOnce(of: isFirst ? firstChannels : count, geometry)
      stages.append(held + atOnce * (try channelBytes(geometry)))
    }
    return MemoryNeed(
      work, stages: stages, cure: "lower --depth, take fewer --energies, or crop or bin the data")
  }

  /// Channels that are worked on together: no more than threads, and at least one.
  package func atOnce(of count: Int, _ geometry: TiltGeometry) throws -> Int {
    let free = memoryLimit - MemoryNeed.process - besidesBytes(geometry)
    return max(1, min(workers.count, count, free / (try channelBytes(geometry))))
  }

  /// What is held beside the channels that are reconstructed: series of elements with their backgrounds, or
  /// the volumes of all channels that an edge needs.
  private func besidesBytes(_ geometry: TiltGeometry) -> Int {
    guard !elements.isEmpty else { return 0 }
    return order == .reconstructFirst
      ? firstChannels * geometry.volume.slabs.byteCount : 3 * elements.count * source.channelBytes
  }

  /// What a channel holds while it is reconstructed: its series twice, and the run; before that, where λ is
  /// chosen by the noise, trials on two slabs.
  private func channelBytes(_ geometry: TiltGeometry) throws -> Int {
    let series = geometry.series.slabs.byteCount
    let run =
      switch way {
      case .each(let methods): try MemoryPlan.bytes(of: methods.method, geometry, workers: 1)
      case .joint: 8 * geometry.volume.slabs.byteCount + 3 * series
      }
    let trials = choosesLambda ? JointReconstruction.choiceMemory(channels: 1, geometry) : 0
    return 2 * series + max(run, trials)
  }

  /// Channels that a window of an element holds.
  private var firstChannels: Int {
    let energies = source.channels.compactMap(\.energy)
    return energies.count { energy in
      elements.contains { $0.background.contains(energy) || $0.signal.contains(energy) }
    }
  }
}
