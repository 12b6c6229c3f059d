/// A chemical element, by its symbol.
public struct ChemicalElement: Sendable, Hashable {
  /// The symbol, such as `Au`.
  public let symbol: String
  /// Z, 1 to 96.
  public let atomicNumber: Int
  /// What HAADF sees of a concentration of 1, against the other elements; `nil` for Z^γ. Give it for every element or none,
  /// unless all maps have a scale.
  public var weight: Double?

  private static let symbols = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr \
    Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm \
    Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm
    """.split(separator: " ").map { String($0) }

  /// The element of a symbol, H to Cm; upper and lower case count.
  ///
  /// - Throws: ``FusionError/unknownElement(_:)`` for any other text.
  public init(_ symbol: String) throws(FusionError) {
    guard let index = Self.symbols.firstIndex(of: symbol) else { throw .unknownElement(symbol) }
    (self.symbol, atomicNumber) = (symbol, index + 1)
  }
}
