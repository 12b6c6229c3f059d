import Deblurring
import Fields
import Imaging
import Inversion
import Reconstruction
import TestSupport
import Testing

@Suite("ImageDeblurring")
struct ImageDeblurringTests {
  @Test(
    "Tikhonov with either penalty meets the dense answer, whichever way it is solved",
    arguments: DenseImages.cases)
  func tikhonov(example: DenseImages.Case) throws {
    let dense = try DenseImages(example)
    var deblurring = ImageDeblurring(example.isGradient ? .gradient : .tikhonov, dense.blur)
    deblurring.strength = .lambda(DenseImages.lambda)
    deblurring.tolerance = 1e-8
    let image = try deblurring.deblur(floats(dense.measured))
    let error = gap(image.field, floats(dense.answer))
    #expect(error < 1e-5)
    #expect((image.stopReason == .direct) == (example.ends != .zero))
  }

  @Test(
    "GCV is that of the dense matrix, and its least is chosen",
    arguments: DenseImages.cases.filter { $0.ends != .zero })
  func gcv(example: DenseImages.Case) throws {
    let dense = try DenseImages(example)
    var deblurring = ImageDeblurring(example.isGradient ? .gradient : .tikhonov, dense.blur)
    deblurring.strength = .chosen(.gcv)
    let choice = try #require(try deblurring.deblur(floats(dense.measured)).choice)
    // log-log between the neighbours of λ = 0.05
    let around = choice.trials.sorted { abs($0.lambda - 0.05) < abs($1.lambda - 0.05) }.prefix(
      2)
    let values = around.compactMap(\.gcv)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    #expect(low * 0.999 <= dense.gcv && dense.gcv <= high * 1.001)
    let least = choice.trials.min { ($0.gcv ?? .infinity) < ($1.gcv ?? .infinity) }
    let ratio = choice.lambda / (least?.lambda ?? 1)
    #expect(0.6...1.6 ~= ratio)
  }

  /// Two bars, blurred by 2 pixels, with noise of 0.02.
  private struct Bars {
    let grid = Grid(rowCount: 48, columnCount: 40)
    let truth: FloatStorage
    let measured: FloatStorage
    let blur: FieldBlur

    init(_ ends: Ends = .reflecting, noise level: Float = 0.02) throws {
      let grid = grid
      let truth = FloatStorage(
        (0..<grid.count).map { i in
          let (row, column) = (i / grid.columnCount, i % grid.columnCount)
          return 10..<34 ~= row && (8..<14 ~= column || 22..<28 ~= column) ? 1 : 0
        })
      blur = FieldBlur(try PointSpread(gaussian: [0, 2, 2]), on: grid, ends: ends)
      var seen = FloatStorage(zeros: grid.count)
      blur.apply(truth.span, into: seen.mutableSpan)
      // The sum of twelve uniform numbers is nearly Gaussian, of variance 1.
      let parts = (0..<12).map { noise(count: grid.count, seed: UInt64($0) + 50) }
      measured = FloatStorage(
        (0..<grid.count).map { i in
          seen.span[i] + level * parts.reduce(Float(0)) { $0 + $1.span[i] }
        })
      self.truth = truth
    }

    func error(_ field: FloatStorage) -> Double { rootMeanSquare(field, truth) }
  }

  @Test("L1 finds single points where Tikhonov smears them")
  func points() throws {
    let bars = try Bars()
    let places = [(8, 9), (8, 15), (25, 30), (40, 12), (30, 20)]
    var truth = FloatStorage(zeros: bars.grid.count)
    var values = truth.mutableSpan
    for (row, column) in places { values[row * 40 + column] = 10 }
    var seen = truth
    bars.blur.apply(truth.span, into: seen.mutableSpan)
    let noise = noise(count: bars.grid.count, seed: 77)
    let measured = FloatStorage((0..<bars.grid.count).map { seen.span[$0] + 0.02 * noise.span[$0] })
    let l1 = try ImageDeblurring(.l1, bars.blur).deblur(measured).field
    let tikhonov = try ImageDeblurring(.tikhonov, bars.blur).deblur(measured).field
    #expect(rootMeanSquare(l1, truth) < 0.5 * rootMeanSquare(tikhonov, truth))
  }

  @Test("Linear methods bring bars nearer to the truth, and total variation nearest")
  func priors() throws {
    let bars = try Bars()
    let before = bars.error(bars.measured)
    func error(_ method: ImageDeblurring.Method, _ rule: ChoiceRule? = nil) throws -> Double {
      var deblurring = ImageDeblurring(method, bars.blur)
      deblurring.strength = .chosen(rule)
      return bars.error(try deblurring.deblur(bars.measured, truth: bars.truth).field)
    }
    let tv = try error(.tv)
    for method in [ImageDeblurring.Method.tsvd, .tikhonov, .gradient, .wiener] {
      let found = try error(method)
      #expect(found < 0.85 * before, "\(method)")
      #expect(tv < found, "\(method)")
    }
    #expect(tv < 0.45 * before)
  }

  @Test(
    "Each rule chooses a λ that is nearly as good as the oracle's",
    arguments: [
      (ImageDeblurring.Method.gradient, ChoiceRule.gcv, 1.05), (.gradient, .discrepancy, 1.3),
      (.gradient, .heldOutPixels, 1.1), (.tv, .heldOutPixels, 1.6), (.tv, .discrepancy, 1.6),
      (.tikhonov, .gcv, 1.05), (.tikhonov, .vacuum, 1.4),
    ])
  func rules(method: ImageDeblurring.Method, rule: ChoiceRule, factor: Double) throws {
    let bars = try Bars()
    var deblurring = ImageDeblurring(method, bars.blur)
    if rule == .vacuum { deblurring.vacuum = ImageRegion(rows: 42..<48, columns: 0..<40) }
    deblurring.strength = .chosen(rule)
    let found = bars.error(try deblurring.deblur(bars.measured).field)
    deblurring.strength = .chosen(.oracle)
    let best = bars.error(try deblurring.deblur(bars.measured, truth: bars.truth).field)
    #expect(found < factor * best)
    #expect(found > 0.97 * best)
  }

  @Test("The oracle of a linear method tells the very error that its image has")
  func oracle() throws {
    let bars = try Bars(.periodic)
    var deblurring = ImageDeblurring(.gradient, bars.blur)
    deblurring.strength = .chosen(.oracle)
    let choice = try #require(
      try deblurring.deblur(bars.measured, truth: bars.truth).choice)
    let candidate = choice.trials[25]
    deblurring.strength = .lambda(candidate.lambda)
    let image = try deblurring.deblur(bars.measured)
    #expect(abs(try #require(candidate.error) - bars.error(image.field)) < 1e-5)
    #expect(abs(candidate.residual - (try #require(image.residual))) < 1e-5)
  }

  @Test("Vacuum that carries no noise, or lies outside, is refused")
  func vacuum() throws {
    let bars = try Bars()
    var flat = bars.measured
    var values = flat.mutableSpan
    for i in 0..<10 * 40 { values[i] = 0.25 }
    var deblurring = ImageDeblurring(.tikhonov, bars.blur)
    let silent = ImageRegion(rows: 0..<10, columns: 0..<40)
    deblurring.vacuum = silent
    #expect(throws: ImageDeblurringError.regionSilent(silent)) { try deblurring.deblur(flat) }
    let outside = ImageRegion(rows: 40..<60, columns: 0..<40)
    deblurring.vacuum = outside
    #expect(throws: ImageDeblurringError.region(outside, ImageSize(rowCount: 48, columnCount: 40)))
    {
      try deblurring.deblur(bars.measured)
    }
  }

  @Test("What cannot be is refused: λ for naive, GCV for tv, naive with zero ends, negative counts")
  func refused() throws {
    let bars = try Bars(.zero)
    var naive = ImageDeblurring(.naive, bars.blur)
    #expect(throws: ImageDeblurringError.notDiagonal(method: "naive", ends: "zero")) {
      try naive.deblur(bars.measured)
    }
    naive.strength = .lambda(1)
    #expect(throws: DeblurringError.lambdaMeaningless(method: "naive")) {
      try naive.deblur(bars.measured)
    }
    var tv = ImageDeblurring(.tv, bars.blur)
    tv.strength = .chosen(.gcv)
    #expect(throws: ChoiceError.notLinear("tv")) {
      try tv.deblur(bars.measured)
    }
    tv.strength = .chosen(.oracle)
    #expect(throws: ChoiceError.truthUnknown) { try tv.deblur(bars.measured) }
    #expect(throws: ImageDeblurringError.self) {
      try ImageDeblurring(.richardsonLucy, bars.blur).deblur(bars.measured)
    }
  }

  @Test("An atomic-number map finds core and shell from a HAADF image")
  func atomicNumbers() throws {
    let grid = Grid(rowCount: 40, columnCount: 40)
    let truth = FloatStorage(
      (0..<grid.count).map { i in
        let (r, c) = (Double(i / 40) - 19.5, Double(i % 40) - 19.5)
        let radius = (r * r + c * c).squareRoot()
        return radius < 8 ? 79 : radius < 15 ? 28 : 0
      })
    let blur = FieldBlur(try PointSpread(gaussian: [0, 1.5, 1.5]), on: grid, ends: .zero)
    let model = try AtomicNumberContrast(blur, exponent: 1.7)
    var image = FloatStorage(zeros: grid.count)
    model.apply(truth.span, into: image.mutableSpan)
    var deblurring = ImageDeblurring(.atomicNumber, blur)
    deblurring.strength = .lambda(3e-4)
    deblurring.iterationLimit = 400
    let z = try deblurring.deblur(image).field
    #expect(rootMeanSquare(z, truth) < 4)
    #expect(abs(z.span[20 * 40 + 20] - 79) < 1)
    #expect(abs(z.span[20 * 40 + 31] - 28) < 2)
  }

  @Test(
    "Any number of threads gives the same bytes", arguments: [ImageDeblurring.Method.tv, .wiener])
  func threads(method: ImageDeblurring.Method) throws {
    let bars = try Bars()
    let fields = try [1, 3].map { count in
      let blur = FieldBlur(
        bars.blur.spread, on: bars.grid, ends: .reflecting, workers: Workers(count))
      var deblurring = ImageDeblurring(method, blur)
      if method == .tv { deblurring.strength = .lambda(0.01) }
      return try deblurring.deblur(bars.measured).field
    }
    #expect(areIdentical(fields[0], fields[1]))
  }
}
