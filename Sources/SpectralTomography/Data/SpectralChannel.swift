/// One channel of spectral data: an energy, or an element.
public struct SpectralChannel: Sendable, Hashable {
  /// eV. Low-loss axes begin below zero.
  package static let energies = -1e7...1e7

  /// eV, of the middle of the channel; `nil` for an element.
  public let energy: Double?
  /// The symbol of an element; `nil` for an energy.
  public let element: String?

  package init(energy: Double) { (self.energy, element) = (energy, nil) }
  package init(element: String) { (energy, self.element) = (nil, element) }

  /// The name in files and tables: `Fe`, or `0708.50eV`.
  public var name: String {
    if let element { return element }
    let hundredths = Int(((energy ?? 0) * 100).rounded())
    let (whole, part) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let digits = String(whole)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return (hundredths < 0 ? "-" : "") + padded + (part < 10 ? ".0" : ".") + "\(part)eV"
  }

  /// One channel an energy or an element, whichever is given.
  static func list(
    energies: [Double]?, elements: [String]?,
    _ refuse: (_ key: String, _ rule: String) -> SpectralError
  ) throws(SpectralError) -> [SpectralChannel] {
    switch (energies, elements) {
    case (let energies?, nil):
      guard !energies.isEmpty, energies.allSatisfy(Self.energies.contains) else {
        throw refuse("energies", "a list of numbers in eV, none beyond 1e7 in size")
      }
      for i in energies.indices.dropFirst() where energies[i] <= energies[i - 1] {
        throw .energyOrder(channel: i)
      }
      return energies.map { SpectralChannel(energy: $0) }
    case (nil, let elements?):
      // A name becomes part of a file's name.
      let isPlain = elements.allSatisfy { name in
        !name.isEmpty && name.utf8.count <= 32
          && name.unicodeScalars.allSatisfy {
            $0.isASCII
              && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                || "-_".unicodeScalars.contains($0))
          }
      }
      guard !elements.isEmpty, isPlain, Set(elements).count == elements.count else {
        throw refuse("elements", "a list of different names of letters and digits")
      }
      return elements.map { SpectralChannel(element: $0) }
    default: throw refuse("energies", "there, or \"elements\" instead, not both")
    }
  }
}
