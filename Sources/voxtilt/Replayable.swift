import ArgumentParser

/// A command whose result can be made again from its sidecar, under another name and without anything beside it.
protocol Replayable: ParsableCommand {
  /// Writes to `path` and nowhere else, and prints nothing.
  mutating func redirect(to path: String, overwrites: Bool)
}

extension OutputOptions {
  fileprivate mutating func redirect(to path: String, overwrites: Bool) {
    (out, overwriting.force) = (path, overwrites)
  }
}

extension RunOptions {
  fileprivate mutating func silence() { (quiet, json) = (true, false) }
}

extension PrepareCommand: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    output.redirect(to: path, overwrites: overwrites)
    options.silence()
  }
}

extension AlignCommand: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    output.redirect(to: path, overwrites: overwrites)
    options.silence()
    picture = nil
  }
}

extension PhantomCommand: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    output.redirect(to: path, overwrites: overwrites)
    options.silence()
  }
}

extension Simulate: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    output.redirect(to: path, overwrites: overwrites)
    options.silence()
  }
}

extension Reconstruct: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    output.redirect(to: path, overwrites: overwrites)
    options.silence()
    (report, long.resume, long.checkpointEvery, dryRun) = (false, false, nil, false)
  }
}

extension Wedge: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    if writeMask != nil { (writeMask, out) = (path, nil) } else { out = path }
    overwriting.force = overwrites
    options.silence()
  }
}

extension DeblurCommand: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    output.redirect(to: path, overwrites: overwrites)
    options.silence()
  }
}

extension SignalDeblur: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    (out, overwriting.force, quiet, json) = (path, overwrites, true, false)
  }
}

extension SpectrumCommand: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    (out, overwriting.force, quiet, json) = (path, overwrites, true, false)
  }
}

extension Fuse: Replayable {
  mutating func redirect(to path: String, overwrites: Bool) {
    output.redirect(to: path, overwrites: overwrites)
    options.silence()
  }
}
