import Deblurring
import DenseAlgebra
import Foundation
import Lessons

/// The tables that Golden/make_lecture.py writes.
func golden(_ name: String) throws -> NumberTable {
  try NumberTable(reading: Bundle.module.bundleURL.appending(path: "Golden/" + name).path)
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

extension NumberTable {
  subscript(name: String) -> [Double] { column(named: name) ?? [] }
}

let lectureGrid = Lecture.grid

func solve(
  _ lecture: Lecture, _ method: SignalMethod, lambda: Double = 1,
  _ settings: SignalProblem.Settings = .init()
) throws -> [Double] {
  let problem = try SignalProblem(lecture.blur, lecture.measurement, method, settings)
  var solver = try SignalSolver(problem)
  return try solver.estimate(lambda: lambda).x
}
