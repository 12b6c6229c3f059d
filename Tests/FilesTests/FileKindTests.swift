import Errors
import Files
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FileKindTests {
  private func refusal(of path: String) -> FileError? {
    do throws(FileError) {
      _ = try InputFile.contents(of: path)
      return nil
    } catch {
      return error
    }
  }

  @Test("A folder, a pipe and a device are refused by their kind, also behind a link")
  func kinds() throws {
    let bench = try Bench()
    #expect(unsafe mkfifo(bench.path("pipe"), 0o600) == 0)
    for (path, kind) in [
      (bench.folder.path, FileKind.folder), (bench.path("pipe"), .pipe), ("/dev/null", .device),
    ] {
      #expect(refusal(of: path) == .notAFile(path: path, kind))
      let link = bench.path("link-\(kind)")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      #expect(refusal(of: link) == .notAFile(path: link, kind))
    }
  }

  @Test("A pipe that somebody holds open for writing is not waited for")
  func openPipe() throws {
    let pipe = Pipe()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(refusal(of: path) == .notAFile(path: path, .pipe))
    try pipe.fileHandleForWriting.close()
  }

  @Test("A socket cannot be opened and is still told as one")
  func socketFile() throws {
    let bench = try Bench()
    let path = bench.path("socket")
    #expect(unsafe mknod(path, mode_t(S_IFSOCK) | 0o600, 0) == 0)
    #expect(refusal(of: path) == .notAFile(path: path, .socket))
  }

  @Test("Each kind has a sentence of its own that says what to do, and counts as no input")
  func words() {
    let errors = FileKind.allCases.map { FileError.notAFile(path: "x", $0) }
    #expect(Set(errors.map(\.description)).count == FileKind.allCases.count)
    #expect(errors.allSatisfy { $0.category == .noInput })
    #expect("\(errors[0])" == "'x' is a folder. Give a file in it.")
    #expect(
      "\(errors[1])"
        == "'x' is a pipe, and files are read at random positions. Save its data to a file and give that."
    )
  }
}
