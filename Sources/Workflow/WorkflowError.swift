public import Errors

/// Why a recipe could not be carried out.
public enum WorkflowError: CategorisedError, Equatable {
  case missing(path: String)
  case noTilts(path: String)
  /// Channels stand among the pages of a series.
  case channels(path: String, channels: Int, pages: Int)
  /// The sidecars of two series that belong together tell different axis offsets.
  case axisOffsets(Double, path: String, other: Double, otherPath: String)
  /// A sidecar and a manifest tell different axes.
  case axes(told: String, path: String, used: String, folder: String)
  /// Facts of a series were taken from a sidecar of other bytes.
  case recordIsStale(series: String, sidecar: String)
  case notACheck(path: String)
  /// The record of a check is of other bytes than the series.
  case checkedOther(series: String, record: String)
  /// Counts are promised of a series whose sidecar says otherwise, in words.
  case countsEnded(String)
  case notANumber(path: String, line: Int, text: String)
  case memory(needs: Int, limit: Int)
  case keptMemory(needs: Int, limit: Int)
  case wholeMemory(method: String, needs: Int, limit: Int)
  case coarseMemory(needs: Int, limit: Int)
  case tooLarge(needs: Int, limit: Int)
  case notASidecar(path: String, reason: String)
  case inputChanged(path: String)
  case notReproduced(path: String)
  case paused(checkpoint: String)
  case noCheckpoint(path: String)
  case checkpointLeft(path: String)
  case checkpointDiffers(path: String, what: String, kept: String, given: String)
  case notKept(method: String)
  case noSidecar(stack: String, sidecar: String)
  case notAVolume(path: String)
  case sequenceLeft(folder: String, file: String)
  case noVoxelSize(path: String)
  case noPixelSize
  case notARun(path: String)
  case volumeChanged(volume: String, sidecar: String)
  case wedgeOfPlane(path: String)
  case noOrder(path: String)
  case notCSV(path: String)
  case columnUnknown(path: String, names: [String])
  case spreadAxes(found: Int, needed: Int)
  case truthShape(path: String, found: String, expected: String)
  case notASpectrum(path: String, reason: String)
  case notSVG(path: String)
  case noLowLoss
  case noEdge
  case beyondMemory(MemoryNeed, limit: Int)

  public var category: ErrorCategory {
    switch self {
    case .missing, .noCheckpoint, .noSidecar: .noInput
    case .sequenceLeft: .cannotCreate
    case .notAVolume: .badData
    case .notANumber, .noOrder, .notASidecar, .inputChanged, .notReproduced: .badData
    case .checkpointDiffers, .notARun, .volumeChanged: .badData
    case .noTilts, .memory, .keptMemory, .wholeMemory, .tooLarge: .usage
    case .checkpointLeft, .notKept, .coarseMemory, .noVoxelSize, .noPixelSize:
      .usage
    case .spreadAxes, .noLowLoss, .noEdge: .usage
    case .truthShape, .notASpectrum, .columnUnknown, .channels, .recordIsStale, .axes, .axisOffsets,
      .notACheck, .checkedOther, .countsEnded:
      .badData
    case .wedgeOfPlane, .beyondMemory: .usage
    case .notCSV, .notSVG: .cannotCreate
    case .paused: .paused
    }
  }

  public var description: String {
    switch self {
    case .missing(let path):
      "'\(path)' does not exist. Check the path."
    case .countsEnded(let words):
      "\(words) Or say \"counts\": false."
    case .noTilts(let path):
      "'\(path)' does not tell its tilt angles. Pass --tilts FILE or --tilts start:stop:step."
    case .channels(let path, let channels, let pages):
      """
      '\(path)' holds \(channels) channels of \(pages) pages. Export the one that is wanted as a stack of its own, or \
      reconstruct all of them with 'spectra reconstruct'.
      """
    case .axisOffsets(let one, let path, let other, let otherPath):
      """
      The tilt axis lies \(one) pixels from the centre of '\(path)' and \(other) from that of '\(otherPath)', by their \
      sidecars. Crop and bin all channels alike, or pass --axis-offset.
      """
    case .axes(let told, let path, let used, let folder):
      """
      The tilt axis of '\(path)' runs along \(told) by its sidecar, and along \(used) by the spectra.json in \
      '\(folder)'. Write "tiltAxis": "\(told)" there.
      """
    case .notACheck(let path):
      "'\(path)' is no record of a check. Pass what voxtilt check --out wrote."
    case .checkedOther(let series, let record):
      "'\(record)' tells of a check of other bytes than '\(series)' has. Check the series again, or leave --check away."
    case .recordIsStale(let series, let sidecar):
      """
      '\(series)' is not what '\(sidecar)' tells of: the SHA-256 differs, so it was changed since. Its geometry stands \
      there. Make it again, or remove '\(sidecar)' and pass --tilts, --tilt-axis and --axis-offset.
      """
    case .wholeMemory(let method, let needs, let limit):
      """
      Method \(method) needs the whole volume in memory, \(MemoryPlan.words(needs)), and may use \
      \(MemoryPlan.words(limit)). Raise --max-memory, lower --depth, or choose sirt or sart.
      """
    case .coarseMemory(let needs, let limit):
      """
      A run that begins at half the resolution stays in memory, \(MemoryPlan.words(needs)), and may \
      use \(MemoryPlan.words(limit)). Raise --max-memory or leave --multiresolution away.
      """
    case .notANumber(let path, let line, let text):
      "'\(path)', line \(line): '\(text)' is not a number. Write one number a line."
    case .memory(let needs, let limit):
      """
      This run needs \(MemoryPlan.words(needs)) even slab by slab, and may use \
      \(MemoryPlan.words(limit)). Raise --max-memory or lower --depth.
      """
    case .keptMemory(let needs, let limit):
      """
      The run in the checkpoint goes on with \(MemoryPlan.words(needs)), and may use \
      \(MemoryPlan.words(limit)). Raise --max-memory to that or lower --threads, or remove the \
      checkpoint and start again.
      """
    case .tooLarge(let needs, let limit):
      """
      This needs \(MemoryPlan.words(needs)) of memory, and may use \(MemoryPlan.words(limit)), three \
      quarters of what this machine or container has. Crop or bin the data, or give it more memory.
      """
    case .notASidecar(let path, let reason):
      "'\(path)' is not a sidecar that can be replayed: \(reason). Give the NAME.json of a result."
    case .inputChanged(let path):
      "'\(path)' is not the file that the result was made from: its SHA-256 differs. Restore it."
    case .notReproduced(let path):
      """
      '\(path)' differs from the recorded result in its bytes. \
      Use the build and the kind of processor that the sidecar names.
      """
    case .paused(let checkpoint):
      """
      The run was interrupted and kept in '\(checkpoint)'. \
      Give the same command with --resume to go on.
      """
    case .noCheckpoint(let path):
      "There is no '\(path)' to go on from. Leave --resume away to begin."
    case .checkpointLeft(let path):
      "'\(path)' is left from an interrupted run. Add --resume to go on, or remove it."
    case .checkpointDiffers(let path, let what, let kept, let given):
      """
      '\(path)' belongs to another run: its \(what) is \(kept), and here it is \(given). \
      Give what that run was given, or remove it and start again.
      """
    case .noOrder(let path):
      """
      '\(path)' does not tell when its pages were taken: each needs a PriorRecordDose or a DateTime \
      of its own. Give a text file with the place of every page, one a line.
      """
    case .spreadAxes(let found, let needed):
      """
      The point spread has \(found) axes, and \(needed) are blurred. Give one width for all or one an \
      axis, and --volume for a blur in three dimensions.
      """
    case .truthShape(let path, let found, let expected):
      "'\(path)' has \(found) pixels, and the image \(expected). Give a truth of the same size."
    case .notASpectrum(let path, let reason):
      "'\(path)' is no spectrum: \(reason). Give energies and counts, one channel a line."
    case .noLowLoss:
      "Fourier-ratio deconvolution needs the low-loss spectrum. Give --low-loss."
    case .noEdge:
      "A background needs its window and the edge. Give --window and --edge."
    case .notCSV(let path):
      "'\(path)' does not name a table. A signal is written as CSV: end --out in .csv."
    case .notSVG(let path):
      "'\(path)' does not name a drawing. End --picture in .svg."
    case .columnUnknown(let path, let names):
      names.isEmpty
        ? "'\(path)' has several columns without names. Give a file with one column."
        : """
        '\(path)' does not tell which of its columns to read (\(names.joined(separator: ", "))). \
        Give --column for the measurement; call the truth truth.
        """
    case .notKept(let method):
      """
      Method \(method) cannot go on from a checkpoint. Leave --checkpoint-every and --resume \
      away, or choose another method (cs: --solver primal-dual, a named --regulariser).
      """
    case .noSidecar(let stack, let sidecar):
      """
      '\(stack)' has no sidecar '\(sidecar)' to tell how it was made. Put it beside the volume; \
      voxtilt reconstruct writes one with every volume.
      """
    case .notAVolume(let path):
      "'\(path)' is a tilt series, and a report shows a volume. Reconstruct it first."
    case .noVoxelSize(let path):
      "'\(path)' does not tell its voxel size, which a scale bar needs. Leave --scale-bar away."
    case .noPixelSize:
      """
      A width in pm or nm needs the edge of a pixel, which the image does not tell. Give --pixel-size, in \
      nm, or the width in px.
      """
    case .sequenceLeft(let folder, let file):
      """
      '\(file)' in '\(folder)' belongs to a sequence of another length. \
      Remove that sequence, or choose another --sequence.
      """
    case .notARun(let path):
      """
      '\(path)' does not tell of a reconstruction. Give a volume that reconstruct made, or move that \
      file and give --series and the options of the method.
      """
    case .volumeChanged(let volume, let sidecar):
      """
      '\(volume)' does not hold the bytes that '\(sidecar)' tells of: its SHA-256 differs. \
      Restore the volume, or move the sidecar and give the options of the method.
      """
    case .wedgeOfPlane(let path):
      "'\(path)' is a single image, of which tilts leave nothing out. Leave --tilts away."
    case .beyondMemory(let need, let limit):
      """
      \(need.work) needs \(MemoryPlan.words(need.byteCount)) of memory, and may use \
      \(MemoryPlan.words(limit)). Raise --max-memory, or \(need.cure).
      """
    }
  }
}
