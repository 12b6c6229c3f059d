#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder that is filled beside its place and gets its name when all of it is there.
///
/// Let go before that it is removed, and so it is when the process is ended early.
package final class OutputFolder {
  package let path: String
  /// Where files are written meanwhile.
  package let partialPath: String
  private let descriptor: Int32
  private var isWhole = false

  /// - Throws: ``FileError/cannotCreate(path:reason:)``
  package init(path: String) throws(FileError) {
    let (name, folder) = try OutputFile.create(for: path) { name in
      guard unsafe mkdir(name, 0o777) == 0 else { return -1 }
      return unsafe open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    (self.path, partialPath, descriptor) = (path, name, folder)
  }

  deinit {
    close(descriptor)
    if !isWhole { Unfinished.discard(partialPath) }
  }

  /// Gives the folder its name; every file in it is on the disk by then.
  ///
  /// - Throws: ``FileError/cannotCreate(path:reason:)`` where something has that name meanwhile.
  package func commit() throws(FileError) {
    fsync(descriptor)
    try Unfinished.change { paths throws(FileError) in
      guard FileStamp(path: path) == nil else {
        throw .cannotCreate(path: path, reason: systemMessage(EEXIST))
      }
      guard unsafe rename(partialPath, path) == 0 else {
        throw .cannotCreate(path: path, reason: systemMessage(errno))
      }
      isWhole = true
      paths.remove(partialPath)
      syncFolder(folder(of: path))
    }
  }
}
