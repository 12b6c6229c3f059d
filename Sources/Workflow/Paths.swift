import Foundation

/// Whether a path leads to a folder.
func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    && isFolder.boolValue
}

/// The path with links and relative parts resolved, to tell whether two name one file.
func canonical(_ path: String) -> String {
  URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
}

/// The sidecar of a result: `NAME.json` beside `NAME.tif`.
public func sidecarPath(of result: String) -> String {
  let url = URL(fileURLWithPath: result)
  let name = url.deletingPathExtension().lastPathComponent + ".json"
  let folder = (result as NSString).deletingLastPathComponent
  return folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
}
