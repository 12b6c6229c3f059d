import Fields
import Preparation
import Records
import Workflow

/// What a pipeline makes of a check: the options that its stages get where the user gives none.
struct PipelineChoice: Decodable {
  let tiltAxis: TiltAxis
  private let contrast: SeriesCheck.Contrast
  private let vacuum: VacuumSurvey.Place
  private let findings: [Finding]

  init(_ record: CheckRecord) {
    (tiltAxis, contrast) = (record.tiltAxis, record.contrast)
    (vacuum, findings) = (record.vacuum, record.findings)
  }

  /// Whether the object reaches beyond the field across the axis.
  private var isCut: Bool { findings.contains { $0.kind == .field && $0.verdict >= .warning } }

  /// Options of prepare.
  var preparation: [String] {
    let level: String
    switch vacuum {
    case .margins: level = "vacuum"
    case .nowhere: level = "slab"
    case .inside(let value): level = "\(value)"
    }
    let repairs = ["--dead-lines", "--hot-pixels"]
    let off = [contrast == .brightField ? "--beer-lambert" : "--background", level]
    switch vacuum {
    // The total of an object that is cut grows as more of it comes into view.
    case .margins: return repairs + off + (isCut ? [] : ["--normalise", "total"])
    // The logarithm of what a slab transmits has no need of it.
    case .nowhere where contrast == .brightField: return repairs + off
    case .nowhere: return repairs + ["--normalise", "slab"] + off
    // What covers the margins has a total of its own.
    case .inside: return repairs + off
    }
  }

  /// Options of reconstruct.
  var reconstruction: [String] {
    ["--method", "cs"] + (isCut ? ["--extend", "auto"] : [])
      + (vacuum == .nowhere ? ["--unconstrained"] : [])
  }

  /// What is decided otherwise than for an object that lies in vacuum within the field, for people.
  var notes: [String] {
    var notes: [String] = []
    if isCut {
      notes.append(
        """
        The object is wider than the field. It is reconstructed with --extend auto, and pages are not normalised by \
        their total, unless --prepare and --reconstruct override this.
        """)
    }
    switch vacuum {
    case .margins: break
    case .inside(let level):
      notes.append(
        "The level of vacuum, \(Terminal.short(level)), is taken inside the pages, not at their margins."
      )
    case .nowhere:
      notes.append(
        """
        No vacuum was found. Unless --prepare and --reconstruct override this, the level of the slab is subtracted from every page, \
        and the volume, reconstructed with --unconstrained, shows differences from it.
        """)
    }
    return notes
  }
}
