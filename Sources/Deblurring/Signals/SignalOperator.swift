import DenseAlgebra
package import Imaging

/// What a signal was measured through.
package enum SignalOperator: Sendable, Hashable {
  /// A Gaussian of this standard deviation.
  case gaussian(Length)
  /// A CSV file: one column (or row) is a point spread with its centre in the middle, a table is the
  /// operator itself, one row a sample of the measurement.
  case file(String)

  /// `gaussian:3px`, or a path.
  ///
  /// - Returns: `nil` for a Gaussian whose width cannot be read.
  package init?(_ text: String) {
    guard text.hasPrefix("gaussian:") else {
      self = .file(text)
      return
    }
    guard let width = Length(String(text.dropFirst("gaussian:".count))) else { return nil }
    self = .gaussian(width)
  }

  package var path: String? {
    if case .file(let path) = self { path } else { nil }
  }

  /// How the ends are continued, how the operator is scaled, and how far samples are apart.
  package struct Frame {
    package let count: Int
    package let ends: Ends
    /// Row sums of 1 for a Gaussian and as it is for a file where it is `nil`.
    package let scale: Blur.Scale?
    /// nm
    package let step: Double?

    package init(count: Int, ends: Ends, scale: Blur.Scale?, step: Double?) {
      (self.count, self.ends, self.scale, self.step) = (count, ends, scale, step)
    }
  }

  /// The operator, and what it is in a few facts for the sidecar.
  package func blur(_ frame: Frame) throws -> (Blur, facts: [String: String]) {
    switch self {
    case .gaussian(let width):
      let (sigma, scale) = (try width.pixels(step: frame.step), frame.scale ?? .rowSum)
      let blur = try Blur(
        gaussian: sigma, count: frame.count, ends: frame.ends, scale: scale)
      return (
        blur,
        [
          "psf": "gaussian", "psfSigma": "\(sigma) px", "ends": frame.ends.rawValue,
          "scale": scale.rawValue,
        ]
      )
    case .file(let path):
      let (table, scale) = (try NumberTable(reading: path).withoutRowNumbers, frame.scale ?? .asIs)
      guard table.columnCount > 1 && table.rowCount > 1 else {
        let blur = try Blur(
          kernel: table.values, count: frame.count, ends: frame.ends, scale: scale)
        return (blur, ["psf": path, "ends": frame.ends.rawValue, "scale": scale.rawValue])
      }
      return (try Blur(table, scale: scale), ["operator": path, "scale": scale.rawValue])
    }
  }
}
