import Files
import Foundation
import StackIO
import Testing

/// Small stacks of other writers in all spellings of the formats, see `Variations/make_variations.py`: what is whole is
/// read exactly, and what contradicts itself is named or refused.
@Suite("Stacks of other writers")
struct VariationTests {
  @Test("all of them are there")
  func count() {
    #expect(Variation.all.count == 441)
  }

  @Test("a whole stack is read exactly, with its facts", arguments: Variation.all.filter(\.isWhole))
  func exact(variation: Variation) throws {
    let expected = try #require(variation.exact)
    let scratch = try Scratch()
    let (info, values) = try allPages(try variation.write(to: scratch))
    #expect([info.shape.pageCount, info.shape.rowCount, info.shape.columnCount] == expected.shape)
    #expect(Variation.hash(values) == expected.sha256, "other values")
    // What the file does not tell is not known.
    #expect(isNear([info.pixelSize], [expected.pixelSize], 1e-5))
    #expect(isNear([info.rowSpacing], [expected.rowSpacing ?? expected.pixelSize], 1e-5))
    if let spacing = expected.pageSpacing { #expect(isNear([info.pageSpacing], [spacing], 1e-5)) }
    #expect(isNear(info.tilts?.degrees ?? [], expected.tilts ?? [], 1e-5))
    #expect(isNear(info.exposureDoses ?? [], expected.doses ?? [], 1e-3))
    #expect(isNear([info.axisAngle?.value], [expected.axisAngle], 1e-6))
    #expect((info.hyperstack?.channelCount ?? 1) == (expected.channels ?? 1))
    let said = (info.notes.map { "\($0)" } + info.tiltFaults.map { "\($0)" }).joined(separator: " ")
    if expected.quiet == true { #expect(said.isEmpty) }
    if let words = expected.notes {
      #expect(words.contains { said.localizedCaseInsensitiveContains($0) })
    }
  }

  @Test(
    "a single contradiction is named or refused, by its cause",
    arguments: Variation.all.filter { !$0.isWhole })
  func contradiction(variation: Variation) throws {
    let expected = try #require(variation.contradiction)
    let scratch = try Scratch()
    let path = try variation.write(to: scratch)
    var said: String
    var isRefused = false
    do {
      let info = try allPages(path).info
      said = (info.notes.map { "\($0)" } + info.tiltFaults.map { "\($0)" }).joined(separator: " ")
      // The angles are compared where they are chosen.
      if let first = info.toldTilts.first {
        for other in info.toldTilts.dropFirst() {
          if let fault = failure({ try first.checked(against: other) }) { said += " \(fault)" }
        }
      }
    } catch {
      (said, isRefused) = ("\(error)", true)
    }
    #expect(
      expected.words.contains { $0.isEmpty || said.localizedCaseInsensitiveContains($0) },
      "said '\(said)', expected one of \(expected.words)")
    #expect(expected.kind != "refused" || isRefused)
    #expect(expected.kind != "named" || !isRefused)
  }

  private func isNear(_ found: [Double?], _ expected: [Double?], _ tolerance: Double) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { one, other in
        guard let one, let other else { return one == nil && other == nil }
        return abs(one - other) <= tolerance * max(1e-2, abs(other))
      }
  }
}

/// One small stack, the files beside it, and what is expected of it.
struct Variation: Decodable, Sendable, CustomTestStringConvertible {
  struct Part: Decodable {
    let name: String
    let offset: Int
    let count: Int
    /// Places, and how many zeros were left out there.
    let zeros: [[Int]]?
  }
  struct Exact: Decodable {
    let shape: [Int]
    let sha256: String
    let (pixelSize, rowSpacing, pageSpacing): (Double?, Double?, Double?)
    let (tilts, doses): ([Double]?, [Double]?)
    let channels: Int?
    /// Degrees from vertical.
    let axisAngle: Double?
    let quiet: Bool?
    let notes: [String]?
  }
  struct Contradiction: Decodable {
    let words: [String]
    let kind: String
  }

  let name: String
  let main: String
  let files: [Part]
  let exact: Exact?
  let contradiction: Contradiction?

  var isWhole: Bool { exact != nil }
  var testDescription: String { name }

  private static let folder =
    (Bundle.module.resourceURL ?? URL(fileURLWithPath: ".")).appendingPathComponent("Variations")
  private static let bytes =
    (try? Data(contentsOf: folder.appendingPathComponent("variations.bin"))) ?? Data()

  static let all: [Variation] = {
    struct List: Decodable { let cases: [Variation] }
    let text = (try? Data(contentsOf: folder.appendingPathComponent("variations.json"))) ?? Data()
    return (try? JSONDecoder().decode(List.self, from: text))?.cases ?? []
  }()

  /// Writes the files; the path of the stack.
  func write(to scratch: Scratch) throws -> String {
    for part in files {
      var data = Self.bytes.subdata(in: part.offset..<part.offset + part.count)
      for run in part.zeros ?? [] { data.insert(contentsOf: Data(count: run[1]), at: run[0]) }
      try data.write(to: URL(fileURLWithPath: scratch.path(part.name)))
    }
    return scratch.path(main)
  }

  /// The SHA-256 of values as little-endian floats.
  static func hash(_ values: [Float]) -> String {
    values.withUnsafeBytes { unsafe sha256(of: Array($0)) }
  }
}
