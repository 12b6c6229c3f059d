// HAADF and two element maps of one field, explained together.
import Voxtilt

@main
struct FuseImages {
  static func main() throws {
    let side = 48
    func disc(_ radius: Float, _ value: Float) -> [Float] {
      (0..<side * side).map { i in
        let (row, column) = (Float(i / side) - 23.5, Float(i % side) - 23.5)
        return row * row + column * column < radius * radius ? value : 0
      }
    }
    func noise(_ i: Int) -> Float { Float(i * 7919 % 13) - 6 }
    let (gold, nickel) = (disc(8, 20), disc(16, 12))
    let haadf = Image(
      zip(gold, nickel).enumerated().map { i, x in 10 * x.0 + 2 * x.1 + noise(i) },
      columnCount: side)
    func counts(_ x: [Float], _ k: Int) -> Image {
      Image(
        x.enumerated().map { i, v in max(0, (v + v.squareRoot() * noise(i * k) / 4).rounded()) },
        columnCount: side)
    }
    let detectors = ImageDetectors(
      haadf,
      [
        .init(try ChemicalElement("Au"), counts(gold, 3)),
        .init(try ChemicalElement("Ni"), counts(nickel, 5)),
      ])
    let result = try SensorFusion().fuse(detectors.data())
    for element in result.elements {
      print(element.symbol, "HAADF coefficient", element.coefficient)
    }
    print("contradicted:", result.contradicted)
  }
}
