import CPUGuard
import Foundation
import Testing

/// `qemu-x86_64`, which stands in for processors that are not at hand.
private let emulator: URL? = {
  #if arch(x86_64)
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { URL(fileURLWithPath: "\($0)/qemu-x86_64") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  #else
    return nil
  #endif
}()

@Suite(
  "CPUGuard",
  .enabled(if: emulator != nil, "There is no qemu-x86_64 here (Debian has it in qemu-user)."))
struct CPUGuardTests {
  @Test("a processor without AVX2 gets a sentence and code 69, or runs a portable build")
  func olderProcessor() throws {
    let (code, words) = try version(on: "Nehalem")
    if voxtilt_needs_avx2() == 1 {
      #expect(code == 69)
      #expect(words.contains("this build needs a processor with AVX2"))
    } else {
      #expect(code == 0)
    }
  }

  @Test("a processor with AVX2 runs the command")
  func newerProcessor() throws {
    #expect(try version(on: "Haswell").code == 0)
  }

  /// Runs `voxtilt --version` on an emulated processor.
  private func version(on processor: String) throws -> (code: Int32, words: String) {
    let command = Process()
    command.executableURL = emulator
    let voxtilt = Bundle.main.bundleURL.appending(path: "voxtilt").path
    command.arguments = ["-cpu", processor, voxtilt, "--version"]
    let words = Pipe()
    (command.standardOutput, command.standardError) = (FileHandle.nullDevice, words)
    try command.run()
    let said = words.fileHandleForReading.readDataToEndOfFile()
    command.waitUntilExit()
    return (command.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}
