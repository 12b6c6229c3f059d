import Imaging
package import Reconstruction

extension SpreadSource {
  /// As records hold it.
  package var settings: [String: Setting] {
    switch self {
    case .gaussian(let lengths):
      let widths = lengths.map {
        switch $0 {
        case .pixels(let value): "\(value) px"
        case .nanometres(let value): "\(value) nm"
        }
      }
      return ["psf": .text("gaussian"), "psfSigma": .text(widths.joined(separator: " "))]
    case .file(let path, let centres, let normalises):
      return [
        "psf": .text(path), "psfCentred": .flag(centres), "psfNormalised": .flag(normalises),
      ]
    }
  }

}

extension OpticsSource {
  /// What stands in the settings of a run.
  struct Told: Decodable {
    let psf, psfSigma: String?
    let psfCentred, psfNormalised: Bool?
    let convergence, focus: Double?

    /// - Parameter place: where a path holds from here.
    /// - Returns: `nil` where the run had none.
    func source(_ place: (String) -> String) -> OpticsSource? {
      OpticsSource(
        spread(place), convergence.map { Convergence(semiAngle: $0, focus: focus ?? 0) })
    }

    private func spread(_ place: (String) -> String) -> SpreadSource? {
      guard let psf else { return nil }
      guard let psfSigma else {
        return .file(
          place(psf), centres: psfCentred ?? false, normalises: psfNormalised ?? false)
      }
      let words = psfSigma.split(separator: " ")
      return .gaussian(
        stride(from: 0, to: words.count - 1, by: 2).compactMap {
          Length(String(words[$0] + words[$0 + 1]))
        })
    }
  }
}
