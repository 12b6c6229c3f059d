import Fields
import Statistics

/// What single pages show: values, blanks, copies, saturation, spikes, dead lines, brightness and sharpness.
struct PageChecks {
  let facts: [PageFacts]
  let coarse: [Image]
  let context: SeriesContext
  let pixelCount: Int
  /// What the field leaves of the object.
  var reach = FieldReach.Verdict.inside

  /// Pages without any picture, which other checks leave out.
  let blank: Set<Int>

  init(_ pages: [PageSurvey], _ context: SeriesContext, pixelCount: Int) {
    (facts, coarse) = (pages.map(\.facts), pages.map(\.coarse))
    (self.context, self.pixelCount) = (context, pixelCount)
    // Averaged down to some 32 pixels, noise has little left of its own deviation.
    let contrasts = coarse.map { page -> Double in
      let small = page.binned(by: max(1, min(page.rowCount, page.columnCount) / 32))
      let mean = small.mean
      let sum = small.pixels.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (sum / Double(small.pixels.count)).squareRoot()
    }
    let usual = upperMedian(contrasts)
    blank = Set(
      contrasts.indices.filter { pages[$0].facts.isConstant || contrasts[$0] < 0.2 * usual })
  }

  func findings() -> [Finding] {
    [values, blanks, duplicates, saturation, spikes, deadLines, exposure, drift, sharpness]
  }

  private var values: Finding {
    let bad = facts.indices.filter { facts[$0].nonFinite > 0 }
    guard !bad.isEmpty else { return Finding(.values, .passed, "All values are finite.") }
    let count = bad.reduce(0) { $0 + facts[$1].nonFinite }
    return Finding(
      .values, .fault, "\(count) values on \(pageWords(bad.map { $0 + 1 })) are not finite.",
      cure: "prepare --replace-nonfinite VALUE, or fix the stack."
    ).on(bad.map { $0 + 1 })
  }

  private var blanks: Finding {
    let pages = blank.sorted().map { $0 + 1 }
    guard !pages.isEmpty else { return Finding(.blank, .passed, "No page is blank.") }
    return Finding(
      .blank, .fault,
      "\(pageWords(pages).capitalisedFirst) \(pages.count == 1 ? "is" : "are") blank.",
      cure: "Leave them out: prepare --exclude \(pages.map { "\($0)" }.joined(separator: ","))."
    ).on(pages)
  }

  private var duplicates: Finding {
    let pages = facts.indices.filter { !blank.contains($0) }
    let groups = Dictionary(grouping: pages) { facts[$0].digest }.values.filter { $0.count > 1 }
    guard let first = groups.min(by: { $0[0] < $1[0] })?.map({ $0 + 1 }) else {
      return Finding(.duplicate, .passed, "No page is a copy of another.")
    }
    let all = groups.flatMap { $0.map { $0 + 1 } }.sorted()
    return Finding(
      .duplicate, .fault,
      "\(pageWords(first).capitalisedFirst) contain the same image"
        + (groups.count > 1 ? ", and so do \(groups.count - 1) other groups." : "."),
      cure:
        "Get the missing page from the microscope's files, or leave the copy out (prepare --exclude)."
    ).on(all)
  }

  /// Many pixels at the very largest value.
  private var saturation: Finding {
    let least = max(10, pixelCount / 5_000)
    let pages = facts.indices.filter {
      facts[$0].atMaximum >= least && facts[$0].atMaximum < pixelCount / 2 && !blank.contains($0)
    }
    guard !pages.isEmpty else {
      return Finding(.saturation, .passed, "No page is saturated.")
    }
    let most = pages.map { facts[$0].atMaximum }.max() ?? 0
    return Finding(
      .saturation, .warning,
      """
      \(pageWords(pages.map { $0 + 1 }).capitalisedFirst) hold\(pages.count == 1 ? "s" : "") up to \
      \(most) pixels at the largest value: saturated.
      """, cure: "Take the series at less gain; thick parts will come out too thin."
    ).on(pages.map { $0 + 1 }).scored(Double(most) / Double(pixelCount), limit: 1.0 / 5_000)
  }

  private var spikes: Finding {
    let counts = facts.map { $0.brightSpikes + $0.darkSpikes }
    let (total, most) = (counts.reduce(0, +), counts.max() ?? 0)
    let share = Double(total) / Double(pixelCount * max(facts.count, 1))
    let score = Double(most) / Double(pixelCount)
    guard total > 0 else { return Finding(.spikes, .passed, "No hot or dead pixels.") }
    let pages = counts.indices.filter { counts[$0] > 0 }.map { $0 + 1 }
    let words = """
      \(total) pixels stand out (\(facts.reduce(0) { $0 + $1.brightSpikes }) bright, \
      \(facts.reduce(0) { $0 + $1.darkSpikes }) dark), \(short(100 * share)) % in total and at most \(most) per page.
      """
    // A few X-rays a page hardly show; many streak through every slice.
    return Finding(
      .spikes, score > 2e-4 ? .warning : .note, words, cure: "prepare --hot-pixels removes them."
    ).on(pages).scored(score, limit: 2e-4)
  }

  private var deadLines: Finding {
    func often(_ lines: [[Int]]) -> [Int] {
      Dictionary(grouping: lines.joined(), by: \.self).filter { 2 * $0.value.count > facts.count }
        .keys.sorted()
    }
    let (rows, columns) = (often(facts.map(\.deadRows)), often(facts.map(\.deadColumns)))
    guard !rows.isEmpty || !columns.isEmpty else {
      return Finding(.deadLines, .passed, "No dead row or column.")
    }
    let parts = [("row", rows), ("column", columns)].filter { !$0.1.isEmpty }.map { name, lines in
      "\(name)\(lines.count == 1 ? "" : "s") \(lines.map { "\($0)" }.joined(separator: ", "))"
    }
    return Finding(
      .deadLines, .warning, "Dead on most pages: \(parts.joined(separator: "; ")).",
      cure: "prepare --dead-lines fills them from both sides.")
  }

  /// What shows the exposure of some pages: the mean above vacuum, or how bright a slab that fills the field is.
  private func exposures(_ pages: [Int]) -> [Double]? {
    guard reach == .fills else {
      let totals = pages.map { abs(facts[$0].total) }
      return upperMedian(totals) > Self.noiseOfMean(facts, pixelCount) ? totals : nil
    }
    return SlabLevels(
      pages.map { (facts[$0].parts, facts[$0].mean) }, degrees: pages.map { context.tilts[$0] }
    ).exposures
  }

  /// What makes exposures alike.
  private var normalising: String? {
    switch reach {
    case .inside, .touches: "prepare --normalise total"
    case .fills: "prepare --normalise slab"
    // The total changes with what comes into view.
    case .beyond: nil
    }
  }

  /// Exposures against those of the six neighbours in tilt.
  private var exposure: Finding {
    let order = context.ascending.filter { !blank.contains($0) }
    guard order.count >= 5, let totals = exposures(order) else {
      return Finding(
        .exposure, .note, "There is too little signal above vacuum to compare exposures.")
    }
    let ratios = zip(totals, neighbourMedians(totals, reach: 3)).map { $1 > 0 ? $0 / $1 : 1 }
    let limit = max(0.1, 6 * robustDeviation(ratios))
    let odd = ratios.indices.filter { abs(ratios[$0] - 1) > limit }
    let worst = ratios.map { abs($0 - 1) }.max() ?? 0
    guard !odd.isEmpty else {
      return Finding(
        .exposure, .passed, "Exposure agrees between neighbours within \(short(100 * worst)) %."
      ).scored(worst, limit: limit)
    }
    let pages = odd.map { order[$0] + 1 }.sorted()
    return Finding(
      .exposure, .warning,
      """
      \(pageWords(pages).capitalisedFirst) \(pages.count == 1 ? "is" : "are") up to \
      \(short(100 * worst)) % brighter or darker than neighbours.
      """,
      cure: (normalising.map { $0 + ", or leave" } ?? "Leave") + " them out (prepare --exclude)."
    ).on(pages).scored(worst, limit: limit)
  }

  /// The change of the total over the pages, by the median of slopes between all pairs.
  private var drift: Finding {
    let pages = facts.indices.filter { !blank.contains($0) }
    guard pages.count >= 5, let totals = exposures(pages) else {
      return Finding(.drift, .note, "There is too little signal above vacuum to measure a drift.")
    }
    let middle = upperMedian(totals)
    var slopes: [Double] = []
    for (i, a) in pages.enumerated() {
      for (j, b) in pages.enumerated() where j > i {
        slopes.append((totals[j] - totals[i]) / Double(b - a))
      }
    }
    let change = upperMedian(slopes) * Double(facts.count - 1) / middle
    return Finding(
      .drift, abs(change) > 0.2 ? .warning : .passed,
      "Total intensity changes by \(short(100 * change)) % from the first page to the last.",
      cure: abs(change) > 0.2
        ? (normalising.map { $0 + "; " } ?? "")
          + "voxtilt damage estimates whether the specimen lost mass." : nil
    ).scored(abs(change), limit: 0.2)
  }

  /// Sharpness against that of the eight neighbours in tilt.
  private var sharpness: Finding {
    let order = context.ascending.filter { !blank.contains($0) }
    guard order.count >= 7 else {
      return Finding(.sharpness, .note, "Too few pages to compare their sharpness.")
    }
    let values = order.map { facts[$0].sharpness }
    let ratios = zip(values, neighbourMedians(values, reach: 4)).map { $1 > 0 ? $0 / $1 : 1 }
    let limit = min(0.75, 1 - 5 * robustDeviation(ratios))
    // The outermost have neighbours on one side only, and a facet may turn into view between them.
    let blurred = ratios.indices.filter { place in
      let isOutermost = place < 2 || place >= ratios.count - 2
      return ratios[place] < (isOutermost ? 0.75 : 1) * limit
    }
    let least = ratios.min() ?? 1
    guard !blurred.isEmpty else {
      return Finding(.sharpness, .passed, "No page is less sharp than its neighbours.")
        .scored(least, limit: limit)
    }
    let pages = blurred.map { order[$0] + 1 }.sorted()
    return Finding(
      .sharpness, .warning,
      """
      \(pageWords(pages).capitalisedFirst) \(pages.count == 1 ? "is" : "are") blurred: edges at \
      \(short(100 * least)) % of those of neighbours.
      """, cure: "Look at them, and leave them out (prepare --exclude) if they are out of focus."
    ).on(pages).scored(least, limit: limit)
  }

  /// Five times the standard error of a page's mean, from the noise of vacuum.
  private static func noiseOfMean(_ facts: [PageFacts], _ pixelCount: Int) -> Double {
    5 * upperMedian(facts.map(\.vacuumDeviation)) / Double(pixelCount).squareRoot()
  }
}
