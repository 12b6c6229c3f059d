public import Foundation

/// Where the package lies.
public let packageFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../..").standardized
