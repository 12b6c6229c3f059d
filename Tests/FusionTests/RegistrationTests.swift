import Fields
import Foundation
import Imaging
import RealModule
import Fusion
import StackIO
import TestSupport
import Testing
import Statistics

/// Sums of Gaussians whose centres are known, so that a shift moves centres and no pixel is interpolated.
private struct Blobs {
  let size = 96
  /// Column, row, width and height of each.
  let gold: [(Double, Double, Double, Double)]
  let nickel: [(Double, Double, Double, Double)]
  var counts = 12.0
  var background = 0.3
  /// HAADF of nickel where that of gold is 400; by default as (28 / 79)^1.7.
  var nickelSignal = 68.6
  var seed: UInt64 = 1

  /// A group of particles in vacuum.
  static let group = Blobs(
    gold: [(40, 38, 5, 1), (58, 50, 3.2, 0.8), (30, 60, 2.6, 1)],
    nickel: [(52, 30, 4, 0.8), (45, 62, 5, 0.7), (66, 62, 3, 0.9)])

  /// Columns over the whole field and beyond, `period` apart, nickel between gold.
  static func lattice(_ period: Double) -> Blobs {
    let places = (-3..<16).flatMap { i in (-3..<16).map { (Double(i), Double($0)) } }
    return Blobs(
      gold: places.map { (period * $0.0 + 2, period * $0.1 + 3, 1.9, 1) },
      nickel: places.map { (period * ($0.0 + 0.5) + 2, period * ($0.1 + 0.5) + 3, 1.9, 1) })
  }

  /// Of nickel in HAADF's frame, `[row][column]`.
  var truth: [Double] { picture(nickel, 0, 0) }

  private func picture(
    _ blobs: [(Double, Double, Double, Double)], _ right: Double, _ down: Double, wider: Double = 0
  ) -> [Double] {
    var pixels = [Double](repeating: 0, count: size * size)
    for (x, y, width, height) in blobs {
      let variance = width * width + wider * wider
      let peak = height * width * width / variance
      for row in 0..<size where abs(Double(row) - y - down) < 5 * variance.squareRoot() {
        for column in 0..<size where abs(Double(column) - x - right) < 5 * variance.squareRoot() {
          let (u, v) = (Double(column) - x - right, Double(row) - y - down)
          pixels[row * size + column] += peak * .exp(-(u * u + v * v) / (2 * variance))
        }
      }
    }
    return pixels
  }

  private func drawn(_ mean: [Double], side: Int, detector: Int) -> Image {
    let pixels = mean.indices.map { i in
      var random = SplitMix64(seed: seed, tilt: detector, slice: i / side, bin: i % side)
      return Float(Poisson(mean: mean[i]).sample(using: &random))
    }
    return Image(pixels, columnCount: side)
  }

  /// HAADF, blurred by 1.2 pixels, over an offset, and maps that are shifted.
  func detectors(
    gold: (Double, Double), nickel: (Double, Double)? = nil, binning k: Int = 1
  ) throws -> ImageDetectors {
    let signal = zip(picture(self.gold, 0, 0, wider: 1.2), picture(self.nickel, 0, 0, wider: 1.2))
      .map { 400 * $0 + (nickel == nil ? 0 : nickelSignal * $1) + 50 }
    var maps: [ImageDetectors.Map] = []
    for (e, (symbol, blobs, shift)) in [
      ("Au", self.gold, gold), ("Ni", self.nickel, nickel ?? (0, 0)),
    ].enumerated() where e == 0 || nickel != nil {
      let fine = picture(blobs, shift.0, shift.1)
      let side = size / k
      let mean = (0..<side * side).map { i in
        let corner = i / side * k * size + i % side * k
        let sum = (0..<k * k).reduce(0.0) { $0 + fine[corner + $1 / k * size + $1 % k] }
        return counts * sum / Double(k * k) + background
      }
      var map = ImageDetectors.Map(
        try ChemicalElement(symbol), drawn(mean, side: side, detector: e + 1))
      map.noise = .poisson(background: background)
      maps.append(map)
    }
    return ImageDetectors(drawn(signal, side: size, detector: 0), maps)
  }
}

/// A real HAADF image and its maps, where they lie in `shared/data/dysco3` above the package.
private let crystal: URL? = {
  var folder = packageFolder
  for _ in 0..<4 {
    let place = folder.appending(path: "shared/data/dysco3")
    if FileManager.default.fileExists(atPath: place.path) { return place }
    folder = folder.deletingLastPathComponent()
  }
  return nil
}()

@Suite struct RegistrationTests {
  private func deviation(_ shift: MapShift, _ right: Double, _ down: Double) throws -> Double {
    let found = try #require(shift.measured)
    return max(
      abs(found.right - right) / found.rightError, abs(found.down - down) / found.downError)
  }

  private func shifts(_ detectors: ImageDetectors) throws -> [MapShift] {
    try detectors.registered().maps.map { try #require($0.shift) }
  }

  @Test(
    "A shift that two maps share is found to a tenth of a pixel",
    arguments: [(1.37, -0.62), (-2.5, 2.5), (0, 7.25)])
  func common(shift: (Double, Double)) throws {
    let found = try shifts(try Blobs.group.detectors(gold: shift, nickel: shift))
    #expect(found[0] == found[1] && found[0].source == .common)
    let measured = try #require(found[0].measured)
    #expect(measured.rightError < 0.15 && measured.downError < 0.15)
    #expect(try deviation(found[0], shift.0, shift.1) < 3)
    #expect(found[0].right == measured.right && found[0].down == measured.down)
  }

  @Test("Errors say how far off the shift is: over 24 draws they are right within a third")
  func errors() throws {
    var squares = 0.0
    for seed in 0..<24 {
      var blobs = Blobs.group
      (blobs.seed, blobs.counts) = (UInt64(seed), seed % 2 == 0 ? 0.6 : 4)
      let found = try #require(
        try shifts(try blobs.detectors(gold: (0.8, -1.3), nickel: (0.8, -1.3)))[0].measured)
      let (x, y) = (
        (found.right - 0.8) / found.rightError, (found.down + 1.3) / found.downError
      )
      squares += (x * x + y * y) / 48
    }
    #expect((0.45...1.8).contains(squares))
  }

  @Test("Aligned maps keep their place exactly, and the data stay what they were")
  func aligned() throws {
    let detectors = try Blobs.group.detectors(gold: (0, 0), nickel: (0, 0))
    let registered = try detectors.registered()
    for map in registered.maps {
      let shift = try #require(map.shift)
      #expect(shift.source == .withinNoise && shift.right == 0 && shift.down == 0)
    }
    let (before, after) = (try detectors.data(), try registered.data())
    #expect(areIdentical(before.maps[0].measurement, after.maps[0].measurement))
    #expect(after.maps[0].imaging is PlainView)
  }

  @Test("Maps of larger pixels are shifted in pixels of HAADF")
  func binned() throws {
    let found = try shifts(
      try Blobs.group.detectors(gold: (1.5, -2.25), nickel: (1.5, -2.25), binning: 2))
    #expect(found[0].source == .common)
    #expect(try deviation(found[0], 1.5, -2.25) < 3)
  }

  @Test("A map that lies elsewhere than the others gets a shift of its own")
  func own() throws {
    var blobs = Blobs.group
    blobs.nickelSignal = 250
    let found = try shifts(try blobs.detectors(gold: (0.7, 0), nickel: (-2, 2)))
    #expect(found[1].source == .own)
    #expect(try deviation(found[0], 0.7, 0) < 3.5)
    #expect(try deviation(found[1], -2, 2) < 3.5)
  }

  @Test("On a lattice the smallest shift counts, and none goes beyond half a period")
  func lattice() throws {
    let found = try shifts(try Blobs.lattice(12).detectors(gold: (0.8, -0.4), nickel: (0.8, -0.4)))
    #expect(try deviation(found[0], 0.8, -0.4) < 3.5)
    // 11 pixels to the right is one to the left.
    let far = try shifts(try Blobs.lattice(12).detectors(gold: (11, 0), nickel: (11, 0)))
    #expect(try deviation(far[0], -1, 0) < 3.5)
    #expect(far.allSatisfy { $0.right > -2 && $0.right < 0 })
  }

  @Test("A map that has nothing in common with HAADF is not shifted, and faint ones neither")
  func unrelated() throws {
    var silent = Blobs.group
    silent.counts = 0
    silent.background = 0.5
    let found = try shifts(try silent.detectors(gold: (2, 0)))
    #expect(found[0].source == .unrelated && found[0].right == 0 && found[0].down == 0)
    var faint = Blobs.group
    (faint.counts, faint.background) = (0.02, 0.01)
    for shift in try shifts(try faint.detectors(gold: (0, 0), nickel: (0, 0))) {
      #expect(shift.right == 0 && shift.down == 0)
    }
  }

  @Test("What lies beyond an eighth of the field is refused, and given shifts beyond a quarter")
  func refusals() throws {
    let far = try Blobs.group.detectors(gold: (-14, 0), nickel: (-14, 0))
    #expect {
      _ = try far.registered()
    } throws: { error in
      guard case .apart(let right, _) = error as? FusionError else { return false }
      return right <= -12
    }
    var given = try Blobs.group.detectors(gold: (0, 0)).maps[0]
    given.shift = MapShift(right: 0, down: 25)
    let haadf = try Blobs.group.detectors(gold: (0, 0)).haadf
    #expect(throws: FusionError.shift("Au", right: 0, down: 25, haadf: [96, 96])) {
      _ = try ImageDetectors(haadf, [given]).data()
    }
  }

  @Test(
    "Shifted maps are fused as well as aligned ones, in HAADF's frame, and given shifts are taken")
  func fused() throws {
    func result(_ shift: (Double, Double), given: MapShift? = nil) throws -> FusionResult {
      let known = try Blobs.group.detectors(gold: shift, nickel: shift)
      var detectors = ImageDetectors(
        known.haadf,
        known.maps.map {
          var map = $0
          (map.scale, map.shift) = (12, given)
          return map
        })
      detectors.spread = try PointSpread(gaussian: [0, 1.2, 1.2])
      var fusion = SensorFusion()
      fusion.model = .linear
      return try fusion.fuse(try detectors.registered().data())
    }
    let shape = SlabShape(sliceCount: 96, pageCount: 1, positionCount: 96)
    let truth = Blobs.group.truth
    func error(_ concentrations: FloatStorage) -> Double {
      let part = concentrations.part(shape.count..<2 * shape.count)
      let nickel = Image(part.span, shape).pixels
      let sum = zip(nickel, truth).reduce(0.0) {
        $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
      }
      return (sum / Double(truth.count)).squareRoot()
    }
    let aligned = try result((0, 0))
    let shifted = try result((2.4, -1.8))
    let given = try result((2.4, -1.8), given: MapShift(right: 2.4, down: -1.8))
    let blind = try result((2.4, -1.8), given: MapShift(right: 0, down: 0))
    #expect(shifted.isConsistent && given.elements[0].shift.source == .given)
    #expect(error(shifted.fused) < 1.15 * error(aligned.fused))
    #expect(error(given.fused) < 1.15 * error(aligned.fused))
    func chi2(_ result: FusionResult) -> Double { result.elements[1].consistency.blockChi2 }
    #expect(error(blind.fused) > 1.3 * error(shifted.fused))
    #expect(chi2(blind) > 1.5 * chi2(shifted))
    // The maps alone come in HAADF's frame as well.
    #expect(error(shifted.denoised) < 1.15 * error(aligned.denoised))
    #expect(error(blind.denoised) > 1.5 * error(shifted.denoised))
  }

  @Test(
    "Maps of a real crystal lie within a pixel, and not a period of its lattice off",
    .enabled(if: crystal != nil, "shared/data/dysco3 is not there"))
  func dysprosiumScandate() throws {
    let folder = try #require(crystal)
    func image(_ name: String) throws -> Image {
      var reader = try StackReader(path: folder.appending(path: name + ".tif").path)
      let shape = reader.info.shape
      var pixels = [Float](repeating: 0, count: shape.pixelsPerPage)
      var values = pixels.mutableSpan
      try reader.readPage(0, into: &values)
      return Image(pixels, columnCount: shape.columnCount)
    }
    let detectors = ImageDetectors(
      try image("HAADF"),
      try ["Sc", "Dy", "O"].map {
        var map = ImageDetectors.Map(try ChemicalElement($0), try image($0))
        map.noise = .gaussian(sigma: nil)
        return map
      })
    for shift in try shifts(detectors) {
      #expect(abs(shift.right) < 1 && abs(shift.down) < 1)
    }
  }
}
