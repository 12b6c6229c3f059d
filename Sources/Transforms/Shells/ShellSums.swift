package import Fields
import RealModule

/// Sums over shells of Fourier space of a pair of volumes A and B.
///
/// A shell holds the coefficients whose frequency `|f|`, in cycles per voxel, lies within half a step of
/// `shell / L`, with L the longest side in voxels; the last shell is at the Nyquist frequency 1/2. Each
/// sum is kept apart for the sampled and the missing part of Fourier space, and for all directions or
/// those within 45° of an axis. Cost: O(N) for N voxels.
package struct ShellSums: Sendable, Hashable {
  package enum Part: Int, Sendable, CaseIterable, Codable { case sampled, missing }
  /// All directions, or a double cone of half-angle 45° about an axis.
  package enum Cone: Int, Sendable, CaseIterable, Codable { case all, x, y, z }

  /// Of one shell; `k` and `−k` are both counted in the sums.
  package struct Sum: Sendable, Hashable {
    /// Coefficients.
    package var count = 0
    /// `Σ Re(A B*)`
    package var cross = 0.0
    /// `Σ |A|²` and `Σ |B|²`
    package var first = 0.0
    package var second = 0.0

    package init(count: Int = 0, cross: Double = 0, first: Double = 0, second: Double = 0) {
      (self.count, self.cross, self.first, self.second) = (count, cross, first, second)
    }

    package static func + (a: Sum, b: Sum) -> Sum {
      Sum(
        count: a.count + b.count, cross: a.cross + b.cross, first: a.first + b.first,
        second: a.second + b.second)
    }

    /// `Σ |A − B|²`
    package var difference: Double { max(0, first + second - 2 * cross) }
  }

  /// `L`: voxels of the longest side.
  package let length: Int
  /// Shells, the one at frequency 0 included.
  package var shellCount: Int { length / 2 + 1 }
  /// See ``SpectrumPair/independentFraction``.
  package let independentFraction: Double
  /// See ``SpectrumPair/noiseFraction``.
  package let noiseFraction: Double
  /// `[part][cone][shell]`
  private let sums: [Sum]

  /// - Parameter mask: above 0.5 where Fourier space is sampled, `[z][x]` in the order of the
  ///   transform; `nil` where all of it is.
  package init(_ pair: SpectrumPair, mask: FloatStorage? = nil, workers: Workers = .all) {
    let (nx, ny, nz) = (pair.shape.width, pair.shape.sliceCount, pair.shape.depth)
    precondition(mask.map { $0.count == nx * nz } ?? true, "the mask differs from the volume")
    let longest = max(nx, ny, nz)
    let shells = longest / 2 + 1
    let (fx, fy, fz) = (Self.frequencies(nx), Self.frequencies(ny), Self.frequencies(nz))
    let pages = workers.results(nz) { z in
      var sums = [Sum](repeating: Sum(), count: Self.groupCount * shells)
      let values = pair.values.span
      for y in 0..<ny {
        for x in 0..<nx {
          let (xx, yy, zz) = (fx[x] * fx[x], fy[y] * fy[y], fz[z] * fz[z])
          let square = xx + yy + zz
          let shell = Int((square.squareRoot() * Double(longest)).rounded())
          guard shell < shells else { continue }
          let part = (mask?.span[z * nx + x] ?? 1) > 0.5 ? Part.sampled : .missing
          let (a, b) = pair.coefficients(x, y, z, in: values)
          let term = Sum(
            count: 1, cross: a.re * b.re + a.im * b.im, first: a.re * a.re + a.im * a.im,
            second: b.re * b.re + b.im * b.im)
          let base = part.rawValue * Cone.allCases.count
          func add(_ cone: Cone) {
            let place = (base + cone.rawValue) * shells + shell
            sums[place] = sums[place] + term
          }
          add(.all)
          // cos² 45° = 1/2
          if 2 * xx >= square { add(.x) }
          if 2 * yy >= square { add(.y) }
          if 2 * zz >= square { add(.z) }
        }
      }
      return sums
    }
    var total = [Sum](repeating: Sum(), count: Self.groupCount * shells)
    for page in pages { for i in total.indices { total[i] = total[i] + page[i] } }
    (length, sums) = (longest, total)
    (independentFraction, noiseFraction) = (pair.independentFraction, pair.noiseFraction)
  }

  private static let groupCount = Part.allCases.count * Cone.allCases.count

  /// What the sums of one page hold while it is summed.
  package static let bytesPerShell = groupCount * MemoryLayout<Sum>.stride

  private static func frequencies(_ count: Int) -> [Double] {
    (0..<count).map { Double(2 * $0 <= count ? $0 : $0 - count) / Double(count) }
  }

  /// The sums of one part and cone, one per shell.
  package subscript(part: Part, cone: Cone) -> [Sum] {
    let start = (part.rawValue * Cone.allCases.count + cone.rawValue) * shellCount
    return Array(sums[start..<start + shellCount])
  }

  /// The frequency of a shell in cycles per voxel.
  package func frequency(_ shell: Int) -> Double { Double(shell) / Double(length) }
}
