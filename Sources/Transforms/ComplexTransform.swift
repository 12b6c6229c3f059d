import CFFTW
import Synchronization

/// FFTW plans may run on any thread, but only one thread may make or end them at a time.
let planner = Mutex(())

/// The discrete Fourier transform of one complex line of fixed length, with its inverse.
///
///     X[k] = Σ_n x[n] exp(−2πi kn / N),   0 ≤ k < N
///
/// Lines are floats, real and imaginary part in turn, `2N` in all. Plans are estimated and not
/// measured, so that every run takes the same path. Any number of threads may use one transform,
/// each on its own lines. Cost: O(N log N).
///
/// Source: M. Frigo and S. G. Johnson, Proc. IEEE 93 (2005) 216–231.
@safe
package final class ComplexTransform: @unchecked Sendable {
  /// Samples of a line, `N`.
  package let length: Int

  private let forwardPlan: fftwf_plan
  private let inversePlan: fftwf_plan

  /// - Parameter length: the number of samples; ``fastLength(atLeast:)`` names good ones.
  package init(length: Int) {
    precondition(length > 0, "a line has at least one sample")
    self.length = length
    guard let one = unsafe fftwf_alloc_complex(length),
      let other = unsafe fftwf_alloc_complex(length)
    else { fatalError("no memory is left for a transform of length \(length)") }
    defer {
      unsafe fftwf_free(one)
      unsafe fftwf_free(other)
    }
    let n = Int32(length)
    nonisolated(unsafe) let (x, X) = unsafe (one, other)
    nonisolated(unsafe) var plans: (fftwf_plan?, fftwf_plan?) = (nil, nil)
    planner.withLock { _ in
      unsafe plans.0 = fftwf_plan_dft_1d(n, x, X, FFTW_FORWARD, FFTW_ESTIMATE)
      unsafe plans.1 = fftwf_plan_dft_1d(n, X, x, FFTW_BACKWARD, FFTW_ESTIMATE)
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
  package func forward(_ line: Span<Float>, into spectrum: inout MutableSpan<Float>) {
    unsafe execute(forwardPlan, from: line, into: &spectrum)
  }

  /// `N` times the line of `spectrum`. Both begin on a 16-byte boundary, as every storage does.
  package func inverse(_ spectrum: Span<Float>, into line: inout MutableSpan<Float>) {
    unsafe execute(inversePlan, from: spectrum, into: &line)
  }

  /// An out-of-place complex plan leaves its input alone, although its C signature may not say so.
  private func execute(
    _ plan: fftwf_plan, from input: Span<Float>, into output: inout MutableSpan<Float>
  ) {
    precondition(input.count == 2 * length && output.count == 2 * length)
    unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        let source = unsafe samples(UnsafeMutableBufferPointer(mutating: input))
        unsafe fftwf_execute_dft(plan, source, samples(output))
      }
    }
  }

  private func samples(
    _ line: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutablePointer<fftwf_complex> {
    guard let start = line.baseAddress, unsafe fftwf_alignment_of(start) == 0
    else { preconditionFailure("a line begins on a 16-byte boundary") }
    return unsafe UnsafeMutableRawPointer(start).assumingMemoryBound(to: fftwf_complex.self)
  }

  /// The smallest `2ᵏ` or `5·2ᵏ` that is at least `count`.
  ///
  /// Estimated plans of other lengths are two to three times slower for a sample.
  package static func fastLength(atLeast count: Int) -> Int {
    var power = 1
    while power < count { power *= 2 }
    let five = power / 8 * 5
    return five >= count && five > 0 ? five : power
  }
}
