import Reconstruction
import ArgumentParser
import Workflow

/// What every command that reads stacks or computes on them takes.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: "Memory limit, such as 800M or 4G; a run that needs more is refused.")
  var maxMemory = ByteCount.standard

  @Flag(help: "Report the memory that the run needs, and stop.")
  var dryRun = false

  /// Tells a recipe its limit. With --dry-run, shows what it needs.
  ///
  /// - Returns: whether that was all that was asked for.
  func isAnswered(by recipe: inout some MemoryBound, json: Bool) throws -> Bool {
    recipe.memoryLimit = maxMemory.value
    return dryRun ? try isAnswered(by: try recipe.memory(), json: json) : false
  }

  /// Refuses what needs more than the limit. With --dry-run, shows what is needed.
  func isAnswered(by need: MemoryNeed, json: Bool) throws -> Bool {
    try need.check(limit: maxMemory.value)
    guard dryRun else { return false }
    if json {
      try Terminal.printJSON(["memoryBytes": need.byteCount])
    } else {
      print("memory       \(MemoryPlan.words(need.byteCount))")
    }
    return true
  }
}
