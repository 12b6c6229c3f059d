import Foundation
public import StackIO

extension TiltAngles {
  /// The angles that a text names: `start:stop:step` in degrees, a file of angles, or a stack whose headers or sidecar
  /// contain them.
  ///
  /// - Throws: `StackError` or `FileError` where they cannot be read.
  public init(argument text: String) throws {
    let isRange = text.contains(":") && !FileManager.default.fileExists(atPath: text)
    let isStack = StackFormat(pathExtension: (text as NSString).pathExtension) != nil
    if isRange {
      try self.init(range: text)
    } else if isStack, let found = try SeriesSource.toldTilts(text) {
      self = found
    } else {
      try self.init(reading: text)
    }
  }
}
