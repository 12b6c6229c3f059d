import Fields

/// How gain and offset of an image are read.
enum GainRule: CaseIterable {
  /// From means over levels of brightness, which need the fewest counts.
  case levels
  /// With the concentrations of a fit as instruments, which tell elements apart by where they are.
  case instruments
}

extension FusionProblem {
  /// `cₑ ≥ 0` and `o` from the counts, with the concentrations of a fit as instruments:
  ///
  ///     Σⱼ ⟨zᵢ, uⱼ⟩ cⱼ + ⟨zᵢ, 1⟩ o = ⟨zᵢ, b_H⟩,   z = A x^γ,   u = z + γ z / A B x · A ((b_E − b) / s − B x)
  ///
  /// Least squares on denoised maps finds false gains, since these are blunt, and on counts, since these are noisy: with
  /// what the fit leaves over of the counts brought back to first order, neither matters.
  ///
  /// - Reference: W. Fuller, Measurement Error Models (Wiley 1987), section 1.4.
  func calibratedByInstruments(
    _ x: borrowing FloatStorage, isTied: Bool, gain: Double?, offset: Double?
  ) -> Calibration {
    let elements = data.maps.indices
    let fits = elements.map { countSignal($0, of: x) }
    let columns = fits.map { $0.firstOrder(Float(power)) }
    let shares = isTied ? [weights] : elements.map { e in elements.map { $0 == e ? 1.0 : 0 } }
    let z = shares.map { mixture(fits.map(\.signal), $0) }
    let u = shares.map { mixture(columns, $0) }
    let measured = data.haadf.measurement
    let y = measured.span
    var rows = z.map { z in u.map { dot(z.span, $0.span) } + [sum(z.span), dot(z.span, y)] }
    rows.append(u.map { sum($0.span) } + [Double(data.haadf.pictures.shape.valueCount), sum(y)])
    return calibration(rows, isTied: isTied, gain: gain, offset: offset)
  }

  private func mixture(_ fields: [FloatStorage], _ weights: [Double]) -> FloatStorage {
    var mixture = FloatStorage(zeros: fields[0].count)
    var values = mixture.mutableSpan
    for (field, weight) in zip(fields, weights) where weight != 0 {
      for i in values.indices { values[i] += Float(weight) * field.span[i] }
    }
    return mixture
  }
}

extension CountSignal {
  fileprivate func firstOrder(_ γ: Float) -> FloatStorage {
    var field = signal
    var values = field.mutableSpan
    let (predicted, counted) = (predicted.span, counted.span)
    for i in values.indices {
      let slope = γ == 1 ? 1 : predicted[i] > 0 ? γ * values[i] / predicted[i] : 0
      values[i] += slope * (counted[i] - predicted[i])
    }
    return field
  }
}
