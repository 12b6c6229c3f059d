package import Fields
package import Spectroscopy

/// The power-law background below an edge, for every place of a field of channels.
///
/// A place is a pixel of a tilt or a voxel. By `pixel`, each place has its own law; by `region`, the
/// exponent `r` is that of the sum over all places and only the height is each place's own,
///
///     B(E) = Σ_window c / Σ_window m · m(E),   m(E) = (E / E₀)⁻ʳ
///
/// which is far steadier where a pixel holds few counts.
///
/// - Reference: R. F. Egerton (2011), section 4.4; `PowerLawBackground`.
package struct EdgeBackground: Sendable {
  package enum Scope: String, Sendable, Codable, CaseIterable { case pixel, region }

  package let windows: ElementWindows
  package let scope: Scope
  /// Of the sum over all places.
  package let summed: PowerLawBackground

  /// - Parameters:
  ///   - energies: eV, one a channel, in even steps.
  ///   - totals: the sum over all places, one a channel.
  /// - Throws: `SpectrumError` where a window leaves the axis, holds too few channels or no counts.
  package init(
    _ windows: ElementWindows, scope: Scope, energies: [Double], totals: [Double]
  ) throws(SpectrumError) {
    (self.windows, self.scope) = (windows, scope)
    let spectrum = try Spectrum(energies: energies, counts: totals)
    summed = try PowerLawBackground(of: spectrum, in: windows.background, before: windows.edge)
    self.energies = energies
    backgroundChannels = try spectrum.channels(windows.background)
    signalChannels = try spectrum.channels(windows.signal)
    guard !signalChannels.isEmpty else { throw .windowEmpty(windows.signal) }
  }

  private let energies: [Double]
  package let backgroundChannels: Range<Int>
  package let signalChannels: Range<Int>

  /// What lies in the signal window, and the background's part of it.
  package struct Split: Sendable {
    /// `Σ_signal c`
    package var gross: FloatStorage
    /// `Σ_signal B`
    package var background: FloatStorage

    /// `Σ_signal (c − B)`
    package var net: FloatStorage {
      var net = gross
      var values = net.mutableSpan
      for i in values.indices { values[i] -= background.span[i] }
      return net
    }
  }

  /// Splits every place.
  ///
  /// - Parameter load: the field of a channel, from the first one of the windows on.
  /// - Complexity: O(places × channels); by `pixel`, all channels of the background window are held.
  package func split(
    _ workers: Workers, _ load: (_ channel: Int) throws -> FloatStorage
  ) throws -> Split {
    var before: [FloatStorage] = []
    var heights: FloatStorage?
    for channel in backgroundChannels {
      let field = try load(channel)
      if scope == .pixel {
        before.append(field)
      } else if var sum = heights {
        Self.add(field, to: &sum)
        heights = sum
      } else {
        heights = field
      }
    }
    var gross = try load(signalChannels.lowerBound)
    for channel in signalChannels.dropFirst() { Self.add(try load(channel), to: &gross) }
    let background = heights.map(scaled) ?? fitted(before, workers)
    return Split(gross: gross, background: background)
  }

  /// The law of the sum, scaled to what each place holds in the background window.
  private func scaled(_ sums: FloatStorage) -> FloatStorage {
    func model(_ channels: Range<Int>) -> Double {
      channels.reduce(0) { $0 + summed.value(at: energies[$1]) }
    }
    let factor = Float(model(signalChannels) / model(backgroundChannels))
    var background = sums
    var values = background.mutableSpan
    for i in values.indices { values[i] = max(0, values[i] * factor) }
    return background
  }

  /// A law of its own for every place; none where the window holds nothing.
  private func fitted(_ before: [FloatStorage], _ workers: Workers) -> FloatStorage {
    var background = FloatStorage(zeros: before[0].count)
    let axis = Array(energies[backgroundChannels])
    let length = max(1, min(4096, background.count))
    let parts = stride(from: 0, to: background.count, by: length).map {
      $0..<min(background.count, $0 + length)
    }
    workers.forEachPart(of: background.mutableSpan, parts) { part, values in
      var values = values
      for i in values.indices {
        let place = parts[part].lowerBound + i
        let counts = before.map { Double($0.span[place]) }
        guard let law = SteepLaw(energies: axis, counts: counts) else { continue }
        values[i] = Float(signalChannels.reduce(0) { $0 + law.value(at: energies[$1]) })
      }
    }
    return background
  }

  private static func add(_ field: FloatStorage, to sum: inout FloatStorage) {
    var values = sum.mutableSpan
    for i in values.indices { values[i] += field.span[i] }
  }
}

/// A power law through the counts of two halves of a window:
/// `r = log(Σ₁ c / Σ₂ c) / log(Ē₂ / Ē₁)`, the classical two-area fit, which needs no iteration.
///
/// - Reference: R. F. Egerton (2011), equations 4.51 and 4.52.
private struct SteepLaw {
  private let middle: Double
  private let exponent: Double
  private let height: Double

  init?(energies: [Double], counts: [Double]) {
    let total = counts.reduce(0, +)
    guard total > 0 else { return nil }
    let half = energies.count / 2
    let (low, high) = (counts[..<half].reduce(0, +), counts[half...].reduce(0, +))
    let ends = (
      low: energies[..<half].reduce(0, +) / Double(half),
      high: energies[half...].reduce(0, +) / Double(energies.count - half)
    )
    let ratio = (max(low, 0.5) / Double(half)) / (max(high, 0.5) / Double(energies.count - half))
    // An exponent outside this range is noise, and would let the extrapolation run away.
    let r = min(max(logarithm(ratio) / logarithm(ends.high / ends.low), 0), 8)
    let middle = (energies[0] + energies[energies.count - 1]) / 2
    let model = energies.reduce(0.0) { $0 + power(middle / $1, r) }
    (self.middle, exponent, height) = (middle, r, total / model)
  }

  func value(at energy: Double) -> Double { height * power(middle / energy, exponent) }
}
