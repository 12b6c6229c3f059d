public import Fields

/// A point of a run between two refinements. A run that goes on from there ends with the same bits.
///
/// The floats that belong to it are the whole volume, then each field of the pass at work.
public struct RunPoint: Sendable, Equatable {
  /// Refinements of a group of slabs that are behind, of all groups together.
  package let refinements: Int
  /// What each iteration did to the slices that it has reached.
  package let sums: [IterationSums]
  /// The numbers of the pass at work, one list a quantity.
  package let numbers: [[Double]]

  package init(refinements: Int, sums: [IterationSums], numbers: [[Double]]) {
    (self.refinements, self.sums, self.numbers) = (refinements, sums, numbers)
  }
}

/// Keeps a run on its way, so that another one can go on from there.
public protocol RunKeeper: AnyObject {
  /// A point is kept after every so many iterations.
  var interval: Int { get }
  /// Where to go on; `nil` for a run from its beginning.
  var point: RunPoint? { get }

  /// Fills `field` with the floats of ``point`` from `start` on.
  func read(into field: inout MutableSpan<Float>, from start: Int) throws

  /// Keeps a point.
  ///
  /// - Parameter floats: puts all of the point's floats, in order.
  func keep(
    _ point: RunPoint, floatCount: Int,
    floats: (_ put: (Span<Float>) throws -> Void) throws -> Void
  ) throws
}

/// What a pass carries from one iteration to the next beside the volume, such as the search directions of CGLS.
public struct CarriedState: Sendable {
  /// One list per quantity, with one value per slice of the group.
  public var numbers: [[Double]]
  /// Their number and lengths stay the same during a run.
  public var fields: [FloatStorage]

  /// By default nothing is carried.
  public init(numbers: [[Double]] = [], fields: [FloatStorage] = []) {
    (self.numbers, self.fields) = (numbers, fields)
  }
}

extension SlicePass {
  public var carried: CarriedState {
    get { CarriedState() }
    set { precondition(newValue.fields.isEmpty, "this pass carries nothing") }
  }
}

/// Slabs that are lent to a pass just now.
struct LentSlabs {
  let slabs: Range<Int>
  let field: FloatStorage
}

extension RunKeeper {
  /// Keeps where a run stands: `volume`, and over it what is lent.
  func keep(
    _ record: Record, _ pass: (any SlicePass)?, _ volume: some SlabStore, groups: [Range<Int>],
    lent: LentSlabs? = nil
  ) throws {
    let carried = pass?.carried ?? CarriedState()
    let point = RunPoint(
      refinements: record.refinements, sums: record.sums, numbers: carried.numbers)
    let floatCount = carried.fields.reduce(volume.shape.count) { $0 + $1.count }
    try keep(point, floatCount: floatCount) { put in
      for group in groups {
        if let lent, lent.slabs == group {
          try put(lent.field.span)
        } else {
          try volume.readSlabs(group) { try put($0.span) }
        }
      }
      for field in carried.fields { try put(field.span) }
    }
  }

  /// Puts the volume back as it was.
  func restore(_ volume: some SlabStore, groups: [Range<Int>]) throws {
    for group in groups {
      try volume.withSlabs(group) { field in
        var values = field.mutableSpan
        try read(into: &values, from: group.lowerBound * volume.shape.slabLength)
      }
    }
  }

  /// Gives a new pass over `group` what the one at work had: of its numbers one a slice.
  func restore(
    _ pass: inout any SlicePass, _ group: VolumeShape, after volume: SlabShape
  ) throws {
    var carried = pass.carried
    var start = volume.count
    for i in carried.fields.indices {
      var values = carried.fields[i].mutableSpan
      try read(into: &values, from: start)
      start += values.count
    }
    let numbers = point?.numbers ?? []
    guard numbers.map(\.count) == carried.numbers.map({ _ in group.sliceCount }) else {
      throw ReconstructionError.pointOfAnotherRun
    }
    carried.numbers = numbers
    pass.carried = carried
  }
}
