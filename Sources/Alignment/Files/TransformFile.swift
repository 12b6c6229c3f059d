import Files
import Foundation
import RealModule
package import Fields

/// Placements as IMOD's .xf files hold them.
///
///     (X′, Y′) = (A11 A12; A21 A22) (X, Y) + (DX, DY)
///
/// one line a page, seen from the centre of the page, with rows counted upwards. What is across and along the axis here
/// depends on which way the axis runs in the pictures.
///
/// - Reference: the manual page of newstack, IMOD 4.11 (University of Colorado).
package struct TransformFile: Sendable, Hashable {
  /// One a page, for pages whose axis has been turned along y.
  package let placements: [Placement]

  package init(_ placements: [Placement]) { self.placements = placements }

  /// - Throws: ``AlignmentError``
  package init(reading path: String, axis: TiltAxis) throws(AlignmentError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try InputFile.contents(of: path).bytes } catch {
      throw .file(error)
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else { throw .unreadable(path: path) }
    var placements: [Placement] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard !words.isEmpty else { continue }
      let numbers = words.compactMap { Double($0) }
      guard words.count == 6, numbers.count == 6, numbers.allSatisfy(\.isFinite) else {
        throw .transformLine(path: path, line: index + 1)
      }
      guard let placement = Self.placement(numbers, axis) else {
        throw .notASimilarity(path: path, line: index + 1)
      }
      placements.append(placement)
    }
    guard !placements.isEmpty else { throw .notAnAlignment(path: path) }
    self.placements = placements
  }

  /// The text of the file for pages as they are stored.
  package func text(axis: TiltAxis) -> String {
    placements.map { placement in
      let (c, s) = (
        placement.magnification * .cos(placement.rotation),
        placement.magnification * .sin(placement.rotation)
      )
      // Rows downwards become rows upwards: both off-diagonal entries and DY change their sign.
      let (x, y) =
        axis == .y ? (placement.across, placement.along) : (placement.along, -placement.across)
      let matrix = [c, s, -s, c].map { unsafe String(format: "%12.7f", $0) }
      let shift = [x, -y].map { unsafe String(format: "%12.4f", $0) }
      return (matrix + shift).joined() + "\n"
    }.joined()
  }

  /// `nil` for what is no turn, magnification and shift, or is beyond all use.
  private static func placement(_ numbers: [Double], _ axis: TiltAxis) -> Placement? {
    let (c, s) = ((numbers[0] + numbers[3]) / 2, (numbers[1] - numbers[2]) / 2)
    let size = (c * c + s * s).squareRoot()
    let (stretch, shear) = (abs(numbers[0] - numbers[3]), abs(numbers[1] + numbers[2]))
    guard max(stretch, shear) < 2e-3 * size else { return nil }
    let (x, y) = (numbers[4], -numbers[5])
    let placement = Placement(
      across: axis == .y ? x : -y, along: axis == .y ? y : x, rotation: .atan2(y: s, x: c),
      magnification: size)
    return placement.isUsable ? placement : nil
  }
}
