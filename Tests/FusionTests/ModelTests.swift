import Fields
import Imaging
import Operators
import Fusion
import TestSupport
import Testing

@Suite struct ModelTests {
  private func shape(_ rows: Int) -> SlabShape {
    SlabShape(sliceCount: rows, pageCount: 1, positionCount: 12)
  }

  private func blur(_ rows: Int) throws -> PictureBlur {
    PictureBlur(
      FieldBlur(
        try PointSpread(gaussian: [0, 1.5, 1.5]), on: Grid(rowCount: rows, columnCount: 12),
        ends: .reflecting), shape: shape(rows))
  }

  /// Noise with zero padding.
  private func probe(_ shape: SlabShape, copies: Int = 1, seed: UInt64) -> FloatStorage {
    var field = noise(count: copies * shape.count, seed: seed)
    var values = field.mutableSpan
    for i in values.indices
    where i % shape.laneCount + i % shape.count / shape.slabLength
      * shape.laneCount >= shape.sliceCount
    {
      values[i] = 0
    }
    return field
  }

  @Test("The mixed image and its adjoint agree", arguments: [1, 8, 36])
  func mixed(rows: Int) throws {
    let image = MixedImage(try blur(rows), coefficients: [1, 0.3])
    let x = probe(shape(rows), copies: 2, seed: 1)
    let y = probe(shape(rows), seed: 2)
    #expect(image.adjointMismatch(x.span, y.span) < 1e-5)
  }

  @Test("A view of one element and its adjoint agree, binned or not", arguments: [1, 2, 4])
  func view(factor: Int) throws {
    let binning = try #require(MapBinning(shape(8), by: factor))
    let view = MapView(try blur(8), binning, element: 1, of: 2, scale: 16)
    let x = probe(shape(8), copies: 2, seed: 3)
    let y = probe(binning.coarse, seed: 4)
    #expect(view.adjointMismatch(x.span, y.span) < 1e-5)
  }

  @Test("MapBinning takes means, and refuses sides that it does not divide")
  func binning() throws {
    let fine = SlabShape(sliceCount: 2, pageCount: 1, positionCount: 4)
    let binning = try #require(MapBinning(fine, by: 2))
    let view = MapView(PlainView(fine.count), binning, element: 0, of: 1, scale: 10)
    let image = Image([1, 2, 5, 6, 3, 4, 7, 8], columnCount: 4)
    var field = FloatStorage(zeros: fine.count)
    var values = field.mutableSpan
    PageMap(fine, axis: .y).place(image.pixels.span, page: 0, into: &values)
    var means = FloatStorage(zeros: view.rangeCount)
    view.apply(field.span, into: means.mutableSpan)
    #expect(means.span[0] == 25 && means.span[1] == 65)
    #expect(MapBinning(fine, by: 3) == nil)
  }

  @Test("Twice the atomic number is 2^1.7 of the signal")
  func contrast() throws {
    let image = try PowerImage(MixedImage(PlainView(1), coefficients: [1]), exponent: 1.7)
    var y = FloatStorage(zeros: 1)
    func signal(_ z: Float) -> Float {
      image.apply(FloatStorage([z]).span, into: y.mutableSpan)
      return y.span[0]
    }
    #expect(abs(signal(2) / signal(1) - 3.2490) < 1e-3)
    #expect(signal(-1) == 0)
  }

  @Test("The derivative of the power image is that of finite differences")
  func derivative() throws {
    let image = try PowerImage(
      MixedImage(try blur(8), coefficients: [1, 0.4]), exponent: 1.7)
    let x = FloatStorage(probe(shape(8), copies: 2, seed: 5).values.map { 1 + $0 })
    let direction = probe(shape(8), copies: 2, seed: 6)
    let y = probe(shape(8), seed: 7)
    var (ahead, behind) = (FloatStorage(zeros: y.count), FloatStorage(zeros: y.count))
    let h: Float = 1e-2
    image.apply(
      FloatStorage((0..<x.count).map { x.span[$0] + h * direction.span[$0] }).span,
      into: ahead.mutableSpan)
    image.apply(
      FloatStorage((0..<x.count).map { x.span[$0] - h * direction.span[$0] }).span,
      into: behind.mutableSpan)
    var pulled = FloatStorage(zeros: x.count)
    image.applyDerivativeAdjoint(y.span, at: x.span, into: pulled.mutableSpan)
    var (left, right) = (0.0, 0.0)
    for i in 0..<y.count {
      left += Double(y.span[i]) * Double(ahead.span[i] - behind.span[i]) / Double(2 * h)
    }
    for i in 0..<x.count { right += Double(pulled.span[i]) * Double(direction.span[i]) }
    #expect(abs(left - right) < 2e-3 * abs(left))
  }

  @Test("Exponents beyond 0.5 to 3 are refused")
  func exponent() {
    #expect(throws: FusionError.exponent(4)) {
      _ = try PowerImage(MixedImage(PlainView(1), coefficients: [1]), exponent: 4)
    }
  }

  @Test("Gold has 79 protons and nickel 28; what is no element is refused")
  func elements() throws {
    #expect(try ChemicalElement("Au").atomicNumber == 79)
    #expect(try ChemicalElement("Ni").atomicNumber == 28)
    #expect(try ChemicalElement("Cm").atomicNumber == 96)
    #expect(throws: FusionError.unknownElement("Xx")) { _ = try ChemicalElement("Xx") }
  }

  @Test("The sums that steps are taken from bound what they stand for", arguments: [1, 2])
  func bounds(factor: Int) throws {
    let (shape, bound) = (shape(8), Float(1.5))
    let mixed = MixedImage(try blur(8), coefficients: [1, 0.4])
    let power = try PowerImage(mixed, exponent: 1.7, upTo: bound)
    let binning = try #require(MapBinning(shape, by: factor))
    let view = MapView(try blur(8), binning, element: 0, of: 2, scale: 16)
    let models: [any BoundedModel] = [mixed, power, view]
    let point = FloatStorage(repeating: bound, count: 2 * shape.count)
    for model in models {
      let sums = model.absoluteSums()
      var columns = FloatStorage(zeros: model.domainCount)
      model.applyDerivativeAdjoint(
        FloatStorage(repeating: 1, count: model.rangeCount).span, at: point.span,
        into: columns.mutableSpan)
      let most = columns.span.indices.reduce(Float(0)) { max($0, columns.span[$1]) }
      #expect(most <= sums.columns.largest * 1.001)
      #expect(most > 0.9 * sums.columns.largest)
      // Models without negative entries are steepest along ones.
      let step: Float = 1e-2
      var (before, after) = (
        FloatStorage(zeros: model.rangeCount), FloatStorage(zeros: model.rangeCount)
      )
      model.apply(point.span, into: after.mutableSpan)
      model.apply(
        FloatStorage(repeating: bound - step, count: 2 * shape.count).span,
        into: before.mutableSpan)
      let steepest = after.span.indices.reduce(Float(0)) {
        max($0, (after.span[$1] - before.span[$1]) / step)
      }
      #expect(steepest <= sums.rows.largest * 1.001)
      #expect(steepest > 0.9 * sums.rows.largest)
    }
  }

  @Test("A step along a map moves its element, and clips all", arguments: [1, 2])
  func stepping(factor: Int) throws {
    let shape = shape(8)
    let binning = try #require(MapBinning(shape, by: factor))
    let plain = MapView(PlainView(shape.count), binning, element: 1, of: 3, scale: 4)
    let blurred = MapView(try blur(8), binning, element: 1, of: 3, scale: 4)
    for view in [plain, blurred] {
      let y = probe(binning.coarse, seed: 5)
      let start = probe(shape, copies: 3, seed: 6)
      var pulled = FloatStorage(zeros: view.domainCount)
      view.applyAdjoint(y.span, into: pulled.mutableSpan)
      var (free, clipped) = (start, start)
      let steps = RunFactors(uniform: 0.3)
      view.stepAlongAdjoint(
        y.span, from: free.mutableSpan, steps: steps, clippedTo: -.infinity...(.infinity))
      view.stepAlongAdjoint(y.span, from: clipped.mutableSpan, steps: steps, clippedTo: 0...0.1)
      for i in start.span.indices {
        let expected = start.span[i] - 0.3 * pulled.span[i]
        #expect(abs(free.span[i] - expected) < 1e-5)
        #expect(abs(clipped.span[i] - min(max(expected, 0), 0.1)) < 1e-5)
      }
    }
  }
}

extension FloatStorage {
  var values: [Float] { (0..<count).map { span[$0] } }
}
