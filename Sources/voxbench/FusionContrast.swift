import Fields
import Plots
import Fusion

/// How the contrast of core and shell changes along λ₂, in case S at 16 counts: the lecture warns that a
/// strong prior may over-sharpen it.
///
/// `contrast` is (core − shell) of the fused map over the true 0.6, from means a few pixels inside either.
/// `width` is the distance over which the edge between them falls from 90 to 10 % of that, in pixels; 0.8
/// for a step between two pixels.
struct FusionContrast {
  private let size: Int
  private let factors: [Double]
  private let workers: Workers

  init(isQuick: Bool, _ workers: Workers) {
    self.workers = workers
    (size, factors) = isQuick ? (96, [1, 16]) : (256, [1.0 / 16, 0.25, 1, 4, 16, 64])
  }

  func run() throws -> StudyResult {
    var scene = try FusionScene(.single, size: size)
    scene.background = 0.5
    let detectors = try scene.detectors(workers: workers)
    let chosen = try SensorFusion().fuse(try detectors.data())
    var table = Table(["lambda2", "over_chosen", "rmse", "contrast", "width"])
    for factor in factors {
      var fusion = SensorFusion()
      fusion.lambda2 = factor * chosen.lambda2
      let shape = SlabShape(sliceCount: size, pageCount: 1, positionCount: size)
      let fused = try fusion.fuse(try detectors.data()).fused
      let x = Image(fused.span, shape).pixels
      let profile = radialMeans(x)
      let unit = Double(size) / 256
      func mean(_ radii: Range<Double>) -> Double {
        let part = profile[Int(radii.lowerBound * unit)..<Int(radii.upperBound * unit)]
        return part.reduce(0, +) / Double(part.count)
      }
      let (core, shell) = (mean(5..<38), mean(52..<72))
      try table.append([
        .number(factor * chosen.lambda2), .number(factor), .number(error(x, scene.truth[0])),
        .number((core - shell) / 0.6), .number(width(profile, core, shell)),
      ])
    }
    return StudyResult(table: table, claims: [])
  }

  /// The mean over rings one pixel wide.
  private func radialMeans(_ x: [Float]) -> [Double] {
    let middle = 0.5 * Double(size - 1)
    var (sums, counts) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
    for i in 0..<x.count {
      let (y, z) = (Double(i / size) - middle, Double(i % size) - middle)
      let ring = Int((y * y + z * z).squareRoot())
      sums[ring] += Double(x[i])
      counts[ring] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }

  private func width(_ profile: [Double], _ core: Double, _ shell: Double) -> Double {
    func place(_ part: Double) -> Double {
      let level = shell + part * (core - shell)
      let first = Int(20 * Double(size) / 256)
      for k in first..<size / 2 where profile[k] >= level && profile[k + 1] < level {
        return Double(k) + (profile[k] - level) / (profile[k] - profile[k + 1])
      }
      return .nan
    }
    return place(0.1) - place(0.9)
  }

  private func error(_ x: [Float], _ truth: FloatStorage) -> Double {
    let t = truth.span
    let sum = t.indices.reduce(0.0) { $0 + Double(x[$1] - t[$1]) * Double(x[$1] - t[$1]) }
    return (sum / Double(t.count)).squareRoot()
  }
}
