import Fields
import Foundation
import Inversion
import StackIO

/// A ``DenoiserProgram`` as a denoiser, through files of a folder of its own that is removed after each call.
struct ProgramDenoiser: Denoiser {
  private let command: String
  private let σ: Double
  private let shape: SlabShape
  private let isCancelled: @Sendable () -> Bool

  init(
    _ program: DenoiserProgram, σ: Double, _ shape: SlabShape,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) {
    (command, self.σ, self.shape, self.isCancelled) = (program.command, σ, shape, isCancelled)
  }

  func denoise(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, state: inout [FloatStorage]
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "voxtilt-denoiser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (
      folder.appending(path: "input.mrc"), folder.appending(path: "output.mrc")
    )
    try write(x, to: input.path)
    try run(input.path, output.path, log: folder.appending(path: "log"))
    try read(output.path, into: &y)
  }

  /// Pages are z, rows y and columns x.
  private var map: PageMap { PageMap(shape, axis: .y) }
  private var stack: StackShape {
    StackShape(pageCount: shape.pageCount, rowCount: map.rowCount, columnCount: map.columnCount)
  }

  private func write(_ x: Span<Float>, to path: String) throws {
    var writer = try StackWriter(path: path, shape: stack)
    var page = FloatStorage(zeros: stack.pixelsPerPage)
    for z in 0..<shape.pageCount {
      var pixels = page.mutableSpan
      map.take(page: z, from: x, into: &pixels)
      try writer.write(page.span, page: z)
    }
    _ = try writer.finish()
  }

  private func read(_ path: String, into y: inout MutableSpan<Float>) throws {
    var page = FloatStorage(zeros: stack.pixelsPerPage)
    var strange = 0
    do {
      var reader = try StackReader(path: path)
      let found = reader.info.shape
      guard found == stack else {
        throw DenoiserProgramError.size(command, found: Self.words(found), Self.words(stack))
      }
      for z in 0..<shape.pageCount {
        var pixels = page.mutableSpan
        try reader.readPage(z, into: &pixels)
        for i in pixels.indices where !pixels[i].isFinite { strange += 1 }
        map.place(page.span, page: z, into: &y)
      }
    } catch let error as StackError {
      throw DenoiserProgramError.noResult(command, reason: "\(error)")
    }
    guard strange == 0 else { throw DenoiserProgramError.nonFinite(command, count: strange) }
  }

  private static func words(_ shape: StackShape) -> String {
    "\(shape.pageCount) pages of \(shape.rowCount) × \(shape.columnCount)"
  }

  private func run(_ input: String, _ output: String, log: URL) throws {
    guard !isCancelled() else { throw DenoiserProgramError.stopped }
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let words = try FileHandle(forWritingTo: log)
    defer { try? words.close() }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    // The program has a process group of its own, so that Ctrl-C does not reach it: where there is setpriv, it ends with the
    // thread that waits for it.
    let script = """
      if setpriv --pdeathsig TERM true 2>/dev/null; then exec setpriv --pdeathsig TERM sh -c "$0" sh "$@"; fi
      exec sh -c "$0" sh "$@"
      """
    process.arguments = ["-c", script, "exec \(command) \"$@\"", input, output, "\(σ)"]
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (words, words)
    do { try process.run() } catch {
      throw DenoiserProgramError.notStarted(command, reason: error.localizedDescription)
    }
    while process.isRunning {
      guard !isCancelled() else {
        end(process)
        throw DenoiserProgramError.stopped
      }
      Thread.sleep(forTimeInterval: 0.01)
    }
    guard process.terminationStatus == 0, process.terminationReason == .exit else {
      let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      let last = said.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " / ")
      throw DenoiserProgramError.failed(
        command, status: process.terminationStatus, words: String(last.suffix(300)))
    }
  }

  /// Asks the program to end, and ends it where it does not within two seconds.
  private func end(_ process: Process) {
    process.terminate()
    for _ in 0..<200 where process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }
}
