import ArgumentParser
import Files
import Projection
import SeriesIO

/// What the microscope makes of the line integrals of a tilt series.
struct OpticsOptions: ParsableArguments {
  @Option(
    help: """
      The blur of each projection: gaussian:WIDTH (2px, 150pm or 0.15nm; or rows,columns), or a TIFF, MRC or CSV file with the \
      point spread around its middle pixel, one page for all tilts or one per tilt.
      """)
  var psf: String?
  @Flag(help: "Shift a measured point spread so that its centre of mass is in the middle.")
  var centrePsf = false
  @Flag(help: "Divide a measured point spread by its sum.")
  var normalisePsf = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The semi-angle of a convergent probe in mrad: the point spread widens out of focus.",
      discussion:
        "By that of a disc with the semi-angle times the distance from focus as its radius."))
  var convergence: Double?
  @Option(
    parsing: .unconditional,
    help: "Where it is in focus, in voxels from the tilt axis along the beam. (default: 0)")
  var focus: Double?

  func validate() throws {
    if let convergence, !(0.01...500 ~= convergence) {
      throw ValidationError(
        "--convergence must be between 0.01 and 500 mrad (got \(convergence)).")
    }
    if let focus {
      guard convergence != nil else { throw ValidationError("--focus requires --convergence.") }
      guard abs(focus) <= 65_536 else {
        throw ValidationError("--focus must be between -65536 and 65536 voxels (got \(focus)).")
      }
    }
    try validateSpread()
  }

  private func validateSpread() throws {
    guard let psf else {
      if centrePsf || normalisePsf {
        throw ValidationError("--centre-psf and --normalise-psf require --psf.")
      }
      return
    }
    if SpreadSource(psf) == nil {
      throw ValidationError(
        "'\(psf)' is not a point spread. Write, for example, gaussian:2px or gaussian:150pm.")
    }
    if psf.hasPrefix("gaussian:") && (centrePsf || normalisePsf) {
      throw ValidationError("--centre-psf and --normalise-psf require a measured point spread.")
    }
  }

  /// Refuses rays that layers of depth do not know.
  func check(_ rays: RayModel?) throws {
    guard convergence == nil || rays != .strip else {
      throw ValidationError("--convergence projects thin rays. Remove --rays strip.")
    }
  }

  var source: OpticsSource? {
    OpticsSource(
      psf.flatMap { SpreadSource($0, centres: centrePsf, normalises: normalisePsf) },
      convergence.map { .init(semiAngle: $0 / 1000, focus: focus ?? 0) })
  }
  /// The first of them that was given.
  var name: String? { psf != nil ? "--psf" : convergence != nil ? "--convergence" : nil }

  /// Its file as it is now; `nil` where there is none.
  func fingerprint() throws -> Fingerprint? {
    try source?.path.map { try Fingerprint(path: $0) }
  }
}
