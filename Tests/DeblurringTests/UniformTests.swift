import Deblurring
import DenseAlgebra
import Fields
import Imaging
import Inversion
import Testing

@Suite("Measurements of one value")
struct UniformTests {
  @Test(
    "a signal of zeros, and a constant behind a blur that keeps constants, hold nothing to deblur")
  func signals() throws {
    let blur = try Blur(gaussian: 1, count: 24, ends: .reflecting)
    func content(_ values: [Double], _ blur: Blur) throws {
      try SignalProblem(blur, values, .tikhonov).checkContent()
    }
    #expect(throws: DeblurringError.silent) { try content(Array(repeating: 0, count: 24), blur) }
    #expect(throws: DeblurringError.uniform(7)) {
      try content(Array(repeating: 7, count: 24), blur)
    }
    #expect(throws: Never.self) { try content([8] + Array(repeating: 7, count: 23), blur) }
    // Beyond these ends is nothing: the constant that is seen was none.
    let open = try Blur(kernel: [1, 2, 1], count: 24, ends: .zero)
    #expect(throws: Never.self) { try content(Array(repeating: 7, count: 24), open) }
    #expect(throws: DeblurringError.silent) { try content(Array(repeating: 0, count: 24), open) }
    #expect(throws: DeblurringError.uniform(7)) {
      try SignalChooser(.lCurve).choose(
        try SignalProblem(blur, Array(repeating: 7, count: 24), .tikhonov))
    }
  }

  @Test("λ is not chosen where the middle of an image, on which it is tried, holds one value")
  func images() throws {
    let grid = Grid(rowCount: 20, columnCount: 300)
    let blur = FieldBlur(try PointSpread(gaussian: [0, 1, 1]), on: grid, ends: .reflecting)
    var rim = FloatStorage(zeros: grid.count)
    rim.replace(from: 0, with: FloatStorage([1]), 0..<1)
    #expect(throws: ImageDeblurringError.partUniform(0, rowCount: 20, columnCount: 256)) {
      try ImageDeblurring(.tv, blur).deblur(rim)
    }
    let small = Grid(rowCount: 20, columnCount: 20)
    let same = FloatStorage([Float](repeating: 3, count: small.count))
    #expect(throws: ImageDeblurringError.uniform(3)) {
      try ImageDeblurring(
        .tv, FieldBlur(try PointSpread(gaussian: [0, 1, 1]), on: small, ends: .reflecting)
      ).deblur(same)
    }
  }
}
