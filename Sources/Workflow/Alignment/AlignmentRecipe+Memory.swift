import Alignment
import SeriesIO
import Fields
import Preparation
import Projection
package import Reconstruction
import StackIO

extension AlignmentRecipe: MemoryBound {
  /// The search, on small pages, or the writing of large ones, whichever holds more.
  package func memory() throws -> MemoryNeed {
    let info = source.info
    // A page, its spline and the placed page; one more where the axis lies along rows.
    let pages = workers.count * info.pageBytes * (source.axis == .y ? 3 : 4)
    var stages = [pages + info.pageBytes * 9 / 8 + info.readerByteCount]
    if case .found(let aligner) = origin { stages.append(try searching(aligner)) }
    return MemoryNeed(
      "The alignment", stages: stages,
      cure: "lower --finest, crop or bin the pages, or use fewer --threads")
  }

  /// Four sets of small pages (raised, splines of three sizes, placed), the series twice,
  /// and a run of the method on the tilts that are not left out; while pages are read, one a worker besides.
  private func searching(_ aligner: SeriesAligner) throws -> Int {
    let (bins, slices) = (source.shape.binCount, source.shape.sliceCount)
    let factor = aligner.binning(rows: slices, columns: bins)
    // What is too small or too few is refused when it is read.
    guard factor <= min(bins, slices), source.tilts.count >= SeriesAligner.leastTilts else {
      return 0
    }
    let small = TiltSeriesShape(
      tiltCount: source.tilts.count, binCount: bins / factor, sliceCount: slices / factor)
    // The last part is the smallest.
    let folds = Folds(source.tilts)
    let others = folds.split(folds.parts.count - 1, source.tilts).others
    let method = try aligner.method(others.count)
    // What the pages show is not known yet: an object within the field, or a layer beyond it.
    let run =
      try Specimen.all.map { specimen in
        let box = specimen.box(columns: small.binCount, tilts: source.tilts)
        let geometry = try TiltGeometry(
          volume: VolumeShape(width: box.width, depth: box.depth, sliceCount: small.sliceCount),
          series: small, degrees: source.tilts)
        return try MemoryPlan.bytes(
          of: method, geometry.subset(of: others), workers: workers.count)
      }.max() ?? 0
    let sets = 4 * 4 * small.slabs.valueCount
    return max(
      sets + 2 * small.slabs.byteCount + run,
      sets / 4 + 2 * workers.count * source.info.pageBytes + source.info.readerByteCount)
  }
}
