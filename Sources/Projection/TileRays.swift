/// The rays of one tilt that enter one tile, in the tile's own rows and cells.
///
/// Where `cos θ` (or `sin θ`) along the cells is negative, distances change sign and bins run
/// backwards, so that the march itself only ever steps to the cell before.
struct TileRays {
  struct Ray {
    var bin: Int
    /// The cell at or before the ray on the row where it enters, relative to the tile.
    var cell: Int
    /// `0 ≤ D < reach`, from that cell to the ray.
    var distance: Int
  }

  let bins: Range<Int>
  let height: Int
  /// The row where the march begins, and the direction in which it goes on.
  let startRow: Int
  let rowStep: Int
  /// How far a ray falls back from one row to the next, `0 ≤ drift ≤ reach`.
  let drift: Int
  let reach: Int
  /// 1 / reach, for distances in units of 2⁻²⁴ bins.
  let perReach: Float
  /// The length of a ray inside one row.
  let path: Float
  let footprint: Footprint

  private let sign: Int
  private let entry: Int
  private let firstCell: Int

  init(
    _ rays: TiltRays, alongZ: Bool, firstRow: Int, height: Int, cells: Range<Int>, binCount: Int
  ) {
    let (perCell, perRow) = alongZ ? (rays.perX, rays.perZ) : (rays.perZ, rays.perX)
    sign = perCell >= 0 ? 1 : -1
    reach = abs(perCell)
    drift = abs(perRow)
    let descends = sign * perRow >= 0
    startRow = descends ? 0 : height - 1
    rowStep = descends ? 1 : -1
    entry = sign * (rays.origin + (firstRow + startRow) * perRow)
    firstCell = cells.lowerBound
    self.height = height
    perReach = Float(Double(1 << 8) / Double(reach))
    path = rays.pathPerRow
    footprint = Footprint(rays)

    // cells.lowerBound · reach ≤ sign · b − entry < cells.upperBound · reach
    let from = Self.ceiling(cells.lowerBound * reach + entry)
    let to = Self.ceiling(cells.upperBound * reach + entry)
    let all = sign > 0 ? from..<to : 1 - to..<1 - from
    bins = all.clamped(to: 0..<binCount)
  }

  private static func ceiling(_ position: Int) -> Int { (position + TiltRays.one - 1) >> 32 }

  /// The ray of the first bin, or of the last where bins run backwards.
  var firstRay: Ray {
    let bin = sign > 0 ? bins.lowerBound : bins.upperBound - 1
    let position = sign * bin * TiltRays.one - entry
    let (quotient, remainder) = position.quotientAndRemainder(dividingBy: reach)
    return remainder < 0
      ? Ray(bin: bin, cell: quotient - 1 - firstCell, distance: remainder + reach)
      : Ray(bin: bin, cell: quotient - firstCell, distance: remainder)
  }

  /// Goes on to the ray of the neighbouring bin, one or two cells further.
  @inline(__always)
  func advance(_ ray: inout Ray) {
    ray.bin &+= sign
    ray.cell &+= 1
    ray.distance &+= TiltRays.one &- reach
    if ray.distance >= reach {
      ray.distance &-= reach
      ray.cell &+= 1
    }
  }
}
