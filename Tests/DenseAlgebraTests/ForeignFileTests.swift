import DenseAlgebra
import Foundation
import TestSupport
import Testing

@Suite("ForeignFile")
struct ForeignFileTests {
  private func kind(_ bytes: [UInt8]) throws -> ForeignFile? {
    let bench = try Bench()
    let path = bench.path("data.csv")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    do throws(DenseError) {
      _ = try NumberTable(reading: path)
      return nil
    } catch {
      guard case .foreign(path, let kind) = error else { return nil }
      return kind
    }
  }

  @Test(
    "what is no table is known by how it begins",
    arguments: [
      ("#FORMAT      : EMSA/MAS Spectral Data File\r\n#VERSION     : 1.0\r\n1, 2,\r\n", .emsa),
      ("\u{FEFF}\n#format : emsa/mas spectral data file\n", .emsa), ("  {\"counts\": [1]}", .json),
      ("[1, 2]", .json), ("<?xml version=\"1.0\"?>", .markup),
    ] as [(String, ForeignFile)])
  func texts(text: String, expected: ForeignFile) throws {
    #expect(try kind(Array(text.utf8)) == expected)
  }

  @Test(
    "and so are files that are no text",
    arguments: [
      ([0xFF, 0xFE, 0x31, 0], .wideText), ([0x49, 0x49, 0x2A, 0], .tiff),
      ([0x50, 0x4B, 3, 4], .archive), ([0x89, 0x48, 0x44, 0x46], .hdf5),
      ([0, 0, 0, 3], .digitalMicrograph),
    ] as [([UInt8], ForeignFile)])
  func bytes(bytes: [UInt8], expected: ForeignFile) throws {
    #expect(try kind(bytes) == expected)
  }

  @Test(
    "a comment about a format is a comment, and names of columns are names",
    arguments: [
      "#FORMAT: energy, counts\n1,2\n", "# EMSA export\n1,2\n", "energy_eV,counts\n1,2\n",
    ])
  func tables(text: String) throws { #expect(try kind(Array(text.utf8)) == nil) }
}
