import ArgumentParser

/// A command whose result can be made again from its sidecar, under another name and without anything beside it.
protocol Replayable: ParsableCommand {
  /// Writes to `path` and nowhere else, and prints nothing.
  mutating func redirect(to path: String, overwrites: Bool)
}

/// One whose result is the stack of `--out`.
private protocol StackCommand: Replayable {
  var output: OutputOptions { get set }
  var options: RunOptions { get set }
}

extension StackCommand {
  mutating func redirect(to path: String, overwrites: Bool) {
    (output.out, output.overwriting.force) = (path, overwrites)
    options.messages.silence()
  }
}

extension MessageOptions {
  fileprivate mutating func silence() { (quiet, json) = (true, false) }
}

extension PrepareCommand: StackCommand {}
extension PhantomCommand: StackCommand {}
extension Simulate: StackCommand {}
extension DeblurCommand: StackCommand {}
extension Fuse: StackCommand {}

extension AlignCommand: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    (output.out, output.overwriting.force, picture) = (path, overwrites, nil)
    options.messages.silence()
  }
}

extension Reconstruct: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    (output.out, output.overwriting.force) = (path, overwrites)
    (report, long.resume, long.checkpointEvery, dryRun) = (false, false, nil, false)
    options.messages.silence()
  }
}

extension Wedge: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    if writeMask != nil { (writeMask, out) = (path, nil) } else { out = path }
    overwriting.force = overwrites
    options.messages.silence()
  }
}

extension SignalDeblur: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    (out, overwriting.force) = (path, overwrites)
    messages.silence()
  }
}

extension SpectrumCommand: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    (out, overwriting.force) = (path, overwrites)
    messages.silence()
  }
}
