import CCrypto

/// SHA-256 of bytes as they come. Speed: about 1 to 2 GB/s where the processor knows SHA.
@safe
final class Digest {
  private let context: OpaquePointer

  init() {
    guard let context = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    else { fatalError("libcrypto gave no SHA-256") }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  func add(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { raw in
      _ = unsafe EVP_DigestUpdate(context, raw.baseAddress, raw.count)
    }
  }

  /// 64 hexadecimal digits; nothing can be added afterwards.
  consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    _ = unsafe EVP_DigestFinal_ex(context, &digest, &length)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// The SHA-256 of bytes in memory, as 64 hexadecimal digits.
package func sha256(of bytes: [UInt8]) -> String {
  let digest = Digest()
  digest.add(bytes.span)
  return digest.finish()
}
