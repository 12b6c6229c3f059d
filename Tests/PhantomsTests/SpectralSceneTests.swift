import Fields
import Foundation
import Phantoms
import Testing

@Suite struct SpectralSceneTests {
  @Test("Spectra are the sum of their parts, worked by hand")
  func spectrum() throws {
    let text = """
      { "background": { "height": 8, "energy": 100, "exponent": 3 },
        "edges": [ { "energy": 150, "height": 2, "exponent": 1 } ],
        "peaks": [ { "energy": 200, "height": 4, "width": 10 } ] }
      """
    let model = try JSONDecoder().decode(SpectrumModel.self, from: Data(text.utf8))
    // 8 / 8 + 2 · 150 / 200 + 4
    #expect(abs(model.value(at: 200) - 6.5) < 1e-12)
    let tail: Double = 4 * 100 / 10100
    #expect(abs(model.value(at: 100) - 8 - tail) < 1e-12)
  }

  @Test("Scenes that come with the package render, and counts have the mean that was asked for")
  func scenes() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../phantoms/spectral").standardized
    for name in ["particle", "plasmon-cube"] {
      let scene = try SpectralScene(
        reading: folder.appending(path: "\(name).json").path,
        volume: VolumeShape(width: 16, depth: 16, sliceCount: 8))
      let rendered = RenderedScene(
        scene, degrees: [-30, 0, 30], counts: 2, background: 0.5, workers: Workers(2))
      let all = scene.energies.indices.map { rendered.expected($0).projections }
      var (sum, seen) = (0.0, 0)
      for i in 0..<all[0].count {
        let mean = all.reduce(0.0) { $0 + Double($1.span[i]) } / Double(all.count)
        if mean > 0 { (sum, seen) = (sum + mean, seen + 1) }
      }
      #expect(abs(sum / Double(seen) - 2) < 1e-3, "\(name)")
      let again = [rendered.counts(3, seed: 1), rendered.counts(3, seed: 1)]
      #expect(again[0][1, 2, 3] == again[1][1, 2, 3])
      #expect(again[0][1, 2, 3] == again[0][1, 2, 3].rounded())
    }
  }

  @Test("A scene without spectra, axis or materials is refused with the key")
  func refusals() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "scene-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let head = "\"name\":\"a\",\"description\":\"\",\"unit\":\"halfWidth\",\"size\":[8,8,8]"
    let axis = "\"axis\":{\"first\":1,\"step\":1,\"count\":4}"
    for (text, key) in [
      ("{\(head)}", "axis"),
      ("{\(head),\"axis\":{\"first\":1e308,\"step\":40,\"count\":4}}", "axis"),
      ("{\(head),\"axis\":{\"first\":1,\"step\":1e7,\"count\":2}}", "axis"),
      ("{\(head),\"axis\":{\"first\":1,\"step\":1,\"count\":1e300}}", "axis"),
      ("{\(head),\(axis)}", "materials"),
      ("{\(head),\(axis),\"materials\":[{\"name\":\"m\",\"objects\":[]}]}", "spectrum"),
    ] {
      try Data(text.utf8).write(to: file)
      do {
        _ = try SpectralScene(reading: file.path)
        Issue.record("\(key) was not refused")
      } catch PhantomError.unusable(let found, _, _) {
        #expect(found == key)
      }
    }
  }
}
