package import Fields
import Statistics

/// Everything that `check` finds in a tilt series.
///
/// Cost: one pass over the pages, and a correlation of every pair of pages at 256 pixels.
package struct SeriesCheck: Sendable {
  /// From grave to harmless, in the order of the kinds.
  package let findings: [Finding]
  package let pages: [PageFacts]
  package let axisScores: AxisScores?
  package let noise: NoiseFit?
  /// Of the centres of mass, in pixels; blank pages have none.
  package let offsets: [Offset]
  package let contrast: Contrast
  package let vacuum: VacuumSurvey.Place

  package struct Offset: Sendable, Hashable, Codable {
    /// From 1.
    package let page: Int
    package let across: Double
    package let along: Double
  }

  /// Whether matter is brighter or darker than vacuum.
  package enum Contrast: String, Sendable, Hashable, Codable {
    case darkField, brightField, unknown
  }

  /// - Parameter surveys: one a page, in the order of the pages and of `context.tilts`.
  package init(_ surveys: [PageSurvey], _ context: SeriesContext, pixelCount: Int, workers: Workers)
  {
    precondition(surveys.count == context.tilts.count && !surveys.isEmpty, "one survey an angle")
    let blank = PageChecks(surveys, context, pixelCount: pixelCount).blank
    let seen = context.ascending.filter { !blank.contains($0) }
    let survey = Self.vacuum(of: seen.map { surveys[$0].facts }, Self.part(context, seen))
    vacuum = survey.place
    var surveys = surveys
    if case .inside(let level) = vacuum { surveys = surveys.map { $0.with(vacuum: level) } }
    let facts = surveys.map(\.facts)
    pages = facts
    var places = PlaceChecks(facts, context, without: blank)
    places.isFilled = vacuum == .nowhere
    var single = PageChecks(surveys, context, pixelCount: pixelCount)
    single.reach = places.reach.verdict
    let coarse = surveys.map(\.coarse)
    let visible = Self.part(context, seen)
    axisScores = AxisScores(seen.map { coarse[$0] }, visible, workers: workers)
    noise = NoiseFit(
      seen.map { surveys[$0].noise }, vacuum: upperMedian(seen.map { facts[$0].vacuum }))
    contrast = survey.sign == 0 ? .unknown : survey.sign > 0 ? .darkField : .brightField
    let residuals = places.residuals
    offsets = seen.indices.map { i in
      Offset(page: seen[i] + 1, across: residuals.across[i], along: residuals.along[i])
    }.sorted { $0.page < $1.page }
    var all = AngleCheck(context: context).findings()
    all.append(
      axisScores?.finding(declared: context.axis)
        ?? Finding(.tiltAxis, .note, "No page is tilted far enough to determine the tilt axis."))
    // Wrong angles put every page among strangers.
    let areWrong = all.contains {
      $0.kind == .angles && $0.verdict == .fault && !$0.pages.isEmpty
    }
    let scheme = SchemeCheck(coarse, seen.sorted(), context, workers: workers).finding
    if areWrong {
      all.append(
        Finding(.pageOrder, .note, "The order of pages was not checked, since angles are wrong."))
    } else if let scheme {
      all.append(scheme)
    } else {
      all += OrderCheck(coarse, seen, workers: workers).findings()
    }
    all += single.findings() + places.findings() + survey.findings(seen.map { $0 + 1 })
    all += [Self.finding(contrast), PixelSizeCheck(context: context).finding]
    all.append(Self.finding(noise))
    findings = all.enumerated().sorted {
      ($1.element.verdict, $0.offset) < ($0.element.verdict, $1.offset)
    }.map(\.element)
  }

  package var worst: Finding.Verdict { findings.map(\.verdict).max() ?? .passed }

  private static func part(_ context: SeriesContext, _ pages: [Int]) -> SeriesContext {
    SeriesContext(tilts: pages.map { context.tilts[$0] }, axis: context.axis)
  }

  private static func vacuum(of pages: [PageFacts], _ context: SeriesContext) -> VacuumSurvey {
    VacuumSurvey(
      pages.map(\.vacuum), pages.map(\.parts), degrees: context.tilts, sign: sign(of: pages))
  }

  /// 1 where most pages stand above the vacuum of their margins by more than its noise, -1 below.
  private static func sign(of pages: [PageFacts]) -> Int {
    let signs = pages.map { page -> Int in
      guard page.vacuumShare > 0.3, page.deviation > 0 else { return 0 }
      let (above, below) = (page.maximum - page.vacuum, page.vacuum - page.minimum)
      guard max(above, below) > 2 * min(above, below) || abs(page.total) > page.vacuumDeviation
      else { return 0 }
      return page.total > 0 ? 1 : -1
    }
    let sum = signs.reduce(0, +)
    return 2 * abs(sum) > pages.count ? sum.signum() : 0
  }

  private static func finding(_ contrast: Contrast) -> Finding {
    switch contrast {
    case .darkField:
      Finding(
        .contrast, .passed, "Matter is brighter than vacuum: dark field, or already a logarithm.")
    case .brightField:
      Finding(
        .contrast, .warning, "Matter is darker than vacuum: bright field.",
        cure: "prepare --beer-lambert turns transmitted intensity into line integrals.")
    case .unknown:
      Finding(
        .contrast, .note,
        "The margins do not show whether matter is brighter or darker than vacuum.")
    }
  }

  private static func finding(_ noise: NoiseFit?) -> Finding {
    guard let noise else {
      return Finding(.noise, .note, "The pages show no measurable noise.")
    }
    let law =
      noise.isCounting
      ? "; it grows like counting noise, \(short(noise.gain)) units of variance per unit of brightness"
      : "; it hardly depends on brightness"
    return Finding(
      .noise, .passed,
      "Noise is \(short(noise.inVacuum)) in vacuum and \(short(noise.atBrightest)) at the bright end\(law)."
    )
  }
}

/// Whether the file tells a pixel size, and one that an electron microscope can have.
struct PixelSizeCheck {
  let context: SeriesContext

  var finding: Finding {
    guard let size = context.pixelSize else {
      return Finding(
        .pixelSize, .note, "The file does not contain its pixel size.",
        cure: "Pass --voxel-size in nm; sizes in results are otherwise in voxels.")
    }
    if !(0.005...500 ~= size) {
      return Finding(
        .pixelSize, .warning,
        "A pixel of \(short(size)) nm is not plausible for an electron microscope.",
        cure: "Check whether the unit is wrong (nm, Å, m), and pass --voxel-size in nm.")
    }
    if let other = context.rowSpacing, abs(other - size) > 0.01 * size {
      return Finding(
        .pixelSize, .warning, "Pixels are \(short(size)) × \(short(other)) nm, not square.",
        cure: "Pass --voxel-size in nm, or resample the stack to square pixels.")
    }
    return Finding(.pixelSize, .passed, "A pixel is \(short(size)) nm.")
  }
}
