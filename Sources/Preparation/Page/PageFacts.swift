package import Fields
import Statistics

/// What one page tells about itself; dead lines and spikes are taken out of all but their own counts.
package struct PageFacts: Sendable, Hashable, Codable {
  package let mean: Double
  package let deviation: Double
  package let minimum: Double
  package let maximum: Double
  /// Pixels that hold the very smallest, and the very largest value.
  package let atMinimum: Int
  package let atMaximum: Int
  /// Values that are NaN or infinite.
  package let nonFinite: Int
  package let brightSpikes: Int
  package let darkSpikes: Int
  /// Rows and columns, from 1, that lie beyond all their neighbours from end to end, or hold one value.
  package let deadRows: [Int]
  package let deadColumns: [Int]
  /// The value of vacuum, and the standard deviation of a pixel of it.
  package internal(set) var vacuum: Double
  package internal(set) var vacuumDeviation: Double
  /// The part of the margin that is vacuum.
  package internal(set) var vacuumShare: Double
  /// The mean above vacuum.
  package internal(set) var total: Double
  /// The strongest half per cent of the gradients of 2 × 2 means, over the range of the page.
  package let sharpness: Double
  /// The centre of what stands out of vacuum, in pixels from the top left one.
  package internal(set) var centreRow: Double
  package internal(set) var centreColumn: Double
  /// What stands out at the four margins, over its largest value in a row or column.
  package internal(set) var margins: Margins
  /// The darkest and the brightest plain part.
  package let parts: PlainParts
  /// Of the bits of all pixels (FNV-1a).
  package let digest: UInt64

  package struct Margins: Sendable, Hashable, Codable {
    package let top: Double
    package let bottom: Double
    package let left: Double
    package let right: Double
  }

  /// `true` where all pixels hold one value, or nothing but noise is there and little of it.
  var isConstant: Bool { minimum == maximum }
}

/// A page as `check` keeps it: facts, a small picture and what its noise tells.
package struct PageSurvey: Sendable {
  package private(set) var facts: PageFacts
  let coarse: Image
  /// Pixels of the page along the edge of one of ``coarse``.
  private let coarseFactor: Int
  let noise: [SecondDifference]

  /// Cleans the page in place, so that no more than half of it is held besides.
  package init(_ page: consuming Image) {
    var clean = page
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for pixel in clean.pixels { digest = (digest ^ UInt64(pixel.bitPattern)) &* 0x100_0000_01B3 }
    var nonFinite = 0
    for i in clean.pixels.indices where !clean.pixels[i].isFinite {
      clean.pixels[i] = 0
      nonFinite += 1
    }
    let (rows, columns) = (DeadLines.rows(clean), DeadLines.columns(clean))
    DeadLines.fill(&clean, rows: rows, columns: columns)
    let spikes = SpikeSearch().clean(&clean)
    let vacuum = VacuumLevel(clean)
    var (sum, squares) = (0.0, 0.0)
    var (low, high) = (Float.infinity, -Float.infinity)
    for pixel in clean.pixels {
      sum += Double(pixel)
      (low, high) = (min(low, pixel), max(high, pixel))
    }
    let mean = sum / Double(clean.pixels.count)
    var (atLow, atHigh) = (0, 0)
    for pixel in clean.pixels {
      squares += (Double(pixel) - mean) * (Double(pixel) - mean)
      if pixel == low { atLow += 1 }
      if pixel == high { atHigh += 1 }
    }
    (coarse, coarseFactor) = (clean.coarse, clean.coarseFactor)
    let parts = PlainParts(clean)
    let mass = PageMass(clean, vacuum, parts, slope: VacuumPlane(clean))
    facts = PageFacts(
      mean: mean, deviation: (squares / Double(clean.pixels.count)).squareRoot(),
      minimum: Double(low), maximum: Double(high), atMinimum: atLow, atMaximum: atHigh,
      nonFinite: nonFinite, brightSpikes: spikes.count(where: \.isBright),
      darkSpikes: spikes.count(where: { !$0.isBright }),
      deadRows: rows, deadColumns: columns,
      vacuum: vacuum.value, vacuumDeviation: vacuum.deviation, vacuumShare: vacuum.share,
      total: clean.mean - vacuum.value, sharpness: clean.sharpness,
      centreRow: mass.centreRow, centreColumn: mass.centreColumn, margins: mass.margins,
      parts: parts, digest: digest)
    noise = clean.secondDifferences
  }

  /// The survey with vacuum at a level that its margins do not show, to the precision of the small picture.
  func with(vacuum level: Double) -> PageSurvey {
    var survey = self
    let vacuum = VacuumLevel(level, facts.parts)
    let mass = PageMass(coarse, vacuum, facts.parts, slope: nil)
    // The middle of the first square of f pixels lies at (f - 1) / 2.
    let factor = Double(coarseFactor)
    func place(_ small: Double) -> Double { small * factor + (factor - 1) / 2 }
    survey.facts.total += facts.vacuum - level
    (survey.facts.vacuum, survey.facts.vacuumDeviation) = (level, vacuum.deviation)
    survey.facts.vacuumShare = vacuum.share
    (survey.facts.centreRow, survey.facts.centreColumn) = (
      place(mass.centreRow), place(mass.centreColumn)
    )
    survey.facts.margins = mass.margins
    return survey
  }
}

extension Image {
  /// The mean of the strongest half per cent of gradients of 2 × 2 means, over the range of the page.
  var sharpness: Double {
    guard min(rowCount, columnCount) >= 6 else { return 0 }
    let half = binned(by: 2)
    var squares: [Float] = []
    squares.reserveCapacity(half.pixels.count)
    for row in 0..<half.rowCount - 1 {
      for column in 0..<half.columnCount - 1 {
        let here = half[row, column]
        let (across, down) = (half[row, column + 1] - here, half[row + 1, column] - here)
        squares.append(across * across + down * down)
      }
    }
    squares.sort()
    let strong = squares[(squares.count * 199 / 200)...]
    let sorted = half.sample
    let range = Double(quantile(sorted, 0.995) - quantile(sorted, 0.01))
    guard range > 0 else { return 0 }
    return strong.reduce(0) { $0 + Double($1).squareRoot() } / Double(strong.count) / range
  }
}
