import DosePlanning
import Testing

@Suite("AcquisitionOrder")
struct AcquisitionOrderTests {
  @Test("The dose of a page is what went before it, and half of its own")
  func accumulated() throws {
    let order = try AcquisitionOrder([3, 1, 2, 4], pages: 4)
    #expect(try order.accumulated() == [0.625, 0.125, 0.375, 0.875])
    #expect(try order.accumulated([1, 4, 2, 1]) == [6.5 / 8, 2.0 / 8, 5.0 / 8, 7.5 / 8])
  }

  @Test("An order that is none is refused, with the page that is wrong")
  func refusals() throws {
    #expect(throws: DosePlanningError.orderCount(positions: 2, pages: 3)) {
      try AcquisitionOrder([1, 2], pages: 3)
    }
    for value in [0, 4, -1] as [Double] {
      #expect(
        throws: DosePlanningError.orderNotAPosition(page: 2, value: "\(Int(value))", pages: 3)
      ) { try AcquisitionOrder([1, value, 2], pages: 3) }
    }
    #expect(throws: DosePlanningError.orderNotAPosition(page: 3, value: "1.5", pages: 3)) {
      try AcquisitionOrder([1, 2, 1.5], pages: 3)
    }
    #expect(throws: DosePlanningError.orderRepeated(position: 2, pages: [1, 3])) {
      try AcquisitionOrder([2, 1, 2], pages: 3)
    }
    #expect(throws: DosePlanningError.doses(page: 2, 0)) {
      try AcquisitionOrder([1, 2], pages: 2).accumulated([1, 0])
    }
  }
}
