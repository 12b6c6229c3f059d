import RealModule

/// Where values lie along an axis, and where its ticks are.
struct AxisMap {
  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  let ticks: [Tick]
  private let scale: Chart.Axis.Scale
  private let (lower, upper): (Double, Double)

  init(_ axis: Chart.Axis, values: [Double]) {
    let (smallest, largest) = (values.min() ?? 0, values.max() ?? 1)
    scale = axis.scale
    switch scale {
    case .linear:
      let wide = Self.widened(axis.limits ?? smallest...largest)
      let steps = Self.linearSteps(wide)
      let inside = axis.limits == nil ? steps.outer : steps.inner
      let bounds = axis.limits == nil ? steps.bounds : wide
      (lower, upper) = (bounds.lowerBound, bounds.upperBound)
      ticks = inside
    case .logarithmic:
      let range = axis.limits ?? smallest...largest
      precondition(range.lowerBound > 0, "a logarithmic axis begins above zero")
      let marks = Self.logarithmicMarks(range)
      let first = marks.last { $0 <= range.lowerBound } ?? range.lowerBound
      let last = marks.first { $0 >= range.upperBound && $0 > first } ?? range.upperBound
      let bounds = axis.limits ?? first...last
      (lower, upper) = (.log10(bounds.lowerBound), .log10(bounds.upperBound))
      ticks = marks.filter(bounds.contains).map { Tick(value: $0, label: plain($0)) }
    }
  }

  /// The place of `value` between 0 (start of the axis) and 1 (its end).
  func fraction(_ value: Double) -> Double {
    ((scale == .linear ? value : .log10(value)) - lower) / (upper - lower)
  }

  /// The range, or one about it where it is too short for its numbers to be told apart.
  private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    guard largest >= 1e-290 else { return -0.5...0.5 }
    guard range.upperBound - range.lowerBound < 1e-9 * largest else { return range }
    return range.lowerBound - largest / 2...range.upperBound + largest / 2
  }

  /// Ticks 1, 2 or 5 times a power of ten apart, four to nine of them: those inside `range`, those
  /// that enclose it, and the range of the latter.
  private static func linearSteps(
    _ range: ClosedRange<Double>
  ) -> (inner: [Tick], outer: [Tick], bounds: ClosedRange<Double>) {
    let raw = (range.upperBound - range.lowerBound) / 7
    let exponent = Int(Double.log10(raw).rounded(.down))
    let mantissa = [1, 2, 5].first { decimal($0, exponent: exponent) >= raw } ?? 10
    let step = decimal(mantissa, exponent: exponent)
    // A hair of tolerance, so that a limit of 0.3 is the third step of 0.1.
    let first = Int((range.lowerBound / step + 1e-9).rounded(.down))
    let last = Int((range.upperBound / step - 1e-9).rounded(.up))
    let outer = (first...max(last, first + 1)).map { i in
      let value = decimal(i * mantissa, exponent: exponent)
      return Tick(value: value, label: plain(value))
    }
    let margin = step * 1e-9
    let inner = outer.filter {
      $0.value >= range.lowerBound - margin && $0.value <= range.upperBound + margin
    }
    return (inner, outer, outer[0].value...outer[outer.count - 1].value)
  }

  /// Powers of ten that enclose `range`, with their doubles and quintuples where they are few.
  private static func logarithmicMarks(_ range: ClosedRange<Double>) -> [Double] {
    let first = Int(Double.log10(range.lowerBound).rounded(.down))
    let last = Int(Double.log10(range.upperBound).rounded(.up))
    let decades = max(1, last - first)
    let stride = (decades + 7) / 8
    let mantissas = decades <= 2 ? [1, 2, 5] : [1]
    return Swift.stride(
      from: first, through: first + (decades + stride) / stride * stride, by: stride
    )
    .flatMap { exponent in mantissas.map { decimal($0, exponent: exponent) } }
  }
}
