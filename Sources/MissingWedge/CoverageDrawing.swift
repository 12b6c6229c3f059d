import Fields
package import Plots
package import Projection
import RealModule

/// The plane (kx, kz) of Fourier space as SVG: each projection a line, what is missing hatched.
///
/// kx points to the right and kz downwards, as x and z do in slices. The circle is the Nyquist frequency.
package struct CoverageDrawing: Sendable {
  package let svg: String

  private static let size = 520
  private static let radius = 200.0
  private static let centre = 260.0

  /// - Parameter degrees: one angle per tilt, for the title.
  package init(_ coverage: TiltCoverage, degrees: [Double]) {
    let (low, high) = (degrees.min() ?? 0, degrees.max() ?? 0)
    let title = "\(degrees.count) tilts, \(low.digits(4))° to \(high.digits(4))°"
    let (directions, c, r) = (coverage.directions, Self.centre, Self.radius)
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.size)" height="\(Self.size)" \
      viewBox="0 0 \(Self.size) \(Self.size)" font-family="sans-serif" font-size="13">
      <!-- generator: voxtilt -->
      """,
      #"<rect width="100%" height="100%" fill="white"/>"#,
      """
      <defs><pattern id="voxtilt-missing" width="7" height="7" patternUnits="userSpaceOnUse" \
      patternTransform="rotate(45)"><rect width="7" height="7" fill="#f6ddcf"/>\
      <line x1="0" y1="0" x2="0" y2="7" stroke="#D55E00" stroke-width="2"/></pattern></defs>
      """,
      Self.text(title, x: c, y: 22, size: 15),
    ]
    for hole in directions.holes {
      let begin = directions.angles[hole]
      for start in [begin, begin + .pi] {
        lines.append(Self.sector(from: start, to: start + directions.gaps[hole]))
      }
    }
    for angle in directions.angles {
      let (x, y) = (r * Double.cos(angle), r * Double.sin(angle))
      lines.append(
        """
        <line x1="\(Self.short(c - x))" y1="\(Self.short(c - y))" x2="\(Self.short(c + x))" \
        y2="\(Self.short(c + y))" stroke="#0072B2" stroke-width="0.8"/>
        """)
    }
    lines.append(
      #"<circle cx="\#(c)" cy="\#(c)" r="\#(r)" fill="none" stroke="black" stroke-width="1.2"/>"#)
    lines += [
      Self.text("kx", x: c + r + 24, y: c + 5),
      Self.text("kx across the tilt axis, kz along the beam", x: c, y: c + r + 22),
      Self.text(
        "lines: \(directions.angles.count) measured directions · hatched: missing, "
          + "\(Self.short(100 * coverage.missingFraction)) %",
        x: c, y: c + r + 46),
    ]
    lines.append("</svg>\n")
    svg = lines.joined(separator: "\n")
  }

  private static func sector(from start: Double, to end: Double) -> String {
    let place = { (angle: Double) in
      "\(short(centre + radius * Double.cos(angle))) \(short(centre + radius * Double.sin(angle)))"
    }
    return """
      <path d="M \(centre) \(centre) L \(place(start)) A \(radius) \(radius) 0 \
      \(end - start > .pi ? 1 : 0) 1 \(place(end)) Z" fill="url(#voxtilt-missing)" stroke="none"/>
      """
  }

  private static func text(_ words: String, x: Double, y: Double, size: Int = 13) -> String {
    #"<text x="\#(x)" y="\#(y)" text-anchor="middle" font-size="\#(size)">\#(words)</text>"#
  }

  /// Two decimals.
  private static func short(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

extension Picture {
  /// The same as a square picture: white where Fourier space is sampled, grey where it is missing, with
  /// the measured lines in black. Outside the Nyquist frequency all is a shade darker.
  package init(_ coverage: TiltCoverage, size: Int) {
    let half = Double(size - 1) / 2
    var field = FloatStorage(zeros: size * size)
    var values = field.mutableSpan
    for row in 0..<size {
      for column in 0..<size {
        let (x, z) = (Double(column) - half, Double(row) - half)
        let isSampled = coverage.depth(kx: x, kz: z) >= -1e-9
        let isLine = coverage.directions.angles.contains {
          abs(z * Double.cos($0) - x * Double.sin($0)) < 0.5
        }
        let shade: Float = isLine ? 0 : isSampled ? 1 : 0.55
        let isInside = x * x + z * z <= half * half
        values[row * size + column] = isInside ? shade : shade * 0.8
      }
    }
    self.init(field.span, width: size, limits: 0...1)
  }
}
