package import Reconstruction
import Deblurring
import DenseAlgebra
import Foundation

extension SignalDeblurring: MemoryBound {
  /// The operator is a dense matrix, as many rows and columns as there are samples.
  ///
  /// - Throws: also where a table is too large to be read.
  package func memory() throws -> MemoryNeed {
    let tables = [path, blurredBy.path, truth].compactMap(\.self)
    let reading = Self.need(stages: [try tables.reduce(0) { try $0 + Self.readingBytes($1) }])
    try reading.check(limit: memoryLimit)
    let samples = try SignalFile.read(path, column: column, usual: ["y", "measurement"]).count
    var columns = samples
    if let path = blurredBy.path {
      let table = try NumberTable(reading: path).withoutRowNumbers
      if table.columnCount > 1 && table.rowCount > 1 { columns = table.columnCount }
    }
    var chooses = false
    if case .chosen = strength { chooses = method.hasLambda }
    let work = SignalProblem.memory(
      method, rows: samples, columns: columns, chooses: chooses)
    return Self.need(stages: [reading.byteCount - MemoryNeed.process, work])
  }

  private static func need(stages: [Int]) -> MemoryNeed {
    MemoryNeed(
      "Deblurring this signal", stages: stages, cure: "crop the signal or take every second sample")
  }

  /// The text, a note for each line of it, and the numbers.
  private static func readingBytes(_ path: String) throws -> Int {
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return 10 * (size ?? 0)
  }
}
