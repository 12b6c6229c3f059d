import AlgebraicReconstruction
import Alignment
import Fields
import Phantoms
import Plots
import Statistics

/// How well known shifts, a turned and an offset tilt axis are found.
///
/// Exact projections of phantoms at ±70° by 2°, moved by up to ±10 pixels both ways, the axis turned by 3° and 4 pixels
/// off, noise added after that. Errors are what is left after the one free shift of the object.
struct AlignmentStudy {
  private let folder: String
  private let isQuick: Bool
  private let workers: Workers
  private let width: Int
  private let largest: Double

  init(_ folder: String, isQuick: Bool, _ workers: Workers) {
    (self.folder, self.isQuick, self.workers) = (folder, isQuick, workers)
    (width, largest) = isQuick ? (64, 5) : (128, 10)
  }

  func run() throws -> StudyResult {
    var table = Table([
      "phantom", "noise", "seed", "across", "along", "turn", "offset", "coarse", "heldOut",
      "seconds",
    ])
    var claims: [StudyResult.Claim] = []
    let noises: [(name: String, model: NoiseModel, factor: Double)] = [
      ("2 %", .relativeGaussian(fraction: 0.02), 1),
      ("100 counts", .poisson(counts: 100, output: .lineIntegrals), 2),
    ]
    let names =
      isQuick ? ["particles"] : ["particles", "core-shell", "polyhedra", "shepp-logan", "chiral"]
    for name in names {
      let recipe = try PhantomRecipe(reading: "\(folder)/\(name).json")
      for noise in noises {
        var failures = 0
        let seeds = isQuick ? 1 : 10
        for seed in 1...seeds {
          let found = try errors(recipe, noise.model, seed: UInt64(seed))
          let isGood =
            found.across <= 0.25 * noise.factor && found.along <= 0.15 * noise.factor
            && abs(found.turn) <= 0.15 * noise.factor && abs(found.offset) <= 0.3 * noise.factor
          if !isGood { failures += 1 }
          try table.append([
            .text(name), .text(noise.name), .integer(seed), .number(found.across),
            .number(found.along), .number(found.turn), .number(found.offset), .text(found.coarse),
            .number(found.heldOut), .number(found.seconds),
          ])
        }
        claims.append(
          StudyResult.Claim(
            words: "\(name), \(noise.name): \(seeds - failures) of \(seeds) within the limits",
            holds: failures == 0))
      }
    }
    return StudyResult(table: table, claims: claims)
  }

  /// Pixels and degrees.
  struct Errors {
    let across, along, turn, offset, heldOut, seconds: Double
    let coarse: String
  }

  private func errors(
    _ recipe: PhantomRecipe, _ noise: NoiseModel, seed: UInt64
  ) throws -> Errors {
    let tilts = (0..<71).map { -70 + 2 * Double($0) }
    let inner = VolumeShape(width: width * 3 / 4, depth: width * 3 / 4, sliceCount: width * 5 / 8)
    let phantom = try Phantom(recipe, volume: inner, voxelSize: nil)
    let clean = phantom.project(degrees: tilts, binCount: width, workers: workers)
    var random = SplitMix64(seed: seed)
    let truth = tilts.map { _ in
      Placement(across: 4 * Double(width) / 128).then(Placement(rotation: 3 * .pi / 180)).then(
        Placement(across: random.uniform(within: largest), along: random.uniform(within: largest)))
    }
    let rows = width * 7 / 8
    var pages = tilts.indices.map { k -> Image in
      let pixels = Image(clean.projections.span, clean.shape.slabs, page: k).pixels
      let pad = [Float](repeating: 0, count: (rows - inner.sliceCount) / 2 * width)
      var page = SplinePage(Image(pad + pixels + pad, columnCount: width)).placed(truth[k]).page
      for i in page.pixels.indices { page.pixels[i] = max(page.pixels[i], 0) }
      return page
    }
    let count = pages[0].rowCount
    let shape = TiltSeriesShape(tiltCount: tilts.count, binCount: width, sliceCount: count)
    var series = TiltSeries(zeros: shape, tilts: tilts)
    let place = PageMap(shape.slabs, axis: .y)
    for (k, page) in pages.enumerated() {
      var span = series.projections.mutableSpan
      place.place(page.pixels.span, page: k, into: &span)
    }
    _ = try noise.apply(to: &series, seed: seed, workers: workers)
    pages = pages.indices.map { Image(series.projections.span, shape.slabs, page: $0) }
    var aligner = SeriesAligner(
      try OSSART(iterations: 8, constraint: try VoxelConstraint(isNonNegative: true)))
    aligner.workers = workers
    let clock = ContinuousClock()
    let began = clock.now
    let found = try aligner.align(pages, tilts: tilts)
    let seconds = (clock.now - began) / .seconds(1)
    let left = AlignmentResidual(zip(truth, found.placements).map { $0.then($1) }, tilts: tilts)
    return Errors(
      across: left.across, along: left.along, turn: left.turn, offset: left.offset,
      heldOut: found.rounds.last?.heldOutError ?? 1, seconds: seconds, coarse: found.coarseChoice)
  }
}
