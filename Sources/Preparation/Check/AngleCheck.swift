import Statistics

/// Number, order, gaps and units of the angles, and whether they are those that the file tells.
struct AngleCheck {
  let context: SeriesContext

  func findings() -> [Finding] {
    let found = [radians, recorded, equal, order, gaps, range].compactMap(\.self)
    guard found.contains(where: { $0.verdict > .note }) else {
      return [Finding(.angles, .passed, summary)] + found
    }
    return found
  }

  private var tilts: [Double] { context.tilts }

  private var summary: String {
    let (low, high) = (tilts.min() ?? 0, tilts.max() ?? 0)
    return
      "\(tilts.count) angles from \(short(low))° to \(short(high))°, in steps of \(short(context.step))°"
      + (context.isRecorded || context.recordedTilts != nil
        ? ", as recorded." : "; no file shows whether their sign is right.")
  }

  /// Angles up to π/2 that stand where 180/π times as much is due: written in radians.
  ///
  /// What is due is a straight line through the angles above 1.6°, by the median of their slopes.
  private var radians: Finding? {
    let sure = tilts.indices.filter { abs(tilts[$0]) > 1.6 }
    let doubtful = tilts.indices.filter { abs(tilts[$0]) <= 1.6 && tilts[$0] != 0 }
    guard sure.count >= 4, !doubtful.isEmpty else { return nil }
    let slopes = zip(sure.dropFirst(), sure).map { (tilts[$0] - tilts[$1]) / Double($0 - $1) }
    let slope = upperMedian(slopes)
    let start = upperMedian(sure.map { tilts[$0] - slope * Double($0) })
    let step = max(abs(slope), 0.1)
    let pages = doubtful.filter { page in
      let due = start + slope * Double(page)
      return abs(tilts[page] - due) > 1.5 * step && abs(tilts[page] * 180 / .pi - due) < 0.5 * step
    }
    guard let first = pages.first else { return nil }
    return Finding(
      .angles, .fault,
      """
      The angle\(pages.count > 1 ? "s" : "") of \(pageWords(pages.map { $0 + 1 })) \
      \(pages.count > 1 ? "look" : "looks") like radians among degrees: page \(first + 1) has \
      \(tilts[first]) where \(short(tilts[first] * 180 / .pi))° is expected.
      """, cure: "Write all angles in degrees."
    ).on(pages.map { $0 + 1 })
  }

  /// The given angles against those of the file: other signs, other order, or other angles.
  private var recorded: Finding? {
    guard let told = context.recordedTilts, told.count == tilts.count else { return nil }
    let limit = max(0.1, 0.25 * context.step)
    func differs(_ other: [Double]) -> [Int] {
      tilts.indices.filter { abs(tilts[$0] - other[$0]) > limit }
    }
    let pages = differs(told)
    guard !pages.isEmpty else { return nil }
    let isReversed = differs(told.map { -$0 }).isEmpty || differs(told.reversed()).isEmpty
    return Finding(
      .angles, .fault,
      isReversed
        ? "The angles are reversed compared with \(context.recordedIn)."
        : "The angles of \(pageWords(pages.map { $0 + 1 })) differ from those of \(context.recordedIn).",
      cure: isReversed
        ? "Use the angles of the file, or --flip-tilts if you know that the file is wrong."
        : "Give the angles that belong to this stack."
    ).on(pages.map { $0 + 1 })
  }

  private var equal: Finding? {
    let order = context.ascending
    let pages = zip(order, order.dropFirst()).filter { abs(tilts[$0] - tilts[$1]) <= 1e-4 }
      .flatMap { [$0 + 1, $1 + 1] }
    guard !pages.isEmpty else { return nil }
    return Finding(
      .angles, .warning, "\(pageWords(pages).capitalisedFirst) have the same angle.",
      cure: "Check whether one was recorded twice, and leave out the worse (prepare --exclude)."
    ).on(pages)
  }

  private var order: Finding? {
    let steps = zip(tilts.dropFirst(), tilts).map { $0 - $1 }
    let turns = zip(steps.dropFirst(), steps).count { $0 * $1 < 0 }
    guard turns > 0 else { return nil }
    // A series that goes out from zero on both sides turns at every page or once.
    return Finding(
      .angles, .note,
      "The angles turn back \(turns) time\(turns == 1 ? "" : "s"): pages are not in order of tilt.")
  }

  private var gaps: Finding? {
    let order = context.ascending
    let step = context.step
    let wide = zip(order, order.dropFirst()).filter {
      tilts[$1] - tilts[$0] > max(1.6 * step, 0.01)
    }
    guard step > 0,
      let widest = wide.max(by: { tilts[$0.1] - tilts[$0.0] < tilts[$1.1] - tilts[$1.0] })
    else { return nil }
    let size = tilts[widest.1] - tilts[widest.0]
    let place = "between \(short(tilts[widest.0]))° and \(short(tilts[widest.1]))°"
    // An axis turned by hand, or angles spread by design, differ everywhere.
    let isUneven = wide.count > tilts.count / 4
    return Finding(
      .angles, size > 4 * step && !isUneven ? .warning : .note,
      wide.count == 1
        ? "One gap of \(short(size))° \(place), where steps are \(short(step))°."
        : "\(wide.count) gaps, the widest of \(short(size))° \(place), where steps are \(short(step))°.",
      cure: "Add the missing pages if they exist; TV methods tolerate a gap better than FBP."
    ).scored(size / step, limit: 4)
  }

  private var range: Finding? {
    let (low, high) = (tilts.min() ?? 0, tilts.max() ?? 0)
    let nearest = tilts.map { abs($0) }.min() ?? 0
    if nearest > 10 {
      return Finding(
        .angles, .warning, "No angle is closer to 0° than \(short(nearest))°.",
        cure:
          "Check that the angles are those of the stage; reconstruct --tilt-offset adds an offset to all."
      )
    }
    guard high - low < 80 else { return nil }
    return Finding(
      .angles, .note,
      "The tilts cover \(short(high - low))°: the missing wedge is larger than the measured range.",
      cure: "voxtilt wedge shows the effect of such a range.")
  }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
