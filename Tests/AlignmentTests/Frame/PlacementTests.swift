import Alignment
import Testing

@Suite struct PlacementTests {
  private let placement = Placement(across: 3, along: -2, rotation: 0.3, magnification: 1.1)

  @Test("A placement and its inverse leave a point where it was")
  func inverse() {
    let (u, v) = placement.then(placement.inverse).applied(5, 7)
    #expect(abs(u - 5) < 1e-12 && abs(v - 7) < 1e-12)
  }

  @Test("Placements compose as their effects on a point do")
  func composition() {
    let next = Placement(across: -1, along: 4, rotation: -0.7, magnification: 0.8)
    let first = placement.applied(5, 7)
    let (both, one) = (next.applied(first.across, first.along), placement.then(next).applied(5, 7))
    #expect(abs(both.across - one.across) < 1e-12 && abs(both.along - one.along) < 1e-12)
  }

  @Test("A quarter turn brings what lies to the right downwards: clockwise on the screen")
  func clockwise() {
    let (u, v) = Placement(rotation: .pi / 2).applied(1, 0)
    #expect(abs(u) < 1e-12 && abs(v - 1) < 1e-12)
  }

  @Test("Pixels half as large double a shift, and leave a turn and a magnification")
  func scaled() {
    let twice = placement.scaled(by: 2)
    #expect(
      twice == Placement(across: 6, along: -4, rotation: 0.3, magnification: 1.1))
  }
}
