import Foundation
import Testing

/// A browser without a window, in which pages are tried.
struct Browser {
  /// What a script said of a page.
  struct Verdict {
    let words: [String: Any]
    /// Everything that the browser wrote to its console.
    let console: [String]

    func number(_ key: String) -> Double? { (words[key] as? NSNumber)?.doubleValue }
    func numbers(_ key: String) -> [Double] {
      (words[key] as? [NSNumber] ?? []).map(\.doubleValue)
    }
    func text(_ key: String) -> String { words[key] as? String ?? "" }
    func texts(_ key: String) -> [String] { words[key] as? [String] ?? [] }
  }

  /// Where Chromium is, or `nil`; Debian's package is `chromium`.
  static let path: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return ["chromium", "chromium-browser", "google-chrome"].lazy
      .flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  static let isMissing: Comment =
    "Chromium is not installed, so no page is tried in a browser (Debian: apt-get install chromium)."

  /// Runs before the scripts of a page: gathers faults, and lets the test turn the clock.
  private static let before = """
    window.faults = [];
    addEventListener("error", (event) => faults.push(`${event.message} ${event.lineno}`));
    addEventListener("unhandledrejection", (event) => faults.push(`${event.reason}`));
    addEventListener("securitypolicyviolation", (event) => faults.push(event.violatedDirective));
    window.frames_ = [];
    window.requestAnimationFrame = (use) => frames_.push(use);
    // Tests read pixels often, which the browser would remark on in its console.
    const plain = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, more) {
      return plain.call(this, kind, { ...more, willReadFrequently: true });
    };
    window.tick = (now) => { for (const use of frames_.splice(0)) use(now); };
    """

  /// What test scripts are written with.
  private static let words = """
    const $ = (id) => document.getElementById(id);
    const slide = (id, value) => {
      $(id).value = value;
      $(id).dispatchEvent(new Event("input", { bubbles: true }));
    };
    const press = (id, key, more = {}) => $(id).dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
    const grey = (id, columns, rows, column, row) => {
      const canvas = $(id);
      const x = Math.floor(((column + 0.5) / columns) * canvas.width);
      const y = Math.floor(((row + 0.5) / rows) * canvas.height);
      return canvas.getContext("2d").getImageData(x, y, 1, 1).data[0];
    };
    const point = (id, kind, columns, rows, column, row, buttons = 1) => {
      const box = $(id).getBoundingClientRect();
      $(id).dispatchEvent(new PointerEvent(kind, {
        clientX: box.left + ((column + 0.5) / columns) * box.width,
        clientY: box.top + ((row + 0.5) / rows) * box.height,
        pointerId: 1, buttons, bubbles: true, cancelable: true,
      }));
    };
    const picture = (id) => $(id).toDataURL();
    """

  /// Opens `page`, runs `script` once it is ready, and brings back the object `verdict` that it fills.
  static func open(_ page: Data, script: String, width: Int = 1200) throws -> Verdict {
    let browser = try #require(path)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var text = String(decoding: page, as: UTF8.self)
    let nonce = try nonce(of: text)
    let start = try #require(text.range(of: "<head>"))
    text.insert(
      contentsOf: "<script nonce=\"\(nonce)\">\(before)</script>", at: start.upperBound)
    let end = try #require(text.range(of: "</body>", options: .backwards))
    text.insert(
      contentsOf: """
        <script nonce="\(nonce)" type="module">
        \(words)
        addEventListener("load", () => {
          const verdict = {};
          try { \(script) } catch (fault) { faults.push(`${fault}`); }
          verdict.faults = faults;
          verdict.requests = performance.getEntriesByType("resource")
            .map((entry) => entry.name).filter((name) => !name.startsWith("data:"));
          for (const image of document.querySelectorAll("img.voxels")) image.remove();
          const bytes = new TextEncoder().encode(JSON.stringify(verdict));
          document.documentElement.dataset.verdict = btoa(String.fromCharCode(...bytes));
        });
        </script>
        """, at: end.lowerBound)
    let file = folder.appendingPathComponent("page.html")
    try Data(text.utf8).write(to: file)
    let (dom, log) = (folder.appendingPathComponent("dom"), folder.appendingPathComponent("log"))
    for url in [dom, log] { try Data().write(to: url) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = [
      "90", browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
      "--user-data-dir=\(folder.path)/profile", "--window-size=\(width),1400", "--dump-dom",
      file.absoluteString,
    ]
    process.standardOutput = try FileHandle(forWritingTo: dom)
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    process.waitUntilExit()
    let shown = String(decoding: try Data(contentsOf: dom), as: UTF8.self)
    let console = String(decoding: try Data(contentsOf: log), as: UTF8.self)
      .split(separator: "\n").filter { $0.contains("CONSOLE") }.map { String($0) }
    let found = try #require(
      shown.firstMatch(of: /data-verdict="([A-Za-z0-9+\/=]*)"/), "the page gave no verdict")
    let object = try JSONSerialization.jsonObject(
      with: try #require(Data(base64Encoded: String(found.1))))
    return Verdict(words: try #require(object as? [String: Any]), console: console)
  }
}
