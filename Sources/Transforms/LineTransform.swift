import CFFTW
import Fields
import Synchronization

/// The forward transform of a complex block, `[page][row][column]`, along its pages, in place.
///
/// Rows are shared out over workers; each is one strided plan of `columns` lines.
@safe
final class LineTransform: @unchecked Sendable {
  private let (pages, rows, columns): (Int, Int, Int)
  private let plan: fftwf_plan

  /// - Parameter block: values of the block, which planning leaves as they are.
  init(pages: Int, rows: Int, columns: Int, block: inout MutableSpan<Float>) {
    (self.pages, self.rows, self.columns) = (pages, rows, columns)
    precondition(block.count == 2 * pages * rows * columns, "the block differs from its counts")
    nonisolated(unsafe) var made: fftwf_plan?
    var length = Int32(pages)
    let (count, stride) = (Int32(columns), Int32(rows * columns))
    unsafe block.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let start = unsafe UnsafeMutableRawPointer(buffer.baseAddress)?
        .assumingMemoryBound(to: fftwf_complex.self)
      // Estimated plans do not write to what they are planned on.
      planner.withLock { _ in
        unsafe made = fftwf_plan_many_dft(
          1, &length, count, start, nil, stride, 1, start, nil, stride, 1, FFTW_FORWARD,
          FFTW_ESTIMATE | FFTW_UNALIGNED)
      }
    }
    guard let plan = unsafe made else { fatalError("FFTW has no plan for \(pages) pages") }
    unsafe self.plan = unsafe plan
  }

  deinit {
    nonisolated(unsafe) let plan = unsafe plan
    planner.withLock { _ in unsafe fftwf_destroy_plan(plan) }
  }

  func forward(_ block: inout MutableSpan<Float>, workers: Workers) {
    precondition(block.count == 2 * pages * rows * columns, "the block differs from its counts")
    unsafe block.withUnsafeMutableBufferPointer { buffer in
      guard let start = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
      nonisolated(unsafe) let base = unsafe start.assumingMemoryBound(to: fftwf_complex.self)
      workers.forEach(rows) { row in
        let place = unsafe base + row * columns
        unsafe fftwf_execute_dft(plan, place, place)
      }
    }
  }
}
