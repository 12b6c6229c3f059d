import Files

/// Pictures and pages say themselves that voxtilt made them, since no sidecar tells of them.
enum FileMark {
  private static let marks = [
    "<!-- generator: voxtilt -->", "<meta name=\"generator\" content=\"voxtilt",
    "tEXtSoftware\0voxtilt",
  ].map { Array($0.utf8) }

  /// Whether the start of a file holds such a mark.
  static func isCarried(by path: String) -> Bool {
    guard let file = try? InputFile(path: path), let start = try? file.bytes(4096, at: 0)
    else { return false }
    return start.isEmpty || marks.contains { start.firstRange(of: $0) != nil }
  }
}
