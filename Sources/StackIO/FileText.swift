import Files

extension FileError {
  /// Runs what reads or writes a file of a stack; its failure is one of the stack.
  static func inStack<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(StackError) -> Result {
    do { return try body() } catch { throw .file(error) }
  }
}

/// The whole file as text, with its fingerprint; bytes that are not UTF-8 become replacement characters.
func text(
  of path: String
) throws(StackError) -> (text: String, fingerprint: Fingerprint) {
  let (bytes, fingerprint) = try FileError.inStack { () throws(FileError) in
    try InputFile.contents(of: path)
  }
  guard !bytes.isEmpty else { throw .empty(path: path) }
  return (String(decoding: bytes, as: UTF8.self), fingerprint)
}

/// A finite number in decimal digits; `nil` for hexadecimal ones and words like "inf".
func decimalNumber(_ text: some StringProtocol) -> Double? {
  guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(text) else {
    return nil
  }
  return value.isFinite ? value : nil
}
