import Fields
import Foundation
import Phantoms
import Preparation
import Testing

@Suite struct CountingTests {
  private struct Pages: PageSequence {
    let pages: [Image]
    var tilts: [Double] { pages.map { _ in 0 } }
    var numbers: [Int] { Array(1...pages.count) }
    var size: ImageSize { pages[0].size }

    func map<Result: Sendable>(
      _ work: @escaping @Sendable (_ index: Int, _ page: Image) -> Result
    ) throws -> [Result] { pages.enumerated().map { work($0, $1) } }
  }

  /// A bright disc with a hard edge and half of a page of vacuum.
  private func pages(counts: Double, seed: UInt64 = 3) throws -> [Image] {
    var series = TiltSeries(
      zeros: TiltSeriesShape(tiltCount: 3, binCount: 48, sliceCount: 40), tilts: [-10, 0, 10])
    for tilt in 0..<3 {
      for y in 0..<40 {
        for x in 0..<48 {
          let isInside = (x - 24) * (x - 24) + (y - 20) * (y - 20) < 180
          series[tilt, y, x] = isInside ? 1 : 0.02
        }
      }
    }
    _ = try NoiseModel.poisson(counts: counts, output: .counts).apply(to: &series, seed: seed)
    let made = series
    return (0..<3).map { tilt in
      Image(
        (0..<40).flatMap { y in (0..<48).map { made[tilt, y, $0] } }, columnCount: 48)
    }
  }

  @Test(
    "Counts are known by their values, few and many; other whole numbers are none",
    arguments: [
      0.05, 0.5, 5, 50, 5000,
    ])
  func evidence(counts: Double) throws {
    let pages = try pages(counts: counts)
    func speaks(_ change: (Float) -> Float) -> Bool {
      CountEvidence.speaksForCounts(
        pages.map {
          CountEvidence(Image($0.pixels.map(change), columnCount: $0.columnCount))
        })
    }
    #expect(speaks { $0 })
    #expect(!speaks { 5 * $0 })
    #expect(!speaks { $0 / 2 })
    #expect(!speaks { -$0 })
  }

  @Test("Each step says what becomes of counts, and an end lasts")
  func steps() throws {
    let pages = Pages(pages: try pages(counts: 5))
    func after(_ planned: [PlannedStep]) throws -> Counting {
      try planned.reduce(.whole) { try $0.after($1.step(for: pages, axis: .y)) }
    }
    let region = ImageRegion(rows: 0..<8, columns: 0..<8)
    #expect(try after([.hotPixels(threshold: 12), .crop(region), .bin(3, sums: true)]) == .whole)
    #expect(try after([.deadLines]) == .whole)
    #expect(try after([.pad(2), .hotPixels(threshold: 12)]) == .shared)
    #expect(try after([.bin(2, sums: false)]) == .ended(by: "bin"))
    #expect(try after([.background(.vacuum), .pad(2)]) == .ended(by: "background"))
    #expect(try after([.normalise(.total), .background(.vacuum)]) == .ended(by: "normalise"))
    #expect(try after([.beerLambert(.value(100))]) == .ended(by: "beerLambert"))
    #expect(try after([.taper(3)]) == .ended(by: "taper"))
    #expect(try after([.cosineThickness]) == .ended(by: "cosineThickness"))
    #expect(Counting.whole.isHeld && Counting.shared.isHeld && !Counting.ended(by: "bin").isHeld)
    let dead = Counting.whole.after(DeadLineFilling(rows: [3], columns: []))
    #expect(dead == .shared)
  }

  @Test("Sums of counts are whole, whichever the square")
  func sums() throws {
    for factor in [3, 5, 7] {
      let page = Image((0..<42 * 42).map { Float(($0 * 7919) % 100_003) }, columnCount: 42)
      let sums = Binning(factor, sums: true).apply(to: page, index: 0).page
      for row in 0..<sums.rowCount {
        for column in 0..<sums.columnCount {
          let places = (0..<factor * factor).map { i in
            page[row * factor + i / factor, column * factor + i % factor]
          }
          #expect(sums[row, column] == places.reduce(0, +))
        }
      }
    }
  }

  @Test("Bias and variance of a logarithm of counts are those of sums over their probabilities")
  func logarithm() throws {
    for (mean, beam, bias, variance) in [
      (2, 40, 0.8408226205903095, 4.775328398042261),
      (10, 40, 0.05545867932374082, 0.12296391431367559),
      (100, 400, 0.005042438415306938, 0.010153706958614487),
    ] {
      let page = Image([Float](repeating: Float(mean), count: 64), columnCount: 8)
      let step = try BeerLambert(.value(Double(beam)), pages: Pages(pages: [page]))
      #expect(abs(step.counts[0].bias / bias - 1) < 2e-3)
      #expect(abs(step.counts[0].variance / variance - 1) < 2e-3)
      #expect(abs(step.counts[0].attenuation - log(Double(beam / mean))) < 1e-9)
      #expect(abs(step.ofCounts.precisions[0] * step.counts[0].variance - 1) < 1e-12)
    }
  }
}
