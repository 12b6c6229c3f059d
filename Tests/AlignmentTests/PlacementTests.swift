import Alignment
import Testing

@Suite("Placements")
struct PlacementTests {
  @Test("A placement and its inverse leave a point where it was")
  func inverse() {
    let placement = Placement(across: 3, along: -2, rotation: 0.3, magnification: 1.1)
    let (u, v) = placement.then(placement.inverse).applied(5, 7)
    #expect(abs(u - 5) < 1e-12 && abs(v - 7) < 1e-12)
  }
}
