import Fields
import Inversion
import Projection
import Reconstruction

/// Priors that are tried besides the own one, where λ is chosen by predicting tilts.
package enum Rivals: Sendable, Hashable {
  /// What predicts better is told.
  case told([Prior.Kind])
  /// The one that predicts best is taken.
  case taken([Prior.Kind])

  package static let none = Rivals.told([])

  var kinds: [Prior.Kind] {
    switch self {
    case .told(let kinds), .taken(let kinds): kinds
    }
  }

  var mayBeTaken: Bool { if case .taken(let kinds) = self { !kinds.isEmpty } else { false } }
}

/// How well one prior predicted left-out tilts at the best λ that was tried for it.
package struct PriorTrial: Sendable, Hashable, Codable {
  package let prior: Prior.Kind
  package let lambda: Double
  /// As in `LambdaTrial.heldOut`.
  package let heldOut: Double

  init?(_ prior: Prior.Kind, _ choice: LambdaChoice) {
    guard let best = choice.trials.compactMap(\.heldOut).min() else { return nil }
    (self.prior, lambda, heldOut) = (prior, choice.lambda, best)
  }
}

extension CompressedSensing {
  /// What λ is asked of, how its rule is called and the noise, where they are told.
  typealias Asked = (rule: ChoiceRule?, noise: Double?)

  /// Chooses λ, and among ``rivals`` the prior.
  ///
  /// Differences of a part in 500 of the error count: those of the volumes are far larger, since most of the error is noise.
  func settle(
    _ asked: Asked, _ series: TiltSeries, _ geometry: TiltGeometry, _ workers: Workers,
    _ monitor: Monitor, _ keeper: (any RunKeeper)?
  ) throws -> (method: CompressedSensing, choice: StrengthChoice, keeper: (any RunKeeper)?) {
    var (own, keeper) = try choose(asked, series, geometry, workers, monitor, keeper)
    var best: (method: CompressedSensing, choice: StrengthChoice) = (self, own)
    guard let first = PriorTrial(prior.kind, own.choice) else {
      if rivals.mayBeTaken { throw CompressedSensingError.noPrediction }
      return (self, own, keeper)
    }
    var (trials, least) = ([first], first)
    for kind in rivals.kinds where kind != prior.kind {
      var rival = self
      rival.prior.kind = kind
      let (choice, _) = try rival.choose(asked, series, geometry, workers, monitor, nil)
      guard let trial = PriorTrial(kind, choice.choice) else { continue }
      trials.append(trial)
      if trial.heldOut < least.heldOut { (best, least) = ((rival, choice), trial) }
    }
    if rivals.mayBeTaken {
      best.choice.priors = trials
      return (best.method, best.choice, keeper)
    }
    own.priors = rivals.kinds.isEmpty ? [] : trials
    if least.heldOut < 0.998 * first.heldOut { own.warnings.append(Self.words(first, least)) }
    return (self, own, keeper)
  }

  private static func words(_ own: PriorTrial, _ other: PriorTrial) -> String {
    """
    The prior \(other.prior.rawValue) predicts left-out tilts better than \(own.prior.rawValue): its error is \
    \((100 * (1 - other.heldOut / own.heldOut) * 10).rounded() / 10) % smaller, noise included. Try --regulariser \(other.prior.rawValue), or auto.
    """
  }
}
