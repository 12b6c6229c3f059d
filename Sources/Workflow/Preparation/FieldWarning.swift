import VariationalReconstruction
import Fields
import Preparation
import Reconstruction

extension FieldReach {
  /// Of a series in a store, `[slab][tilt][bin][lane]`. Cost: one pass over it.
  init(_ store: any SlabStore, degrees: [Double]) throws {
    try self.init(degrees: degrees) { page, level in
      let runs = try store.page(page)
      return PageEdges(Image(runs.span, store.pageShape), level: level)
    }
  }

  /// What a reader of a volume as wide as the field should know; `nil` where nothing is cut.
  func warning(ofDirect isDirect: Bool) -> String? {
    guard isCut, let words = words(pages.map { $0 + 1 }) else { return nil }
    let cure =
      isDirect
      ? "Filtered back-projection assumes that everything beyond the field is empty. Choose another method with --extend auto."
      : "The volume has no room for matter beyond the field, and places it elsewhere. Reconstruct with --extend auto."
    return words + " " + cure
  }

  /// The warnings of a report, where tilts that do not fit the others have a likely cause.
  func explaining(_ report: ReconstructionReport) -> [String] {
    let alarms = (report.lambdaChoice as? StrengthChoice)?.alarms ?? []
    guard isCut, !alarms.isEmpty else { return report.warnings }
    let (words, tilts) = (alarms.map(\.words), alarms.map(\.tilt).sorted().map { "\($0)°" })
    return report.warnings.filter { !words.contains($0) } + [
      """
      The tilts that do not fit the others: \(tilts.joined(separator: ", ")). The likely cause is that the object extends beyond the field, not these pages. Check \
      them again after --extend auto.
      """
    ]
  }
}
