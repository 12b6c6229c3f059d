import CFFTW
import Fields
import Synchronization

/// The discrete Fourier transform of complex planes, `[row][column]`, in place, with its inverse.
///
///     X[j, k] = Σ_m Σ_n x[m, n] exp(−2πi (jm / rows + kn / columns))
///
/// Values are floats, real and imaginary part in turn. Plans are estimated and not measured. Any number
/// of threads may use one transform, each on its own planes. Cost: O(N log N) for N values.
@safe
package final class PlaneTransform: @unchecked Sendable {
  package let rows: Int
  package let columns: Int
  private let forwardPlan: fftwf_plan
  private let inversePlan: fftwf_plan

  package init(rows: Int, columns: Int) {
    precondition(rows > 0 && columns > 0, "a plane has at least one value")
    (self.rows, self.columns) = (rows, columns)
    let flags = FFTW_ESTIMATE | FFTW_UNALIGNED
    guard let plane = unsafe fftwf_alloc_complex(rows * columns)
    else { fatalError("no memory is left for a plane of \(rows) × \(columns)") }
    defer { unsafe fftwf_free(plane) }
    nonisolated(unsafe) let place = unsafe plane
    nonisolated(unsafe) var plans: (fftwf_plan?, fftwf_plan?) = (nil, nil)
    let (m, n) = (Int32(rows), Int32(columns))
    planner.withLock { _ in
      unsafe plans.0 = fftwf_plan_dft_2d(m, n, place, place, FFTW_FORWARD, flags)
      unsafe plans.1 = fftwf_plan_dft_2d(m, n, place, place, FFTW_BACKWARD, flags)
    }
    guard let forward = unsafe plans.0, let inverse = unsafe plans.1
    else { fatalError("FFTW has no plan for planes of \(rows) × \(columns)") }
    unsafe (forwardPlan, inversePlan) = unsafe (forward, inverse)
  }

  deinit {
    nonisolated(unsafe) let (forward, inverse) = unsafe (forwardPlan, inversePlan)
    planner.withLock { _ in
      unsafe fftwf_destroy_plan(forward)
      unsafe fftwf_destroy_plan(inverse)
    }
  }

  package func forward(_ plane: inout MutableSpan<Float>) { unsafe execute(forwardPlan, &plane) }

  /// Gives `rows · columns` times the plane.
  package func inverse(_ plane: inout MutableSpan<Float>) { unsafe execute(inversePlan, &plane) }

  private func execute(_ plan: fftwf_plan, _ plane: inout MutableSpan<Float>) {
    precondition(plane.count == 2 * rows * columns, "the plane differs from the transform's")
    unsafe plane.withUnsafeMutableBufferPointer { buffer in
      let start = unsafe UnsafeMutableRawPointer(buffer.baseAddress)?
        .assumingMemoryBound(to: fftwf_complex.self)
      unsafe fftwf_execute_dft(plan, start, start)
    }
  }
}
