import Foundation
import Testing
import Workflow

@Suite struct SHA256Tests {
  @Test(
    "Known vectors of FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func vectors(text: String, hash: String) throws {
    let desk = try Desk()
    try desk.write(text, to: "text")
    #expect(try SHA256.hash(fileAt: desk.path("text")) == hash)
  }

  @Test("A million letters a go through in blocks")
  func blocks() throws {
    let desk = try Desk()
    try desk.write(String(repeating: "a", count: 1_000_000), to: "text")
    #expect(
      try SHA256.hash(fileAt: desk.path("text"))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("What cannot be read is named")
  func unreadable() throws {
    let desk = try Desk()
    for path in [desk.path("none"), desk.folder.path] {
      #expect(throws: WorkflowError.unreadable(path: path, reason: "it cannot be opened")) {
        try SHA256.hash(fileAt: path)
      }
    }
  }
}
