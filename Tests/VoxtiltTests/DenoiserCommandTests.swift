import Foundation
import Testing

@Suite struct DenoiserCommandTests {
  private static let line =
    "reconstruct s.tif --tilts -80:80:8 --depth 28 --iterations 9 --method cs --out r.tif"

  private func furnished() throws -> Workshop {
    let shop = try Workshop()
    try shop.done("simulate beads.json --tilts -80:80:8 --noise 0.02 --out s.tif --quiet")
    return shop
  }

  /// Puts a program of the shell into the folder.
  private func add(_ script: String, _ shop: Workshop) throws {
    try shop.write("#!/bin/sh\n\(script)\n", to: "denoise.sh")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: shop.path("denoise.sh"))
  }

  private static let program =
    "\(line) --regulariser denoiser --denoiser ./denoise.sh --denoiser-strength 0.1"

  @Test("The non-local mean reports its strength, its fixed point and its largest eigenvalue")
  func nonLocal() throws {
    let shop = try furnished()
    try shop.done("\(Self.line) --regulariser nlm --denoiser-strength 0.1 --nlm-freeze 6")
    let sidecar = try shop.sidecar("r.json")
    let settings = try #require(sidecar["settings"] as? [String: Any])
    #expect(abs(try #require(settings["denoiserStrength"] as? Double) - 0.1) < 1e-6)
    #expect(settings["fixedPointResidual"] as? Double != nil)
    let largest = try #require(settings["largestEigenvalue"] as? Double)
    #expect(largest > 0.5 && largest <= 1.001)
    #expect(settings["nlmFreeze"] as? Int == 6)
    #expect((sidecar["warnings"] as? [String])?.contains { $0.contains("guarantee") } == false)
    try shop.done("replay r.json")
  }

  @Test("A program is called with files and σ, and its result is no more than an estimate")
  func program() throws {
    let shop = try furnished()
    try add("echo \"$3\" >> calls; cp \"$1\" \"$2\"", shop)
    let outcome = try shop.done(Self.program)
    #expect(outcome.err.contains("no guarantee"))
    let calls = String(decoding: try shop.bytes("calls"), as: UTF8.self).split(separator: "\n")
    #expect(calls.count >= 3 && calls.allSatisfy { $0 == "0.1" })
    // What returns its input is no prior at all.
    let settings = try #require(try shop.sidecar("r.json")["settings"] as? [String: Any])
    #expect(settings["denoiserCommand"] as? String == "./denoise.sh")
    #expect(abs(try #require(settings["largestEigenvalue"] as? Double) - 1) < 1e-3)
  }

  @Test(
    "A program that fails is told of, with what it said",
    arguments: [
      ("echo cannot load the network >&2; exit 3", "status 3: cannot load the network"),
      ("exit 0", "left no stack"),
      ("echo text > \"$2\"", "left no stack"),
      ("head -c 1024 \"$1\" > \"$2\"", "left no stack"),
      ("cp ../work/other.mrc \"$2\"", "21 pages of 12 × 32, and 28 pages of 12 × 32 was expected"),
      // The first value becomes 0x7FC00000, which is no number.
      (
        "cp \"$1\" \"$2\"; printf '\\000\\000\\300\\177' | dd of=\"$2\" bs=1 seek=1024 conv=notrunc 2>/dev/null",
        "1 values that are not finite"
      ),
    ])
  func failures(script: String, words: String) throws {
    let shop = try furnished()
    try shop.done("simulate beads.json --tilts -80:80:8 --out other.mrc --quiet")
    try add(script, shop)
    let outcome = try shop.run(Self.program)
    #expect(outcome.code == 70 && outcome.err.contains(words), "\(outcome)")
    #expect(try !shop.files().contains("r.tif"))
    let missing = try shop.run(Self.program.replacing("./denoise.sh", with: "./none.sh"))
    #expect(missing.code == 70 && missing.err.contains("none.sh"), "\(missing)")
  }

  @Test("Ctrl-C ends the program, too")
  func interrupted() throws {
    let shop = try furnished()
    try add("echo $$ > pid; exec sleep 600", shop)
    let process = try shop.start(Self.program)
    let pid = shop.path("pid")
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: pid) {
      Thread.sleep(forTimeInterval: 0.02)
    }
    Thread.sleep(forTimeInterval: 0.2)
    let words = try String(contentsOfFile: pid, encoding: .utf8)
    let child = try #require(Int32(words.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(isRunning(child))
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(try shop.outcome(of: process).code == 130)
    for _ in 0..<200 where isRunning(child) { Thread.sleep(forTimeInterval: 0.02) }
    #expect(!isRunning(child), "the program goes on")
  }

  /// Whether a process is there and no corpse that nobody has asked for.
  private func isRunning(_ process: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status.map { !$0.contains(") Z ") } ?? false
  }

  @Test(
    "Options that mean nothing together are refused",
    arguments: [
      "--regulariser denoiser", "--denoiser cp", "--red", "--denoiser-strength 0.1",
      "--regulariser nlm --denoiser-strength 0.1 --lambda 0.1",
      "--regulariser nlm --denoiser-strength -0.1", "--regulariser nlm --nlm-window 0",
      "--regulariser nlm --choose l-curve --noise 0.02", "--nlm-freeze 5",
      "--regulariser denoiser --denoiser cp --tv-axes slice",
      "--weights transmission --fidelity poisson",
    ])
  func refused(options: String) throws {
    let shop = try furnished()
    let outcome = try shop.run("\(Self.line) \(options)")
    #expect(outcome.code == 64, "\(options): \(outcome)")
  }

  @Test("A weight for every bin, of a series with one row")
  func weights() throws {
    let shop = try Workshop()
    try shop.write(
      """
      {"name": "ball", "description": "", "unit": "halfWidth", "size": [32, 1, 28],
       "objects": [{"shape": "sphere", "radius": 0.5, "density": 0.1}]}
      """, to: "ball.json")
    try shop.done("simulate ball.json --tilts -80:80:8 --noise 0.02 --out s.tif --quiet")
    try shop.done("simulate ball.json --tilts -80:80:16 --out few.tif --quiet")
    try shop.done("simulate ball.json --tilts -80:80:8 --out w.tif --quiet")
    try shop.done("\(Self.line) --lambda 1e-3 --weights transmission")
    let settings = try #require(try shop.sidecar("r.json")["settings"] as? [String: Any])
    #expect(settings["binWeights"] as? String == "transmission")
    try shop.done("\(Self.line) --lambda 1e-3 --weights w.tif --force")
    let sidecar = try shop.sidecar("r.json")
    #expect((sidecar["inputs"] as? [[String: Any]])?.count ?? 0 >= 2)
    try shop.done("quality r.tif --quiet")
    let few = try shop.run("\(Self.line) --weights few.tif --force")
    #expect(few.code == 64 && few.err.contains("11 pages of 1 × 32"), "\(few)")
  }
}
