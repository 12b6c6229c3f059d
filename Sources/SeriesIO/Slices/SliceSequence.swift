import Fields
import Files
import Foundation
package import Plots
package import Reconstruction
import Records
import StackIO

/// From a volume to numbered pictures of its planes along one axis, all on one grey scale.
///
/// The pictures are those of `Section`. They are drawn in a folder beside their place and moved there
/// when all are done.
package struct SliceSequence: Sendable {
  /// The axis that the planes follow each other along.
  package enum Axis: String, Sendable, CaseIterable { case z, y, x }

  package let volume: String
  /// What the names begin with, before `-0000.png`, with their folder.
  package let prefix: String
  package var axis = Axis.z
  /// Percentiles are those of the whole volume.
  package var scale = GreyScale.standard
  /// Pixels along the edge of a voxel.
  package var magnification = 1
  package var hasScaleBar = false
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  /// Whether pictures that voxtilt did not draw may be replaced.
  package var overwrites = false

  /// What was written.
  package struct Receipt: Sendable, Encodable {
    /// The names, with `%04d` in place of the number, as `ffmpeg -i` takes them.
    package let pattern: String
    package let count: Int
    package let width: Int
    package let height: Int
    package let black: Float
    package let white: Float
  }

  /// - Parameter place: a folder, which exists or ends in "/", or the start of the names.
  package init(_ volume: String, to place: String) {
    self.volume = volume
    guard place.hasSuffix("/") || isFolder(place) else {
      prefix = place
      return
    }
    let name = URL(fileURLWithPath: volume).deletingPathExtension().lastPathComponent
    prefix = (place as NSString).appendingPathComponent(name)
  }

  package func run(_ follower: Follower) throws -> Receipt {
    let pages = try SequencePages(volume)
    let size = pages.info.pixelSize
    guard !hasScaleBar || size != nil else { throw SeriesError.noVoxelSize(path: volume) }
    let place = SequencePlace(prefix: prefix, count: pages.info.count(along: axis))
    try place.check(against: volume, overwrites: overwrites)
    try checkMemory()
    let limits: ClosedRange<Float>
    if case .limits(let given) = scale {
      limits = given
    } else {
      limits = try scale.limits { examine in
        try pages.visit(follower, .reading) { _, page in examine(page) }
      }
    }
    let (folder, files) = try place.begin(against: volume, overwrites: overwrites)
    follower.begin(files)
    var (width, height) = (0, 0)
    try pages.planes(along: axis, atOnce: pages.planesAtOnce(axis, memoryLimit), follower) {
      index, values, rowLength in
      var picture = Picture(values, width: rowLength, limits: limits)
        .magnified(by: magnification)
      if hasScaleBar, let size {
        picture = picture.withScaleBar(pixelSize: size / Double(magnification))
      }
      (width, height) = (picture.width, picture.height)
      try files.add(picture, at: place.path(index, in: folder?.partialPath))
    }
    try files.commit()
    try folder?.commit()
    return Receipt(
      pattern: place.pattern, count: place.count, width: width, height: height,
      black: limits.lowerBound, white: limits.upperBound)
  }
}

/// The names of a sequence, and the folder in which it grows.
private struct SequencePlace {
  let folder: String
  let name: String
  let count: Int

  init(prefix: String, count: Int) {
    let parent = Files.folder(of: prefix)
    (folder, name) = (parent.isEmpty ? "." : parent, (prefix as NSString).lastPathComponent)
    self.count = count
  }

  private var digits: Int { max(4, String(count - 1).count) }

  var pattern: String {
    let safe = name.replacing("%", with: "%%")
    return path(in: folder, "\(safe)-%0\(digits)d.png")
  }

  /// Where a picture goes: into the folder of the sequence, or the one that becomes it.
  func path(_ index: Int, in folder: String?) -> String {
    path(in: folder ?? self.folder, fileName(index))
  }

  private func fileName(_ index: Int) -> String {
    let number = String(index)
    return name + "-" + String(repeating: "0", count: digits - number.count) + number + ".png"
  }

  private func path(in folder: String, _ file: String) -> String {
    folder == "." ? file : (folder as NSString).appendingPathComponent(file)
  }

  /// Refuses a folder that cannot be made or written to, or that would then hold two sequences.
  func check(against volume: String, overwrites: Bool) throws {
    guard isFolder(folder) else { return try checkFolder(of: folder) }
    _ = try files(in: nil, against: volume, overwrites: overwrites)
    let names = Set((0..<count).map { fileName($0) })
    let found = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    for file in found where belongs(file) && !names.contains(file) {
      throw SeriesError.sequenceLeft(folder: folder, file: file)
    }
  }

  /// Whether a file is named as a part of such a sequence, of any length.
  private func belongs(_ file: String) -> Bool {
    guard file.hasPrefix(name + "-"), file.hasSuffix(".png") else { return false }
    let number = file.dropFirst(name.count + 1).dropLast(4)
    return !number.isEmpty && number.utf8.allSatisfy { 48...57 ~= $0 }
  }

  /// The door for all pictures, and the folder that they build where there is none yet.
  func begin(
    against volume: String, overwrites: Bool
  ) throws -> (OutputFolder?, ResultFiles) {
    let building = isFolder(folder) ? nil : try OutputFolder(path: folder)
    return (
      building,
      try files(in: building?.partialPath, against: volume, overwrites: overwrites)
    )
  }

  private func files(
    in place: String?, against volume: String, overwrites: Bool
  ) throws -> ResultFiles {
    let files = try ResultFiles(record: nil, inputs: [volume], overwrites: overwrites)
    for index in 0..<count { try files.claim(path(index, in: place)) }
    return files
  }
}
