import CFFTW
import Synchronization

/// FFTW plans may run on any thread, but only one thread may make or end them at a time.
private let planner = Mutex(())

/// The discrete Fourier transform of one real line of fixed length, with its inverse.
///
///     X[k] = Σ_n x[n] exp(−2πi kn / N),   0 ≤ k ≤ N/2
///
/// Plans are estimated and not measured, so that every run takes the same path. Any number of
/// threads may use one transform, each on its own lines. Cost: O(N log N).
///
/// Source: M. Frigo and S. G. Johnson, Proc. IEEE 93 (2005) 216–231.
@safe
public final class RealTransform: @unchecked Sendable {
  /// Samples of a line, `N`.
  public let length: Int
  /// Floats of a spectrum: real and imaginary part in turn, `N + 2` in all.
  public var spectrumLength: Int { length + 2 }

  private let forwardPlan: fftwf_plan
  private let inversePlan: fftwf_plan

  /// - Parameter length: an even number of samples; see ``fastLength(atLeast:)``.
  public init(length: Int) {
    precondition(length > 1 && length.isMultiple(of: 2), "pad to an even length first")
    self.length = length
    guard let line = unsafe fftwf_alloc_real(length),
      let spectrum = unsafe fftwf_alloc_complex(length / 2 + 1)
    else { fatalError("no memory is left for a transform of length \(length)") }
    defer {
      unsafe fftwf_free(line)
      unsafe fftwf_free(spectrum)
    }
    let n = Int32(length)
    nonisolated(unsafe) let (x, X) = unsafe (line, spectrum)
    nonisolated(unsafe) var plans: (fftwf_plan?, fftwf_plan?) = (nil, nil)
    planner.withLock { _ in
      unsafe plans.0 = fftwf_plan_dft_r2c_1d(n, x, X, FFTW_ESTIMATE)
      unsafe plans.1 = fftwf_plan_dft_c2r_1d(n, X, x, FFTW_ESTIMATE)
    }
    guard let forward = unsafe plans.0, let inverse = unsafe plans.1
    else { fatalError("FFTW has no plan for length \(length)") }
    unsafe (forwardPlan, inversePlan) = unsafe (forward, inverse)
  }

  deinit {
    nonisolated(unsafe) let (forward, inverse) = unsafe (forwardPlan, inversePlan)
    planner.withLock { _ in
      unsafe fftwf_destroy_plan(forward)
      unsafe fftwf_destroy_plan(inverse)
    }
  }

  /// The spectrum of `line`. Both begin on a 16-byte boundary, as every storage does.
  public func forward(_ line: Span<Float>, into spectrum: inout MutableSpan<Float>) {
    precondition(line.count == length && spectrum.count == spectrumLength)
    unsafe line.withUnsafeBufferPointer { line in
      unsafe spectrum.withUnsafeMutableBufferPointer { spectrum in
        let (x, X) = unsafe aligned(UnsafeMutableBufferPointer(mutating: line), spectrum)
        unsafe fftwf_execute_dft_r2c(forwardPlan, x, X)
      }
    }
  }

  /// `N` times the line of `spectrum`, which is used up. Both begin on a 16-byte boundary.
  public func inverse(
    _ spectrum: inout MutableSpan<Float>, into line: inout MutableSpan<Float>
  ) {
    precondition(line.count == length && spectrum.count == spectrumLength)
    unsafe line.withUnsafeMutableBufferPointer { line in
      unsafe spectrum.withUnsafeMutableBufferPointer { spectrum in
        let (x, X) = unsafe aligned(line, spectrum)
        unsafe fftwf_execute_dft_c2r(inversePlan, X, x)
      }
    }
  }

  /// The start of a line and of its spectrum, as FFTW wants them.
  private func aligned(
    _ line: UnsafeMutableBufferPointer<Float>, _ spectrum: UnsafeMutableBufferPointer<Float>
  ) -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<fftwf_complex>) {
    guard let x = line.baseAddress, let X = spectrum.baseAddress,
      unsafe fftwf_alignment_of(x) == 0 && fftwf_alignment_of(X) == 0
    else { preconditionFailure("a line and its spectrum begin on a 16-byte boundary") }
    return unsafe (x, UnsafeMutableRawPointer(X).assumingMemoryBound(to: fftwf_complex.self))
  }

  /// The smallest even number, at least `count`, whose only prime factors are 2, 3, 5 and 7.
  public static func fastLength(atLeast count: Int) -> Int {
    var length = max(2, count + count % 2)
    while !isFast(length) { length += 2 }
    return length
  }

  private static func isFast(_ length: Int) -> Bool {
    var rest = length
    for prime in [2, 3, 5, 7] {
      while rest.isMultiple(of: prime) { rest /= prime }
    }
    return rest == 1
  }
}
