public import Fields
public import Operators
import Synchronization

/// A penalty that is known by its denoiser `D` alone, with the weight μ.
///
/// As a proximal map, `D = prox_φ` with the penalty `μ φ` (plug-and-play). By Moreau's identity the dual step is
///
///     p̂ = v − μ D(v / μ),   v = p + μ x̄
///
/// whose step length is μ and no other, since only `prox_φ` is known. A solution has `x = D(x − ∇f(x) / μ)`. Where D is the proximal map of a
/// convex φ, as that of a non-local mean with frozen weights is, this is the minimum of `f + μ φ`; of other maps a fixed point at best.
///
/// As a gradient, `μ (x − D(x))` (RED), by one step towards `z = argmin ½ μ zᵀ(z − D(z)) + ½ γ ‖z − v/γ‖²` in every iteration:
///
///     z ← (μ D(z) + v) / (μ + γ),   p̂ = v − γ z,   v = p + γ x̄
///
/// With a `pause` k the step is made in every k-th iteration only, and p stays in between: where the denoiser costs more than the model, 3 takes a third of
/// the calls and nearly as few iterations. Solutions are the same.
///
/// Neither has a known value, so that an objective with it is its fit alone. Fields beside x and p: two, those of the denoiser, and z.
///
/// - References: S. Venkatakrishnan, C. Bouman and B. Wohlberg, GlobalSIP 2013, 945; U. Kamilov et al., IEEE Signal Process. Mag. 40, 85 (2023);
///   RED: Y. Romano, M. Elad and P. Milanfar, SIAM J. Imaging Sci. 10, 1804 (2017).
public struct PlugAndPlay: Regulariser {
  /// What the denoiser gives.
  package enum Form: String, Sendable, Codable, CaseIterable {
    /// The proximal map of the penalty.
    case proximal
    /// The gradient of the penalty, `x − D(x)`.
    case gradient = "red"
  }

  /// `μ`
  package let weight: Float
  let denoiser: any Denoiser
  let form: Form
  let shape: SlabShape
  private var count: Int { shape.count }
  let workers: Workers
  private let scratch: ScratchPool
  private let failure = Failure()
  /// Iterations from one call to the next.
  package var pause = 1

  /// - Parameters:
  ///   - denoiser: `D`, whose strength is its own.
  ///   - weight: `μ`, in the units of the curvature of the fit.
  ///   - shape: of the unknown.
  /// - Throws: ``InversionError/weight(_:)`` where `μ` is not positive.
  public init(
    _ denoiser: any Denoiser, weight: Float, _ shape: SlabShape, workers: Workers = .all
  ) throws(InversionError) {
    try self.init(denoiser, weight: weight, shape, form: .proximal, workers: workers)
  }

  package init(
    _ denoiser: any Denoiser, weight: Float, _ shape: SlabShape, form: Form, workers: Workers
  ) throws(InversionError) {
    guard weight > 0 && weight.isFinite else { throw .weight(weight) }
    (self.denoiser, self.weight, self.form, self.workers) = (denoiser, weight, form, workers)
    self.shape = shape
    scratch = ScratchPool(length: shape.count)
  }

  public var dualCount: Int { count }
  /// Those of the denoiser, the iterations since its last call, and `z` of the form `gradient`.
  public var auxiliaryCounts: [Int] {
    denoiser.stateCounts + [1] + (form == .gradient ? [count] : [])
  }
  public var operatorSums: (row: Float, column: Float) { (1, 1) }
  /// `μ` of the form `proximal`.
  public var fixedStep: Float? { form == .proximal ? weight : nil }

  /// 0: what is not known.
  public func value(_ x: Span<Float>, auxiliary: [FloatStorage]) -> Double { 0 }

  public func formDual(
    _ dual: inout FloatStorage, auxiliary: inout [FloatStorage], from x: Span<Float>, step γ: Float,
    relaxation ρ: Float
  ) {
    guard failure.error == nil, isTurn(&auxiliary[denoiser.stateCounts.count]) else { return }
    switch form {
    case .proximal:
      scratch.withScratch { v in
        workers.combine(0, &v, 1, x)
        workers.combine(1, &v, 1 / γ, dual.span)  // v / γ
        scratch.withScratch { clean in
          guard denoise(v, into: &clean, &auxiliary) else { return }
          workers.combine(γ, &v, -γ, clean)  // p̂
          workers.combine(1 - ρ, &dual, ρ, v)
        }
      }
    case .gradient:
      var z = auxiliary.removeLast()
      scratch.withScratch { clean in
        guard denoise(z, into: &clean, &auxiliary) else { return }
        let sum = weight + γ
        workers.combine(0, &z, weight / sum, clean)
        workers.combine(1, &z, 1 / sum, dual.span)
        workers.combine(1, &z, γ / sum, x)
        workers.combine(1, &dual, ρ * γ, x)  // p + ρ (p̂ − p), with p̂ − p = γ (x̄ − z)
        workers.combine(1, &dual, -ρ * γ, z)
      }
      auxiliary.append(z)
    }
  }

  public func step(
    _ x: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float
  ) {
    workers.step(x, from: base, along: dual, steps: steps, offset: offset, shape)
  }

  public func confirm() throws(InversionError) {
    if let error = failure.error { throw error }
  }

  private func isTurn(_ counter: inout FloatStorage) -> Bool {
    let passed = Int(counter.span[0])
    counter = FloatStorage([Float((passed + 1) % pause)])
    return passed == 0
  }

  /// - Returns: whether it did.
  private func denoise(
    _ x: borrowing FloatStorage, into y: inout FloatStorage, _ auxiliary: inout [FloatStorage]
  ) -> Bool {
    // The denoiser has the fields of its own for itself while it writes them.
    let count = denoiser.stateCounts.count
    var state = Array(auxiliary.prefix(count))
    auxiliary.removeFirst(count)
    defer { auxiliary = state + auxiliary }
    do {
      var values = y.mutableSpan
      try denoiser.denoise(x.span, into: &values, state: &state)
      return true
    } catch {
      failure.keep(.denoiser("\(error)"))
      return false
    }
  }

  /// Why a call failed; the solver asks after each iteration.
  private final class Failure: Sendable {
    private let kept = Mutex<InversionError?>(nil)
    var error: InversionError? { kept.withLock { $0 } }
    func keep(_ error: InversionError) { kept.withLock { $0 = $0 ?? error } }
  }
}
