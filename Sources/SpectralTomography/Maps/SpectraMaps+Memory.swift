import SeriesIO
import Fields
import Phantoms
import Projection
package import Reconstruction
import Spectroscopy
import StackIO

extension SpectralSource {
  /// The field of a channel, in bytes.
  package var channelBytes: Int { shape.slabs.byteCount }

  /// A channel that is being read: its series, the pages as they come, and a page.
  package func loadingBytes() throws -> Int {
    let info = try StackReader(path: manifest.files[0]).info
    return 2 * channelBytes + info.pageBytes + info.readerByteCount
  }

  /// What splits counts at an edge, in bytes: by region sums and a channel on its way; by pixel every channel
  /// of the window besides. Places are pixels, or voxels of `volume` bytes.
  package func splittingBytes(
    _ elements: [ElementWindows], _ scope: EdgeBackground.Scope, place: Int
  ) -> Int {
    let energies = channels.compactMap(\.energy)
    let windows = elements.map { windows in energies.count { windows.background.contains($0) } }
    // What is left of each file that was read and hashed, in the heap of the thread that did so.
    let files = (manifest.files.count + 16) << 20
    return files + place * (4 + (scope == .pixel ? windows.max() ?? 0 : 0))
  }
}

extension SpectraMaps: MemoryBound {
  package func memory() throws -> MemoryNeed {
    MemoryNeed(
      "The element maps",
      stages: [
        source.splittingBytes(elements, scope, place: source.channelBytes)
          + (try source.loadingBytes())
      ], cure: "crop or bin the spectrum image")
  }
}

extension SpectraDenoising: MemoryBound {
  /// Components that are counted on where their number is found from the data.
  private static let usualCount = 10

  /// All channels and the places' weights; then the scores of the components beside them.
  package func memory() throws -> MemoryNeed {
    try memory(keeping: componentCount ?? Self.usualCount)
  }

  /// The same for a known number of components.
  package func memory(keeping count: Int) throws -> MemoryNeed {
    let channel = source.channelBytes
    let components = min(count, source.channels.count)
    return MemoryNeed(
      "Denoising",
      stages: [
        (source.channels.count + 1 + components) * channel + (try source.loadingBytes())
      ], cure: "lower --components, or crop or bin the spectrum image")
  }
}

extension SpectrumExtraction: MemoryBound {
  /// One channel at a time, and the mask.
  package func memory() throws -> MemoryNeed {
    var (held, largest) = (0, 0)
    if case .mask(let path) = region {
      let (mask, reading, _) = try volumeBytes(path, axis: manifest.axis)
      (held, largest) = (mask, reading)
    }
    for file in manifest.files {
      let (volume, reading, _) = try volumeBytes(file, axis: manifest.axis)
      largest = max(largest, volume + reading)
    }
    return MemoryNeed("The extraction", stages: [held + largest], cure: "crop or bin the volumes")
  }
}

extension SpectralSimulation: MemoryBound {
  /// Every material as a volume and as a series, and a channel that is mixed of them.
  package func memory() -> MemoryNeed {
    let volume = scene.volume
    let series = TiltSeriesShape(
      tiltCount: tilts.degrees.count, binCount: volume.width, sliceCount: volume.sliceCount
    ).slabs
    let materials = scene.materials.count * (volume.slabs.byteCount + series.byteCount)
    return MemoryNeed(
      "The spectrum image",
      stages: [
        materials + 2 * series.byteCount + series.writingBytes + 400 * series.pageCount,
        materials + (writesTruth ? volume.slabs.byteCount + volume.slabs.writingBytes : 0),
      ], cure: "give fewer tilts or a smaller --size")
  }
}
