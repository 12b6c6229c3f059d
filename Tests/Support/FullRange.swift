/// −90° to 88° by 2°.
public let fullRange = (0..<90).map { Double(2 * $0 - 90) }
/// −α to α by `step` degrees.
public func tilts(to limit: Double, step: Double) -> [Double] {
  Array(stride(from: -limit, through: limit, by: step))
}
