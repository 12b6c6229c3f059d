import Fields
import Inversion
import Operators
import Transforms

/// The regulariser of the priors `nlm` and `denoiser`: a denoiser of strength σ whose penalty has a fixed weight.
///
///     γ = 0.004 w̄ c̄ ρ̄,   x = D_σ(x − ∇f(x) / γ),   μ = σ²,   λ = (σ / σ_ref)²
///
/// Of two numbers, γ and σ, only one is a strength: where D_σ is the proximal map of `σ² R`, the prior is `γ σ² R`. So γ is fixed as a part of the mean
/// curvature of the fit (mean weight, column sum and row sum of H), and σ is chosen. The noise of a gradient step `x − ∇f(x) / γ` is what σ has to meet;
/// with larger γ no σ does both, leaves noise and loses detail (docs/studies/plug-and-play.md).
struct Denoising {
  /// `γ / w̄ c̄ ρ̄`
  static let coupling = 4e-3
  /// The primal-dual step at which a dual of the step γ moves fast enough.
  static func balance(_ form: PlugAndPlay.Form) -> Double { form == .proximal ? 30 : 62.5 }
  /// Iterations of the primal-dual method for each call of a proximal map. The step of a gradient is unstable with pauses.
  static let pause = 3
  /// Iterations of the non-local mean with one guide, before it is frozen.
  static let guideInterval = 12
  /// λ to begin with: a σ as large as the object's density.
  static let firstStrength = 1.0

  let regulariser: PlugAndPlay

  init(
    _ method: CompressedSensing, σ: Double, _ volume: SlabShape, _ reference: ReferenceStrength,
    _ workers: Workers, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    let prior = method.prior
    let denoiser: any Denoiser
    if prior.kind == .nlm {
      let neighbourhood = NonLocalMean.Neighbourhood(
        volume, reach: prior.reach, radius: prior.window)
      var mean = try NonLocalDenoiser(
        strength: Float(σ), volume, neighbourhood, workers: workers)
      mean.interval = max(1, method.denoiserCalls(in: Self.guideInterval))
      mean.freezeAfter = max(1, method.denoiserCalls(in: prior.freezeAfter))
      denoiser = mean
    } else {
      guard let program = prior.program else { throw CompressedSensingError.noProgram }
      denoiser = ProgramDenoiser(program, σ: σ, volume, isCancelled)
    }
    var plugged = try PlugAndPlay(
      denoiser, weight: Float(Self.coupling * reference.curvature), volume,
      form: prior.form,
      workers: workers)
    plugged.pause = method.pause
    regulariser = plugged
  }
}

extension CompressedSensing {
  /// How often a denoiser is called in some iterations.
  fileprivate func denoiserCalls(in iterations: Int) -> Int {
    solver == .fista ? iterations * ProximalGradient().innerIterations : iterations / pause
  }

  fileprivate var pause: Int {
    solver == .primalDual && prior.form == .proximal ? Denoising.pause : 1
  }
}
