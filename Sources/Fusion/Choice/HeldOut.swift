import Fields
import Inversion
import Operators
import RealModule

extension FusionProblem {
  /// `−log` likelihood of what mixtures of the two fits did not see, from total variation to full contrast.
  func heldOutMisfits(_ fit: borrowing Fit) throws -> [Double] {
    guard data.haadf.pictures.count == 1 else { return [try heldOutMisfit(fit.unbiased)] }
    return try Self.contrastShares.map { try heldOutMisfit(fit.blend($0)) }
  }
  static let contrastShares = [0, 0.25, 0.5, 0.75, 1]

  /// `−log` likelihood of the counts, and of HAADF by what its squares of 8 × 8 pixels depart by more than two standard
  /// deviations in the mean: either model can come as near to its noise, the power law in more iterations.
  func misfit(_ x: borrowing FloatStorage) throws -> Double {
    var sum = 0.0
    if let calibration {
      let (haadf, _) = try haadfConsistency(x, calibration)
      sum +=
        0.5 * max(haadf.blockChi2 - 4, 0)
        * Double(data.haadf.pictures.blocks(Consistency.side).count)
    }
    for e in data.maps.indices { sum += mapWeight * mapMisfit(x, e) }
    return sum
  }

  private func mapMisfit(_ x: borrowing FloatStorage, _ e: Int) -> Double {
    let map = data.maps[e]
    let seen = mapSignal(x, e)
    let (u, y, background) = (seen.span, map.measurement.span, map.backgrounds)
    var sum = 0.0
    for block in map.pictures.blocks(64) {
      map.pictures.forEachPixel(of: block) { i in
        let m = Double(u[i] + background[i])
        switch map.noise {
        case .poisson:
          let floor = max(m, 1e-3)
          sum += floor - (y[i] > 0 ? Double(y[i]) * .log(floor) : 0)
        case .gaussian(let sigma):
          sum += (Double(y[i]) - m) * (Double(y[i]) - m) / (2 * sigma * sigma)
        }
      }
    }
    return sum
  }

  /// `−log` likelihood of what the fit did not see: of counts, and of HAADF unless the elements are mixed, where a pixel
  /// without HAADF has nothing to tell its mixture by.
  func heldOutMisfit(_ x: borrowing FloatStorage) throws -> Double {
    var sum = try heldOutHAADF(x)
    for e in data.maps.indices { sum += mapWeight * heldOutMap(x, e) }
    return sum
  }

  private func heldOutHAADF(_ x: borrowing FloatStorage) throws -> Double {
    guard let calibration, !isMixed else { return 0 }
    let seen = try haadfSignal(x, calibration.coefficients)
    let (u, measured) = (seen.span, data.haadf.measurement)
    let y = measured.span
    var sum = 0.0
    for i in u.indices where LeftOut.contains(i, salt: 0) && isTrue(i, data.haadf.pictures) {
      let r = Double(y[i]) - Double(u[i]) - calibration.offset
      sum += r * r / (2 * sigma * sigma)
    }
    return sum
  }

  func heldOutMap(_ x: borrowing FloatStorage, _ e: Int) -> Double {
    let map = data.maps[e]
    let seen = mapSignal(x, e)
    let (u, measured) = (seen.span, map.measurement)
    let y = measured.span
    var sum = 0.0
    switch map.noise {
    case .poisson:
      // What is seen is the kept part; the other one is to it as 0.1 to 0.9.
      let share = (1 - LeftOut.kept) / keptShare(e)
      let backgrounds = map.backgrounds
      // A few counts where next to nothing is predicted are not to decide.
      let level = Self.evenShare * (1 - LeftOut.kept) * meanCount(y, map.pictures)
      for i in u.indices where isTrue(i, map.pictures) {
        let background = (1 - LeftOut.kept) * Double(backgrounds[i])
        let seen = share * Double(u[i]) + background
        let m = max((1 - Self.evenShare) * seen + level, 1e-6)
        let k = Double(LeftOut.counts(of: y[i], at: i, salt: e + 1))
        sum += m - (k > 0 ? k * .log(m) : 0)
      }
    case .gaussian(let sigma):
      for i in u.indices where LeftOut.contains(i, salt: e + 1) && isTrue(i, map.pictures) {
        let r = Double(y[i]) - Double(u[i])
        sum += r * r / (2 * sigma * sigma)
      }
    }
    return sum
  }

  /// The part of a prediction that is the same everywhere.
  private static let evenShare = 0.05

  private func meanCount(_ y: Span<Float>, _ pictures: Pictures) -> Double {
    y.indices.reduce(0.0) { $0 + Double(y[$1]) } / Double(pictures.shape.valueCount)
  }

  private func isTrue(_ index: Int, _ pictures: Pictures) -> Bool {
    let shape = pictures.shape
    return index / shape.slabLength * shape.laneCount + index % shape.laneCount < shape.sliceCount
  }
}
