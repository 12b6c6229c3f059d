public import Fields

/// A map `D` that takes noise out of a volume: of your own, to stand in the place of a penalty (``PlugAndPlay``).
///
/// Volumes are laid out as the unknown of the model, `[slab][z][x][lane]`; padding lanes are zero and must stay so.
public protocol Denoiser: Sendable {
  /// Floats of each field that is carried from call to call, all zeros before the first; none by default.
  var stateCounts: [Int] { get }
  /// Whether `D` is linear once it is frozen; false by default.
  var isLinear: Bool { get }

  /// `y ← D(x)`
  ///
  /// - Throws: anything; the solver ends with ``InversionError/denoiser(_:)`` and its description.
  func denoise(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, state: inout [FloatStorage]) throws

  /// Keeps `D` as it is in all further calls, where it follows what it is given; does nothing by default.
  func freeze(_ state: inout [FloatStorage])
}

extension Denoiser {
  /// None.
  public var stateCounts: [Int] { [] }
  /// False.
  public var isLinear: Bool { false }
  /// Nothing.
  public func freeze(_ state: inout [FloatStorage]) {}
}
