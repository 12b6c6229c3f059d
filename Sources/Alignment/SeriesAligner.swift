public import Fields
import Preparation
import RealModule
public import Reconstruction

/// Aligns a tilt series with itself.
///
/// 1. Pages are turned, moved along the axis by common lines, and across it by their centre of mass or by
///    cross-correlation after a cosine stretch; the turn and the way that predict the pages best are taken.
/// 2. The offset and the angle of the axis are searched by the same measure.
/// 3. Projection matching: reconstruct, project, lay every page over its prediction, and again, at growing size.
///
/// A layer that goes on beyond the field is matched first and turned by what is left then. In the end the turn is kept as
/// told where the pages do not tell it, and the pages where nothing is better.
///
/// The judge is the held-out error: what the tilts that are left in do not predict of a page that is left out.
///
/// Shifts that are those of an object elsewhere, `dx cos θ + dz sin θ` across the axis and the same for all along
/// it, change no reconstruction but its place; refinement keeps the object where the coarse alignment put it.
///
/// - Reference: P. Penczek, M. Marko, K. Buttle and J. Frank, Ultramicroscopy 60, 393 (1995), for projection
///   matching in tomography.
public struct SeriesAligner: Sendable {
  /// What is searched, and how far.
  public var settings = AlignmentSettings()
  /// Makes the method that reconstructs so many tilts, those that are left in, again and again; a quick one with
  /// non-negative voxels is best, such as SIRT of few iterations.
  public var method: @Sendable (_ tiltCount: Int) throws -> any ReconstructionMethod
  /// Threads that work on pages and reconstructions.
  public var workers = Workers.all

  /// An aligner that reconstructs any number of tilts with the same method.
  public init(_ method: any ReconstructionMethod) { self.method = { _ in method } }

  /// An aligner whose method depends on the number of tilts, such as one with subsets.
  public init(
    method: @escaping @Sendable (_ tiltCount: Int) throws -> any ReconstructionMethod
  ) {
    self.method = method
  }

  /// By how much pages of a size are binned before they are aligned.
  package func binning(rows: Int, columns: Int) -> Int {
    factor(settings.finest, rows: rows, columns: columns)
  }

  /// The least binning that leaves so many pixels along the longer side, and enough along the shorter one.
  private func factor(_ pixels: Int, rows: Int, columns: Int) -> Int {
    let wanted = (max(rows, columns) + pixels - 1) / max(pixels, 1)
    return max(1, min(wanted, min(rows, columns) / Self.leastSide))
  }

  /// With fewer tilts, those that are left in say nothing of the others.
  package static let leastTilts = 5
  /// Pixels along the shorter side of a page.
  private static let leastSide = 24

  /// Finds where each page goes; pages themselves are not changed.
  ///
  /// - Parameters:
  ///   - pages: at least 5 of one size, columns across the axis and rows along it, 24 pixels or more along each side.
  ///   - tilts: degrees, one per page.
  /// - Throws: ``AlignmentError``, or what the method throws.
  public func align(
    _ pages: [Image], tilts: [Double], monitor: Monitor = .silent
  ) throws -> SeriesAlignment {
    try settings.validate()
    precondition(pages.count == tilts.count, "one tilt a page")
    guard pages.count >= Self.leastTilts else { throw AlignmentError.fewTilts(pages.count) }
    let size = (rows: pages[0].rowCount, columns: pages[0].columnCount)
    guard min(size.rows, size.columns) >= Self.leastSide else {
      throw AlignmentError.smallPages(rows: size.rows, columns: size.columns)
    }
    let reach = FieldReach(degrees: tilts) { PageEdges(pages[$0], level: $1) }
    let specimen = Specimen(reach.isCut ? .beyond(thickness: 0.25) : .within)
    let raised = specimen.raised(pages, workers: workers)
    let longest = max(size.rows, size.columns)
    let most = min(settings.finest, longest)
    var factors: [Int] = []
    for pixels in [96, 144, most] where pixels <= most {
      let factor = factor(pixels, rows: size.rows, columns: size.columns)
      if factors.last != factor { factors.append(factor) }
    }
    let levels = factors.map {
      Level(
        raised, tilts: tilts, factor: $0, smoothing: specimen.isCut ? 1 : 0, workers: workers)
    }
    let stage = AlignmentStage(self, specimen, tilts: tilts, monitor: monitor)
    return try stage.aligned(levels).withoutHarm(levels[0]).judged(levels[levels.count - 1]).found
  }
}
