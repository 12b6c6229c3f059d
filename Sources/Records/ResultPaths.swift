package import Files
import Foundation

/// Whether a path leads to a folder.
package func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    && isFolder.boolValue
}

/// The path with links and relative parts resolved, to tell whether two name one file.
package func canonical(_ path: String) -> String {
  URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
}

/// The sidecar of a result: `NAME.json` beside `NAME.tif`.
package func sidecarPath(of result: String) -> String { basePath(of: result) + ".json" }

/// A result's path without its ending.
package func basePath(of result: String) -> String {
  let name = URL(fileURLWithPath: result).deletingPathExtension().lastPathComponent
  return path(name, in: folder(of: result))
}

/// The path of a name in a folder; the name alone where the folder is empty.
package func path(_ name: String, in folder: String) -> String {
  folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
}

/// Refuses a file that cannot be created, before there is anything to write.
///
/// - Throws: `FileError.cannotCreate`
package func checkFolder(of path: String) throws(FileError) {
  let parent = folder(of: path)
  let folder = parent.isEmpty ? "." : parent
  let reason: String? =
    if path.isEmpty {
      "it has no name"
    } else if (path as NSString).lastPathComponent.utf8.count > 255 {
      "its name is longer than 255 bytes"
    } else if isFolder(path) {
      "it is a folder"
    } else if !isFolder(folder) {
      "the folder '\(folder)' does not exist"
    } else if !FileManager.default.isWritableFile(atPath: folder) {
      "'\(folder)' is not writable"
    } else {
      nil
    }
  if let reason { throw .cannotCreate(path: path, reason: reason) }
}
