import SeriesIO
import Files
import Foundation
import Preparation
import Reconstruction
import Records
import SpectralTomography

/// Whether a series counts electrons, and what says so.
struct SeriesCounts {
  /// `nil` where nothing says it.
  let counting: Counting?
  /// Where it was concluded from the pixels.
  let note: String?

  /// What the user says counts before the sidecar, that before the `spectra.json` of its folder, and that before the pixels.
  ///
  /// - Parameter said: by the user.
  init(_ pages: PreparedPages, said: Bool?, _ known: Sidecar.Known?) throws {
    let path = pages.source.path
    if let said {
      (counting, note) = (said ? .whole : nil, nil)
    } else if let told = known?.counts {
      (counting, note) = (told, nil)
    } else if Self.isPromised(path) {
      (counting, note) = (.whole, nil)
    } else if try Self.isEvident(pages) {
      (counting, note) = (.whole, Self.words)
    } else {
      (counting, note) = (nil, nil)
    }
  }

  static let words =
    "Read as counts: the pixels are whole numbers that vary as counts do. Give --no-counts if they are not."

  private static func isPromised(_ path: String) -> Bool {
    guard let manifest = try? SpectralManifest(folder: folder(of: path)) else { return false }
    return manifest.isCounts && manifest.files.contains { canonical($0) == canonical(path) }
  }

  /// By five pages at most.
  private static func isEvident(_ pages: PreparedPages) throws -> Bool {
    let (chosen, most) = (pages.chosen, 5)
    let few = min(most, chosen.count)
    let sample = (0..<few).map { chosen[$0 * (chosen.count - 1) / max(few - 1, 1)] }
    let looked = PreparedPages(
      pages.source, chosen: sample, workers: pages.workers, pages.follower)
    return CountEvidence.speaksForCounts(try looked.map { CountEvidence($1) })
  }
}
