import Deblurring
import Fields
import Imaging
import Reconstruction
import TestSupport
import Testing

@Suite("RichardsonLucy")
struct RichardsonLucyTests {
  private let grid = Grid(rowCount: 1, columnCount: 24)

  private func deblurring(_ method: ImageDeblurring.Method, _ iterations: Int) throws
    -> ImageDeblurring
  {
    let blur = FieldBlur(try PointSpread(gaussian: [0, 0, 1.5]), on: grid, ends: .zero)
    var deblurring = ImageDeblurring(method, blur)
    (deblurring.iterationLimit, deblurring.tolerance) = (iterations, 0)
    return deblurring
  }

  private func golden(_ place: Int) throws -> FloatStorage {
    let values = try goldenDoubles("counts.f64", in: .module)
    return floats(Array(values[24 * place..<24 * (place + 1)]))
  }

  @Test(
    "Its iterates are those of a dense matrix in double precision",
    arguments: [(1, 1), (2, 10), (3, 50)])
  func iterates(place: Int, iterations: Int) throws {
    let image = try deblurring(.richardsonLucy, iterations).deblur(try golden(0))
    let error = gap(image.field, try golden(place))
    #expect(error < 1e-4)
  }

  @Test("With total variation they are, too")
  func variation() throws {
    var deblurring = try deblurring(.richardsonLucyTV, 10)
    deblurring.strength = .lambda(0.02)
    let image = try deblurring.deblur(try golden(0))
    let error = gap(image.field, try golden(4))
    #expect(error < 1e-3)
  }

  @Test("The likelihood never falls, counts are kept, and nothing is negative")
  func monotone() throws {
    let counts = try golden(0)
    let image = try deblurring(.richardsonLucy, 60).deblur(counts)
    let values = image.history.compactMap(\.objective)
    for (before, after) in zip(values, values.dropFirst()) {
      #expect(after <= before + 1e-6 * abs(before))
    }
    var seen = FloatStorage(zeros: 24)
    try deblurring(.richardsonLucy, 1).blur.apply(image.field.span, into: seen.mutableSpan)
    let total = (0..<24).reduce(Float(0)) { $0 + seen.span[$1] }
    let counted = (0..<24).reduce(Float(0)) { $0 + counts.span[$1] }
    #expect(abs(total / counted - 1) < 1e-2)
    let least = (0..<24).reduce(Float(1)) { min($0, image.field.span[$1]) }
    #expect(least >= 0)
  }

  @Test("Where the truth is known, the iteration with the least error is told")
  func bestIteration() throws {
    let truth = FloatStorage((0..<24).map { 7..<12 ~= $0 ? 100 : 5 })
    let image = try deblurring(.richardsonLucy, 400).deblur(try golden(0), truth: truth)
    #expect(image.errors.count == 400)
    #expect(image.warnings.contains { $0.contains("at iteration") })
  }
}
