import Fields
import Foundation
import Phantoms
import Testing

@Suite("Read noise")
struct ReadNoiseTests {
  /// One case of `Golden/read_noise.json`.
  private struct Reference: Decodable {
    let mean: Double
    let rms: Double
    let deviation: Double
    let skewness: Double
    let places: [Double]
    let below: [Double]
  }

  private func references() throws -> [Reference] {
    let url = Bundle.module.bundleURL.appending(path: "Golden/read_noise.json")
    return try JSONDecoder().decode([Reference].self, from: Data(contentsOf: url))
  }

  private func flat(_ sliceCount: Int = 64) -> TiltSeries {
    let shape = TiltSeriesShape(tiltCount: 1, binCount: 1000, sliceCount: sliceCount)
    var series = TiltSeries(zeros: shape, tilts: [0])
    for y in 0..<sliceCount { for bin in 0..<1000 { series[0, y, bin] = 2 } }
    return series
  }

  @Test("counts with read noise are distributed as Poisson and normal numbers added up")
  func distribution() throws {
    for reference in try references() {
      var series = flat()
      let model = NoiseModel.poisson(
        counts: reference.mean, readNoise: reference.rms, output: .counts)
      _ = try model.apply(to: &series, seed: 11)
      let values = (0..<64).flatMap { y in (0..<1000).map { Double(series[0, y, $0]) } }
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      #expect(abs(mean - reference.mean) < 4.5 * reference.deviation / n.squareRoot())
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      let kurtosis = 3 + reference.mean / pow(reference.deviation, 4)
      #expect(
        abs(square / pow(reference.deviation, 2) - 1) < 4.5 * ((kurtosis - 1) / n).squareRoot())
      let cube = values.reduce(0) { $0 + pow($1 - mean, 3) } / n / pow(square, 1.5)
      #expect(abs(cube - reference.skewness) < 0.08)
      for (place, part) in zip(reference.places, reference.below) {
        let found = Double(values.count { $0 <= place }) / n
        #expect(abs(found - part) < 4.5 * (part * (1 - part) / n).squareRoot(), "\(reference.rms)")
      }
    }
  }

  @Test("line integrals carry the read noise over the counts of a unit")
  func lineIntegrals() throws {
    var (counts, integrals) = (flat(2), flat(2))
    for (series, output) in [(0, NoiseModel.Output.counts), (1, .lineIntegrals)] {
      let model = NoiseModel.dose(
        perSquareNanometre: 80, collectedFraction: 0.5, readNoise: 3, output: output)
      if series == 0 {
        counts.pixelSize = 1
        _ = try model.apply(to: &counts, seed: 4)
      } else {
        integrals.pixelSize = 1
        #expect(try model.apply(to: &integrals, seed: 4).countsPerUnit == 20)
      }
    }
    #expect((0..<1000).allSatisfy { abs(integrals[0, 1, $0] * 20 - counts[0, 1, $0]) < 1e-4 })
    #expect((0..<1000).contains { counts[0, 1, $0] != counts[0, 1, $0].rounded() })
  }

  @Test("without read noise the counts are whole, and the same as those of a model that has none")
  func without() throws {
    var (bare, zero) = (flat(2), flat(2))
    _ = try NoiseModel.poisson(counts: 9, output: .counts).apply(to: &bare, seed: 4)
    _ = try NoiseModel.poisson(counts: 9, readNoise: 0, output: .counts).apply(to: &zero, seed: 4)
    #expect((0..<1000).allSatisfy { bare[0, 1, $0] == zero[0, 1, $0] })
    #expect((0..<1000).allSatisfy { bare[0, 1, $0] == bare[0, 1, $0].rounded() })
  }
}
