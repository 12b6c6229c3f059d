import Foundation

/// Whether a path leads to a folder.
func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    && isFolder.boolValue
}

/// What stands before the last part of a path; empty where that is all.
///
/// `NSString.deletingLastPathComponent` ends the process where a path is a single character.
func folder(of path: String) -> String {
  guard path.count > 1 else { return path == "/" ? path : "" }
  return (path as NSString).deletingLastPathComponent
}

/// The path with links and relative parts resolved, to tell whether two name one file.
func canonical(_ path: String) -> String {
  URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
}

/// The sidecar of a result: `NAME.json` beside `NAME.tif`.
public func sidecarPath(of result: String) -> String {
  let url = URL(fileURLWithPath: result)
  let name = url.deletingPathExtension().lastPathComponent + ".json"
  let folder = folder(of: result)
  return folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
}
