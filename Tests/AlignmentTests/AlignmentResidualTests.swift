import Alignment
import RealModule
import Testing

@Suite struct AlignmentResidualTests {
  private let tilts = stride(from: -70.0, through: 70, by: 2).map { $0 }

  @Test("An object that lies elsewhere is no error of alignment")
  func gauge() {
    let rest = tilts.map {
      Placement(
        across: 3 * .cos($0 * .pi / 180) - 5 * .sin($0 * .pi / 180), along: 2)
    }
    let left = AlignmentResidual(rest, tilts: tilts)
    #expect(left.across < 1e-9 && left.along < 1e-9 && abs(left.offset) < 1e-9)
  }

  @Test("An offset of the axis is told from that, and a turn is the mean turn")
  func offset() {
    let rest = tilts.map {
      Placement(across: 1.5 + 2 * .cos($0 * .pi / 180), rotation: 0.01)
    }
    let left = AlignmentResidual(rest, tilts: tilts)
    #expect(abs(left.offset - 1.5) < 1e-9)
    #expect(abs(left.turn - 0.01 * 180 / .pi) < 1e-9)
    #expect(left.across > 0.1)
  }
}
