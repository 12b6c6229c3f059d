import ArgumentParser
import Fusion

/// `Au=1.5,-0.3`
struct ShiftArgument: ExpressibleByArgument {
  let symbol: String
  let value: MapShift

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map { String($0) }
    guard parts.count == 2 else { return nil }
    let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0)
    }
    guard numbers.count == 2, let right = numbers[0], let down = numbers[1], right.isFinite,
      down.isFinite
    else { return nil }
    (symbol, value) = (parts[0], MapShift(right: right, down: down))
  }
}
