import CFFTW
import Fields
import Synchronization

/// FFTW plans one at a time; that of single precision has a lock of its own.
private let planner = Mutex(())

/// A pair of FFTW plans that transform one contiguous line in place, there and back.
@safe
final class LinePlans: @unchecked Sendable {
  private enum Call { case realRows, complexLines, cosines }

  private let forwardPlan: fftw_plan
  private let inversePlan: fftw_plan
  private let call: Call

  /// Rows of `length` reals.
  convenience init(rows length: Int, _ kind: GridTransform.Kind) {
    self.init([length], kind == .fourier ? .realRows : .cosines)
  }

  /// Lines of complex (or, for cosines, real) values with one or two axes.
  convenience init(lines sizes: [Int], _ kind: GridTransform.Kind) {
    self.init(sizes, kind == .fourier ? .complexLines : .cosines)
  }

  private init(_ sizes: [Int], _ call: Call) {
    self.call = call
    let n = sizes.map { Int32($0) }
    let count = sizes.reduce(1, *)
    guard let memory = unsafe fftw_alloc_complex(count + 1)
    else { fatalError("no memory is left for a transform of \(count) values") }
    defer { unsafe fftw_free(memory) }
    nonisolated(unsafe) let complex = unsafe memory
    nonisolated(unsafe) let real = unsafe UnsafeMutableRawPointer(memory)
      .assumingMemoryBound(to: Double.self)
    let rank = Int32(n.count)
    nonisolated(unsafe) var plans: (fftw_plan?, fftw_plan?) = (nil, nil)
    planner.withLock { _ in
      switch call {
      case .realRows:
        unsafe plans.0 = fftw_plan_dft_r2c(rank, n, real, complex, FFTW_ESTIMATE)
        unsafe plans.1 = fftw_plan_dft_c2r(rank, n, complex, real, FFTW_ESTIMATE)
      case .complexLines:
        unsafe plans.0 = fftw_plan_dft(rank, n, complex, complex, FFTW_FORWARD, FFTW_ESTIMATE)
        unsafe plans.1 = fftw_plan_dft(rank, n, complex, complex, FFTW_BACKWARD, FFTW_ESTIMATE)
      case .cosines:
        let forward = n.map { _ in FFTW_REDFT10 }
        let inverse = n.map { _ in FFTW_REDFT01 }
        unsafe plans.0 = fftw_plan_r2r(rank, n, real, real, forward, FFTW_ESTIMATE)
        unsafe plans.1 = fftw_plan_r2r(rank, n, real, real, inverse, FFTW_ESTIMATE)
      }
    }
    guard let forward = unsafe plans.0, let inverse = unsafe plans.1
    else { fatalError("FFTW has no plan for \(sizes)") }
    unsafe (forwardPlan, inversePlan) = unsafe (forward, inverse)
  }

  deinit {
    nonisolated(unsafe) let (forward, inverse) = unsafe (forwardPlan, inversePlan)
    planner.withLock { _ in
      unsafe fftw_destroy_plan(forward)
      unsafe fftw_destroy_plan(inverse)
    }
  }

  /// The line begins on a 16-byte boundary and has room for what comes of it.
  func forward(_ line: inout MutableSpan<Double>) { unsafe execute(forwardPlan, &line, true) }
  func inverse(_ line: inout MutableSpan<Double>) { unsafe execute(inversePlan, &line, false) }

  private func execute(
    _ plan: fftw_plan, _ line: inout MutableSpan<Double>, _ isForward: Bool
  ) {
    unsafe line.withUnsafeMutableBufferPointer { line in
      guard let real = line.baseAddress, unsafe fftw_alignment_of(real) == 0
      else { preconditionFailure("a line begins on a 16-byte boundary") }
      let complex = unsafe UnsafeMutableRawPointer(real).assumingMemoryBound(to: fftw_complex.self)
      switch call {
      case .realRows where isForward: unsafe fftw_execute_dft_r2c(plan, real, complex)
      case .realRows: unsafe fftw_execute_dft_c2r(plan, complex, real)
      case .complexLines: unsafe fftw_execute_dft(plan, complex, complex)
      case .cosines: unsafe fftw_execute_r2r(plan, real, real)
      }
    }
  }
}
