import Imaging
import RealModule
import Testing

@Suite("PointSpread")
struct PointSpreadTests {
  @Test("a Gaussian passes exp(−π²/2) at the frequency 1 / 2σ")
  func otf() throws {
    let spread = try PointSpread(gaussian: [0, 0, 3])
    var sum = 0.0
    for (i, weight) in spread.weights.enumerated() {
      sum += weight * .cos(2 * .pi * Double(i - spread.origin[2]) / 6)
    }
    #expect(abs(sum / Double.exp(-Double.pi * Double.pi / 2) - 1) < 0.01)
    #expect(abs(spread.sum - 1) < 1e-12)
    #expect(spread.isMirrorSymmetric)
  }

  @Test("a lopsided spread is centred on the pixel nearest to its centroid, and normalised")
  func centre() throws {
    let spread = try PointSpread(
      [0, 0, 1, 3, 0, 0, 0], on: Grid(rowCount: 1, columnCount: 7), origin: [0, 0, 0])
    #expect(abs(spread.centroid[2] - 2.75) < 1e-12)
    let centred = try spread.centred()
    #expect(centred.weights == [1, 3] && centred.origin == [0, 0, 1])
    #expect(abs(try spread.normalised().weights[3] - 0.75) < 1e-12)
    #expect(!spread.isMirrorSymmetric)
  }

  @Test("rims of zeros are left away, and what is symmetric is known to be")
  func trimmed() throws {
    let spread = try PointSpread(
      [0, 0, 1, 3, 1, 0, 0, 0], on: Grid(rowCount: 1, columnCount: 8), origin: [0, 0, 3])
    #expect(spread.weights == [1, 3, 1] && spread.origin == [0, 0, 1])
    #expect(spread.isMirrorSymmetric)
  }

  @Test("what is no point spread is refused")
  func refused() {
    let grid = Grid(rowCount: 1, columnCount: 2)
    #expect(throws: BlurError.noWeight) { try PointSpread([1, -1], on: grid) }
    #expect(throws: BlurError.allZero) { try PointSpread([0, 0], on: grid) }
    #expect(throws: BlurError.negativeSum(-1)) { try PointSpread([1, -2], on: grid) }
    #expect(throws: BlurError.weight(index: 1)) { try PointSpread([1, .nan], on: grid) }
    #expect(throws: BlurError.tooLarge(sum: 6e38)) { try PointSpread([3e38, 3e38], on: grid) }
    #expect(throws: BlurError.width(-1)) { try PointSpread(gaussian: [0, -1, 1]) }
  }
}
