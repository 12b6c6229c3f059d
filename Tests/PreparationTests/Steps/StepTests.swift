import Fields
import Foundation
import Preparation
import TestSupport
import Testing

@Suite struct StepTests {
  @Test("Spikes are replaced by the median about them, and counted")
  func spikes() throws {
    let made = try SpikeRemoval().apply(to: page("page.f32"), index: 0)
    #expect(made.account.touched == 13)
    let clean = try page("clean.f32")
    #expect(zip(made.page.pixels, clean.pixels).allSatisfy { abs($0 - $1) < 30 })
    #expect(throws: PreparationError.threshold(2)) { try SpikeRemoval(threshold: 2) }
  }

  @Test("Dead lines are found on most pages and filled between living ones")
  func deadLines() throws {
    var pages = (0..<5).map { _ in flat(0) }
    for page in pages.indices {
      for row in 0..<16 {
        for column in 0..<16 {
          pages[page][row, column] =
            Float(2 * row + 3 * column) + Float((row * 7 + column * 5 + page) % 4)
        }
      }
    }
    let living = pages[0]
    for page in pages.indices { for i in 0..<16 { pages[page][6, i] = -90 } }
    let step = try DeadLineFilling(finding: HeldPages(pages))
    #expect(step.rows == [7])
    #expect(step.columns.isEmpty)
    let made = step.apply(to: pages[0], index: 0).page
    for column in 0..<16 {
      #expect(made[6, column] == (living[5, column] + living[7, column]) / 2)
    }
  }

  @Test("A background plane is found under an object that reaches two margins")
  func plane() throws {
    var page = flat(0, rows: 48, columns: 64)
    let wiggle = noise(count: 48 * 64, seed: 2)
    for row in 0..<48 {
      for column in 0..<64 {
        let object: Float = (18..<30).contains(row) && column < 40 ? 80 : 0
        page[row, column] =
          100 + 0.5 * Float(row) - 0.25 * Float(column) + object + wiggle.span[row * 64 + column]
      }
    }
    let made = try Background(.plane, pages: HeldPages([page])).apply(to: page, index: 0).page
    for (row, column) in [(2, 2), (45, 60), (3, 61), (46, 3), (24, 60)] {
      #expect(abs(made[row, column]) < 0.8, "\(row) \(column) \(made[row, column])")
    }
    #expect(abs(made[24, 20] - 80) < 0.8)
  }

  @Test("Under counts whose margins are mostly empty lies no plane")
  func emptyMargins() throws {
    var page = flat(0, rows: 48, columns: 64)
    for i in stride(from: 0, to: 48 * 64, by: 97) { page.pixels[i] = 1 }
    let made = try Background(.plane, pages: HeldPages([page])).apply(to: page, index: 0).page
    #expect(zip(made.pixels, page.pixels).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("Constant, vacuum and region backgrounds take off what they say")
  func backgrounds() throws {
    var page = flat(7, rows: 40, columns: 40)
    for row in 15..<25 { for column in 15..<25 { page[row, column] = 20 } }
    let held = HeldPages([page])
    #expect(try Background(.constant(2), pages: held).apply(to: page, index: 0).page[0, 0] == 5)
    let vacuum = try Background(.vacuum, pages: held).apply(to: page, index: 0)
    #expect(vacuum.page[0, 0] == 0 && vacuum.page[20, 20] == 13 && vacuum.account.level == 7)
    let region = ImageRegion(rows: 15..<25, columns: 15..<25)
    #expect(
      try Background(.region(region), pages: held).apply(to: page, index: 0).page[20, 20] == 0)
    let outside = try Background(
      .region(ImageRegion(rows: 30..<41, columns: 0..<2)), pages: held)
    #expect(throws: PreparationError.self) {
      try outside.size(after: ImageSize(rowCount: 40, columnCount: 40))
    }
  }

  @Test("Beer and Lambert's law gives back the thickness, with the beam of each page")
  func beerLambert() throws {
    let thickness: [Float] = [0, 0.5, 2, 0]
    let pages = [100, 300].map { beam in
      Image(thickness.map { Float(beam) * exp(-$0) }, columnCount: 4)
    }
    let held = HeldPages(pages)
    let region = ImageRegion(rows: 0..<1, columns: 3..<4)
    let step = try BeerLambert(.region(region), pages: held)
    #expect(zip(step.beam, [100, 300]).allSatisfy { abs($0 - $1) < 1e-6 })
    for index in 0..<2 {
      let made = step.apply(to: pages[index], index: index).page
      #expect(zip(made.pixels, thickness).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    let dark = step.apply(to: Image([-5, 0, 100, 100], columnCount: 4), index: 0)
    #expect(dark.account.touched == 2 && abs(dark.page.pixels[0] - Float(log(1e4))) < 1e-5)
    #expect(throws: PreparationError.intensity(page: 1, value: 0)) {
      try BeerLambert(.value(0), pages: held)
    }
  }

  @Test(
    "Pages of a logarithm weigh as the inverse of the mean of 1/k, in counts, however they are scaled"
  )
  func precision() throws {
    // Halves of 80 and 20 counts: the mean of 1/k is 1/32. A square of no counts is taken as I₀ / 10 000.
    let half = Image((0..<32).map { $0 % 8 < 4 ? 80 : 20 }, columnCount: 8)
    let hole = Image((0..<32).map { $0 % 8 < 4 ? 80 : 0 }, columnCount: 8)
    let pages = HeldPages([half, flat(64, rows: 4, columns: 8), hole], tilts: [0, 60, 0])
    let logarithm = try BeerLambert(.value(100), pages: pages)
    let expected = [32, 64, 2 / (1 / 80.0 + 100)]
    #expect(zip(logarithm.precisions, expected).allSatisfy { abs($0 / $1 - 1) < 1e-9 })

    let before = try Normalisation(.curve([100, 32, 40]), pages: pages)  // factors 2, 0.5 and 1
    let after = try CosineThickness(pages: pages)  // factors 1, 0.5 and 1
    #expect(PageWeights(counts: [before, after]) == nil)
    let weights = try #require(PageWeights(counts: [before, logarithm, after])).values
    // 32 / 2, and 64 / 0.5 / 0.25.
    #expect(abs(weights[1] / weights[0] - 32) < 1e-9)
    #expect(abs(weights.reduce(0, +) - 3) < 1e-12)
  }

  @Test("Normalised pages have one level: the median of totals, or a curve")
  func normalise() throws {
    let held = HeldPages([flat(2), flat(4), flat(5)])
    let total = try Normalisation(.total, pages: held)
    #expect(total.factors == [2, 1, 0.8])
    let curve = try Normalisation(.curve([6, 6, 10]), pages: held)
    #expect(curve.factors == [3, 1.5, 2])
    #expect(curve.apply(to: flat(4), index: 1).page[3, 3] == 6)
    #expect(throws: PreparationError.curve(count: 1, pages: 3)) {
      try Normalisation(.curve([1]), pages: held)
    }
    #expect(throws: PreparationError.level(page: 2, value: -1)) {
      try Normalisation(.total, pages: HeldPages([flat(1), flat(-1)]))
    }
  }

  @Test("A slab at 60° is twice as thick, and cos θ takes that off")
  func cosine() throws {
    let step = try CosineThickness(pages: HeldPages([flat(3), flat(6)], tilts: [0, -60]))
    #expect(abs(step.apply(to: flat(6), index: 1).page[0, 0] - 3) < 1e-6)
    #expect(throws: PreparationError.steepTilt(page: 1, degrees: 90)) {
      try CosineThickness(pages: HeldPages([flat(3)], tilts: [90]))
    }
  }

  @Test("Crop, pad and bin change the size as they say; counts are summed")
  func framing() throws {
    let page = Image((0..<24).map { Float($0) }, columnCount: 6)
    let crop = Crop(ImageRegion(rows: 1..<3, columns: 2..<5))
    #expect(crop.apply(to: page, index: 0).page.pixels == [8, 9, 10, 14, 15, 16])
    let padded = Padding(2).apply(to: flat(3, rows: 8, columns: 8), index: 0).page
    #expect(padded == flat(3, rows: 12, columns: 12))
    #expect(Binning(2, sums: true).apply(to: page, index: 0).page.pixels.first == 14)
    #expect(Binning(2, sums: false).apply(to: page, index: 0).page.pixels.first == 3.5)
    let size = try Binning(4, sums: false).size(after: ImageSize(rowCount: 9, columnCount: 14))
    #expect(size == ImageSize(rowCount: 2, columnCount: 3))
    #expect(throws: PreparationError.binning(factor: 5, rows: 4, columns: 6)) {
      try Binning(5, sums: false).size(after: ImageSize(rowCount: 4, columnCount: 6))
    }
  }

  @Test("A taper fades to vacuum across the axis and leaves slices as long as they are")
  func taper() {
    var page = flat(10, rows: 40, columns: 40)
    for column in 0..<40 { page[20, column] = 30 }
    let made = EdgeTaper(4, axis: .y).apply(to: page, index: 0).page
    let weight = Float(0.5 - 0.5 * cos(.pi * 0.5 / 4))
    #expect(abs(made[20, 0] - (10 + weight * 20)) < 1e-4 && made[20, 20] == 30)
    let inner = Float(0.5 - 0.5 * cos(.pi * 3.5 / 4))
    #expect(abs(made[20, 36] - (10 + inner * 20)) < 1e-4 && made[20, 4] == 30)
    #expect(EdgeTaper(4, axis: .x).apply(to: page, index: 0).page == page)
  }
}
