import CCrypto
import Foundation

/// The SHA-256 of a file, as 64 hexadecimal digits, read in blocks.
package enum SHA256 {
  private static let blockLength = 1 << 20

  /// - Throws: ``WorkflowError/unreadable(path:reason:)``
  package static func hash(fileAt path: String) throws -> String {
    guard !isFolder(path), let file = FileHandle(forReadingAtPath: path) else {
      throw WorkflowError.unreadable(path: path, reason: "it cannot be opened")
    }
    defer { try? file.close() }
    guard let context = unsafe EVP_MD_CTX_new() else {
      throw WorkflowError.unreadable(path: path, reason: "libcrypto gave no memory")
    }
    defer { unsafe EVP_MD_CTX_free(context) }
    var isSound = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    while let block = try file.read(upToCount: blockLength), !block.isEmpty {
      unsafe block.withUnsafeBytes { bytes in
        isSound = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 && isSound
      }
    }
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    isSound = unsafe EVP_DigestFinal_ex(context, &digest, &length) == 1 && isSound
    guard isSound, length == 32 else {
      throw WorkflowError.unreadable(path: path, reason: "libcrypto could not hash it")
    }
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
