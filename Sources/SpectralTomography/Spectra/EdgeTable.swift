/// Where the ionisation edges of common elements begin.
///
/// - Reference: R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed.
///   (2011), appendix D; whole eV.
package enum EdgeTable {
  /// An ionisation edge.
  package struct Edge: Sendable, Hashable {
    package let element: String
    package let shell: String
    /// eV
    package let energy: Double
  }

  package static let edges: [Edge] = [
    .init(element: "Li", shell: "K", energy: 55), .init(element: "Be", shell: "K", energy: 111),
    .init(element: "B", shell: "K", energy: 188), .init(element: "C", shell: "K", energy: 284),
    .init(element: "N", shell: "K", energy: 401), .init(element: "O", shell: "K", energy: 532),
    .init(element: "F", shell: "K", energy: 685), .init(element: "Na", shell: "K", energy: 1072),
    .init(element: "Mg", shell: "K", energy: 1305), .init(element: "Al", shell: "K", energy: 1560),
    .init(element: "Si", shell: "L23", energy: 99), .init(element: "Si", shell: "K", energy: 1839),
    .init(element: "P", shell: "L23", energy: 132), .init(element: "S", shell: "L23", energy: 165),
    .init(element: "Cl", shell: "L23", energy: 200), .init(element: "K", shell: "L23", energy: 294),
    .init(element: "Ca", shell: "L23", energy: 346),
    .init(element: "Ti", shell: "L23", energy: 456),
    .init(element: "V", shell: "L23", energy: 513), .init(element: "Cr", shell: "L23", energy: 575),
    .init(element: "Mn", shell: "L23", energy: 640),
    .init(element: "Fe", shell: "L23", energy: 708),
    .init(element: "Co", shell: "L23", energy: 779),
    .init(element: "Ni", shell: "L23", energy: 855),
    .init(element: "Cu", shell: "L23", energy: 931),
    .init(element: "Zn", shell: "L23", energy: 1020),
    .init(element: "Ga", shell: "L23", energy: 1115),
    .init(element: "Ge", shell: "L23", energy: 1217),
    .init(element: "As", shell: "L23", energy: 1323),
    .init(element: "Se", shell: "L23", energy: 1436),
    .init(element: "Sr", shell: "L23", energy: 1940),
    .init(element: "Zr", shell: "L23", energy: 2222),
    .init(element: "Pd", shell: "M45", energy: 335),
    .init(element: "Ag", shell: "M45", energy: 367),
    .init(element: "Cd", shell: "M45", energy: 404),
    .init(element: "In", shell: "M45", energy: 443),
    .init(element: "Sn", shell: "M45", energy: 485),
    .init(element: "Ba", shell: "M45", energy: 781),
    .init(element: "La", shell: "M45", energy: 832),
    .init(element: "Ce", shell: "M45", energy: 883),
    .init(element: "Nd", shell: "M45", energy: 978),
    .init(element: "Gd", shell: "M45", energy: 1185),
    .init(element: "Pt", shell: "M45", energy: 2122),
    .init(element: "Au", shell: "M45", energy: 2206),
  ]

  /// The edge of an element: `Fe`, or `Si-K` where it has several; the lowest one that `axis` holds
  /// where it is not said.
  ///
  /// - Throws: ``SpectralError/elementUnknown(_:known:)``
  package static func edge(
    _ name: String, on axis: ClosedRange<Double>
  ) throws(SpectralError) -> Edge {
    let parts = name.split(separator: "-", maxSplits: 1)
    let found = edges.filter {
      $0.element == parts.first ?? "" && (parts.count == 1 || $0.shell == parts[1])
    }
    guard let first = found.first else {
      var known: [String] = []
      for edge in edges where known.last != edge.element { known.append(edge.element) }
      throw .elementUnknown(name, known: known)
    }
    return found.first { axis.contains($0.energy) } ?? first
  }
}

/// Where the background before an edge is fitted, and where the edge is summed up.
///
///     background: E − min(120, E/5) … E − max(4, E/50)
///     signal:     E … E + min(100, max(20, E/7))           all in eV
public struct ElementWindows: Sendable, Hashable {
  /// The element, such as `Fe` or `Si-K`: the name of its volume.
  public let name: String
  /// Where the edge begins, in eV.
  public let edge: Double
  /// Where the background is fitted, in eV.
  public let background: ClosedRange<Double>
  /// Where the edge is summed, in eV.
  public let signal: ClosedRange<Double>

  /// Windows of your own, in eV.
  public init(
    name: String, edge: Double, background: ClosedRange<Double>, signal: ClosedRange<Double>
  ) {
    (self.name, self.edge, self.background, self.signal) = (name, edge, background, signal)
  }

  /// The usual windows of an element: `Fe`, or `Si-K` where it has several edges; otherwise the lowest edge on the axis.
  ///
  /// - Parameter axis: the energies of the channels, in eV.
  /// - Throws: ``SpectralError`` where it is not known or the axis does not hold both windows.
  public init(_ name: String, on axis: ClosedRange<Double>) throws(SpectralError) {
    let edge = try EdgeTable.edge(name, on: axis)
    let e = edge.energy
    (self.name, self.edge) = (name, e)
    background = e - min(120, e / 5)...e - max(4, e / 50)
    signal = e...e + min(100, max(20, e / 7))
    let whole = background.lowerBound...signal.upperBound
    guard axis.lowerBound <= whole.lowerBound, axis.upperBound >= whole.upperBound else {
      throw .elementOutside(name, window: whole, axis: axis)
    }
  }
}
