import Foundation
import Preparation
import Testing
import Transforms

@Suite struct PictureSpectrumTests {
  /// Three Gaussians, moved by a fraction of a pixel.
  private func picture(_ down: Double, _ right: Double) -> [Float] {
    let blobs: [[Double]] = [[20, 14, 2, 1], [28, 30, 3, 0.7], [12, 33, 1.5, 1.2]]
    return (0..<40 * 48).map { (i: Int) -> Float in
      let (row, column) = (Double(i / 48) - down, Double(i % 48) - right)
      var sum = 0.0
      for blob in blobs {
        let (y, x) = (row - blob[0], column - blob[1])
        sum += blob[3] * exp(-(y * y + x * x) / (2 * blob[2] * blob[2]))
      }
      return Float(sum)
    }
  }

  @Test(
    "A shift is found to a twentieth of a pixel, with its sign",
    arguments: [(0.0, 0.0), (3.3, -2.6), (-1.45, 4.8)])
  func shift(_ shift: (Double, Double)) {
    let (transform, filter) = (PlaneTransform(rows: 40, columns: 48), BandPass(narrow: 1, wide: 4))
    let spectra = [picture(shift.0, shift.1), picture(0, 0)].map {
      PictureSpectrum(filter.filtered($0, columnCount: 48), transform)
    }
    let found = spectra[0].shift(against: spectra[1], transform, reach: 8)
    #expect(abs(found.rows - shift.0) < 0.05 && abs(found.columns - shift.1) < 0.05, "\(found)")
    #expect(found.correlation > 0.97 && found.correlation <= 1)
  }

  @Test("An empty picture correlates with nothing")
  func empty() {
    let transform = PlaneTransform(rows: 8, columns: 8)
    let nothing = PictureSpectrum([Float](repeating: 0, count: 64), transform)
    #expect(nothing.shift(against: nothing, transform, reach: 3).correlation == 0)
  }
}
