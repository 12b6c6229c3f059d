import Alignment
import Fields
import Foundation
import Testing

@Suite struct TransformFileTests {
  private let placements = [
    Placement(across: 3, along: -2, rotation: 0.1, magnification: 1.02), Placement(),
  ]

  private func written(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).xf"
    ).path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test("What is written is read again, whichever way the axis runs")
  func roundTrip() throws {
    for axis in [TiltAxis.x, .y] {
      let text = TransformFile(placements).text(axis: axis)
      let read = try TransformFile(reading: try written(text), axis: axis).placements
      #expect(read.count == 2)
      #expect(abs(read[0].across - 3) < 1e-3 && abs(read[0].along + 2) < 1e-3)
      #expect(abs(read[0].rotation - 0.1) < 1e-6 && abs(read[0].magnification - 1.02) < 1e-6)
    }
  }

  @Test("A shift to the right is DX, one downwards is −DY, a clockwise turn has A12 = +sin")
  func convention() {
    let text = TransformFile([Placement(across: 5, along: 7, rotation: .pi / 6)]).text(axis: .y)
    let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(numbers == [0.8660254, 0.5, -0.5, 0.8660254, 5, -7])
  }

  @Test("Lines that are no similarity, or not six numbers, are named")
  func faults() throws {
    let shear = try written("1 0 0 1 0 0\n1 0.1 0.1 1 0 0\n")
    #expect(throws: AlignmentError.notASimilarity(path: shear, line: 2)) {
      try TransformFile(reading: shear, axis: .y)
    }
    for line in ["1 0 0 1 1e7 0", "1e300 0 0 1e300 0 0", "1e-3 0 0 1e-3 0 0"] {
      let far = try written(line + "\n")
      #expect(throws: AlignmentError.notASimilarity(path: far, line: 1), "\(line)") {
        try TransformFile(reading: far, axis: .y)
      }
    }
    let short = try written("1 0 0 1 0\n")
    #expect(throws: AlignmentError.transformLine(path: short, line: 1)) {
      try TransformFile(reading: short, axis: .y)
    }
    let empty = try written("\n")
    #expect(throws: AlignmentError.notAnAlignment(path: empty)) {
      try TransformFile(reading: empty, axis: .y)
    }
  }
}
