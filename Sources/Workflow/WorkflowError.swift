public import Errors

/// Why a recipe could not be carried out.
public enum WorkflowError: CategorisedError, Equatable {
  case notASidecar(path: String, reason: String)
  case notReproduced(path: String)
  case paused(checkpoint: String)
  case noCheckpoint(path: String)
  case checkpointLeft(path: String)
  case checkpointDiffers(path: String, what: String, kept: String, given: String)
  case notKept(method: String)
  case noSidecar(stack: String, sidecar: String)
  case notAVolume(path: String)
  case notCSV(path: String)
  case columnUnknown(path: String, names: [String])
  case truthShape(path: String, found: String, expected: String)
  case notASpectrum(path: String, reason: String)

  public var category: ErrorCategory {
    switch self {
    case .noCheckpoint, .noSidecar: .noInput
    case .notAVolume, .notASidecar, .notReproduced, .checkpointDiffers, .truthShape, .notASpectrum,
      .columnUnknown:
      .badData
    case .checkpointLeft, .notKept: .usage
    case .notCSV: .cannotCreate
    case .paused: .paused
    }
  }

  public var description: String {
    switch self {
    case .notASidecar(let path, let reason):
      "'\(path)' is not a sidecar that can be replayed: \(reason). Give the NAME.json of a result."
    case .notReproduced(let path):
      """
      The bytes of '\(path)' differ from the recorded result. \
      Use the build and the kind of processor named in the sidecar.
      """
    case .paused(let checkpoint):
      """
      The run was interrupted and saved in '\(checkpoint)'. \
      Run the same command with --resume to continue.
      """
    case .noCheckpoint(let path):
      "There is no '\(path)' to continue from. Remove --resume to start the run."
    case .checkpointLeft(let path):
      "'\(path)' is left from an interrupted run. Add --resume to continue, or remove it."
    case .checkpointDiffers(let path, let what, let kept, let given):
      """
      '\(path)' belongs to another run: its \(what) is \(kept), and here it is \(given). \
      Use the value of that run, or remove the file and start again.
      """
    case .truthShape(let path, let found, let expected):
      "'\(path)' has \(found) pixels, and the image has \(expected). Give a truth of the same size."
    case .notASpectrum(let path, let reason):
      "'\(path)' is not a spectrum: \(reason). Give energies and counts, one channel per line."
    case .notCSV(let path):
      "'\(path)' is not the name of a table. A signal is written as CSV: end --out in .csv."
    case .columnUnknown(let path, let names):
      names.isEmpty
        ? "'\(path)' has several columns without names. Give a file with one column."
        : """
        '\(path)' does not show which of its columns to read (\(names.joined(separator: ", "))). \
        Give --column for the measurement, and name the column of the truth 'truth'.
        """
    case .notKept(let method):
      """
      Method \(method) cannot continue from a checkpoint. Remove --checkpoint-every and --resume, \
      or choose another method (cs: --solver primal-dual, a named --regulariser).
      """
    case .noSidecar(let stack, let sidecar):
      """
      '\(stack)' has no sidecar '\(sidecar)'. Put it next to the volume; \
      voxtilt reconstruct writes one with every volume.
      """
    case .notAVolume(let path):
      "'\(path)' is a tilt series, and a report shows a volume. Reconstruct it first."
    }
  }
}
