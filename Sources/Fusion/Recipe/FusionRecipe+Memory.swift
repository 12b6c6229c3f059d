import SeriesIO
package import Reconstruction
import Fields
import Imaging
import StackIO

extension FusionRecipe: MemoryBound {
  /// All elements are held at once: concentrations, their duals and differences, those of the trials of
  /// λ₂ besides, and a few fields of every measurement.
  package func memory() throws -> MemoryNeed {
    let isSeries = series != nil
    let infos = try inputs.map { try StackReader(path: $0).info }
    let shapes = infos.map { info in
      info.volume(axis: series?.axis ?? .y)
    }
    let depth = isSeries ? self.depth ?? shapes[0].width : 1
    let voxels = VolumeShape(
      width: shapes[0].width, depth: depth, sliceCount: shapes[0].sliceCount
    ).slabs
    let measured = shapes.reduce(0) { $0 + $1.slabs.byteCount }
    // Of images beyond 512², strengths are searched on a part.
    let searchesAll =
      fusion.lambda2 == nil
      && (isSeries
        || !ImageDetectors.searchesPart(rows: shapes[0].sliceCount, columns: shapes[0].width))
    // Images of several elements have duals of their mixtures, and anchors of the second fit.
    let fields = isSeries ? (searchesAll ? 21 : 17) : searchesAll ? 44 : 34
    return MemoryNeed(
      "Fusion, which keeps all elements in memory,",
      stages: [
        maps.count * voxels.byteCount * fields + (isSeries && blur + mapBlur > 0 ? 7 : 6)
          * measured,
        measured + (infos.map(\.readerByteCount).max() ?? 0),
      ], cure: isSeries ? "lower --depth, or crop or bin the series" : "crop or bin the images")
  }
}
