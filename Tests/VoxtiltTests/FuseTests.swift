import Foundation
import Testing

@Suite struct FuseTests {
  /// A gold ball and nickel beside it, as recipes: each alone, and as HAADF sees both.
  private static func workshop() throws -> Workshop {
    let shop = try Workshop()
    let gold = #"{"shape": "sphere", "centre": [-0.3, 0, 0], "radius": 0.4, "density": 1}"#
    let nickel = #"{"shape": "sphere", "centre": [0.4, 0.1, 0], "radius": 0.35, "density": 1}"#
    for (name, objects) in [
      ("au", gold), ("ni", nickel),
      ("both", gold + "," + nickel.replacing(#""density": 1"#, with: #""density": 0.1715"#)),
    ] {
      try Data(
        """
        {"name": "\(name)", "description": "", "unit": "halfWidth", "size": [32, 32, 32],
        "objects": [\(objects)]}
        """.utf8
      ).write(to: shop.folder.appendingPathComponent(name + ".json"))
    }
    try Data("0\n".utf8).write(to: shop.folder.appendingPathComponent("zero.tlt"))
    return shop
  }

  private static func images() throws -> Workshop {
    let shop = try workshop()
    try shop.done(
      "simulate both.json --tilts zero.tlt --size 64,64,64 --counts 2500 --out haadf.tif")
    for name in ["au", "ni"] {
      try shop.done(
        """
        simulate \(name).json --tilts zero.tlt --size 64,64,64 --counts 16 --counts-as counts \
        --seed 2 --out \(name)-map.tif
        """)
    }
    return shop
  }

  @Test(
    "Images: one stack an element and the residual, each with its sidecar, and replay makes them again"
  )
  func images() throws {
    let shop = try Self.images()
    let line = "fuse --haadf haadf.tif --map Au=au-map.tif --map Ni=ni-map.tif --haadf-model linear"
    let json = try shop.done(
      line + " --vacuum 0:6,0:64 --out fused.tif --quiet --json"
    ).json()
    #expect((json["contradicted"] as? [String]) == [])
    let vacuum = try #require(json["vacuum"] as? [[String: Any]])
    for level in vacuum { #expect(abs(try #require(level["relativeMean"] as? Double)) < 0.01) }
    for part in ["Au", "Ni", "residual"] {
      let file = shop.folder.appendingPathComponent("fused.\(part).json")
      let sidecar = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
      #expect((sidecar["command"] as? [String])?.first == "fuse")
      #expect((sidecar["inputs"] as? [Any])?.count == 3)
      #expect((sidecar["lambdaChoice"] as? [String: Any])?["elements"] != nil)
    }
    try shop.done("replay fused.Ni.json --out again.tif --quiet")
    try shop.done("replay fused.residual.json --quiet")
  }

  @Test("Tilt series: volumes of each element")
  func series() throws {
    let shop = try Self.workshop()
    try shop.done("simulate both.json --tilts -70:70:10 --counts 2000 --out haadf.tif")
    for name in ["au", "ni"] {
      try shop.done(
        """
        simulate \(name).json --tilts -60:60:20 --counts 10 --counts-as counts --out \(name)-map.tif
        """)
    }
    try shop.done(
      """
      fuse --haadf haadf.tif --tilts -70:70:10 --map Au=au-map.tif:-60:60:20 \
      --map Ni=ni-map.tif:-60:60:20 --iterations 30 --out fused.tif --quiet
      """)
    let info = try shop.done("info fused.Au.tif --json").json()
    #expect("\(info)".contains("32"))
  }

  @Test("An element that no map shows is named, and the maps alone are written")
  func missing() throws {
    let shop = try Self.images()
    let outcome = try shop.done(
      "fuse --haadf haadf.tif --map Ni=ni-map.tif --haadf-model linear --out fused.tif")
    #expect(outcome.err.contains("HAADF and maps contradict each other"))
    let quiet = try shop.done(
      "fuse --haadf haadf.tif --map Ni=ni-map.tif --haadf-model linear --out fused.tif --json --quiet"
    )
    #expect((try quiet.json()["contradicted"] as? [String])?.isEmpty == false)
  }

  @Test(
    "What cannot be fused is refused, and nothing is written",
    arguments: [
      ("--haadf none.tif --map Au=au-map.tif", 66), ("--haadf haadf.tif --map Xx=au-map.tif", 64),
      ("--haadf haadf.tif --map Au=au-map.tif --max-memory 1M", 64),
      ("--haadf haadf.tif --map Au=au-map.tif --depth 4", 64),
      ("--haadf haadf.tif --map Au=au-map.tif --scale Ni=3", 64),
      ("--haadf haadf.tif --map Au=au-map.tif --map Au=ni-map.tif", 64),
      ("--haadf haadf.tif --map Au=au-map.tif --gamma 9", 64),
      ("--haadf haadf.tif --map Au=au-map.tif --map-sigma 1", 64),
    ] as [(String, Int32)])
  func refused(line: String, code: Int32) throws {
    let shop = try Self.images()
    let outcome = try shop.run("fuse \(line) --out x.tif --quiet")
    #expect(outcome.code == code, "\(outcome.err)")
    #expect(!FileManager.default.fileExists(atPath: shop.folder.path + "/x.Au.tif"))
  }
}
