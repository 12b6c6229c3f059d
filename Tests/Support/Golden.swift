public import Foundation

/// The little-endian floats of a golden file in the test bundle.
public func goldenFloats(_ name: String, in bundle: Bundle) throws -> [Float] {
  let data = try Data(contentsOf: bundle.bundleURL.appending(path: "Golden/" + name))
  return stride(from: 0, to: data.count, by: 4).map { offset in
    let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) }
    return Float(bitPattern: bits)
  }
}
