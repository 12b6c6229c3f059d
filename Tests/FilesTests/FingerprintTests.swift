import Files
import Foundation
import TestSupport
import Testing

@Suite struct FingerprintTests {
  @Test(
    "Known vectors of FIPS 180-4, from memory and from a file",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func vectors(text: String, hash: String) throws {
    let bench = try Bench()
    #expect(sha256(of: Array(text.utf8)) == hash)
    #expect(try Fingerprint(path: bench.write(text, to: "text")).sha256 == hash)
  }

  @Test("A million letters a go through in blocks, also behind what is read")
  func blocks() throws {
    let bench = try Bench()
    let path = try bench.write(String(repeating: "a", count: 1_000_000), to: "text")
    let hash = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(try Fingerprint(path: path).sha256 == hash)
    let file = try InputFile(path: path)
    for end in [1, 700_000, 300_000, 999_999] { try file.hash(through: end) }
    #expect(try file.fingerprint().sha256 == hash)
  }

  @Test("What is missing or too long is named")
  func refusals() throws {
    let bench = try Bench()
    #expect(throws: FileError.missing(path: bench.path("none"))) {
      try InputFile(path: bench.path("none"))
    }
    let path = try bench.write("12345", to: "five")
    #expect(throws: FileError.tooLong(path: path, byteCount: 5, limit: 4)) {
      try InputFile.contents(of: path, limit: 4)
    }
  }

  @Test("A file that is written to, cut or replaced has changed")
  func changes() throws {
    let bench = try Bench()
    func check(_ change: (String) throws -> Void) throws {
      let path = try bench.write("before it", to: "in")
      let used = try Fingerprint(path: path)
      #expect(try used.verify())
      try change(path)
      #expect(throws: FileError.changed(path: path)) { try used.verify() }
    }
    try check { _ in
      try bench.write("after it!", to: "new")
      try FileManager.default.removeItem(atPath: bench.path("in"))
      try FileManager.default.moveItem(atPath: bench.path("new"), toPath: bench.path("in"))
    }
    try check { path in
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.truncate(atOffset: 3)
      try file.close()
    }
    try check { path in
      // Other bytes, the same length and the same time.
      let old = try FileManager.default.attributesOfItem(atPath: path)
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.write(contentsOf: Data("other!".utf8))
      try file.close()
      try FileManager.default.setAttributes(
        [.modificationDate: old[.modificationDate] as Any], ofItemAtPath: path)
    }
  }

  @Test("A file that changes while it is read is not taken for whole")
  func duringReading() throws {
    let bench = try Bench()
    let path = try bench.write(String(repeating: "a", count: 100), to: "in")
    let file = try InputFile(path: path)
    try file.hash(through: 50)
    let other = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try other.truncate(atOffset: 60)
    try other.close()
    #expect(throws: FileError.changed(path: path)) { try file.fingerprint() }
  }

  @Test("Another name, other permissions and removal change no bytes")
  func names() throws {
    let bench = try Bench()
    let path = try bench.write("text", to: "in")
    let used = try Fingerprint(path: path)
    try FileManager.default.linkItem(atPath: path, toPath: bench.path("second"))
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
    #expect(try used.verify())
    try FileManager.default.removeItem(atPath: path)
    #expect(try !used.verify())
  }
}
