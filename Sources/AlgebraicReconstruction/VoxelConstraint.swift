public import Fields

/// What every voxel is held to after each update.
public struct VoxelConstraint: Sendable {
  /// Negative voxels become zero.
  public let isNonNegative: Bool
  /// Larger voxels come down to it, in the units of the volume; `nil` for no bound.
  public let upperBound: Float?
  /// Voxels outside become zero; `nil` leaves all of them free.
  public let support: Support?

  /// Holds voxels to nothing. Bounds make a method nonlinear in the measurements; a support alone does not.
  public static let none = VoxelConstraint()

  private init() { (isNonNegative, upperBound, support) = (false, nil, nil) }

  /// - Parameters:
  ///   - isNonNegative: negative voxels become zero.
  ///   - upperBound: larger voxels come down to it.
  ///   - support: voxels outside become zero.
  /// - Throws: ``AlgebraicError/upperBound(_:)`` unless it is positive.
  public init(
    isNonNegative: Bool = false, upperBound: Float? = nil, support: Support? = nil
  ) throws(AlgebraicError) {
    if let upperBound, !(upperBound > 0) { throw .upperBound(upperBound) }
    (self.isNonNegative, self.upperBound, self.support) = (isNonNegative, upperBound, support)
  }

  var lower: Float { isNonNegative ? 0 : -.infinity }
  var upper: Float { upperBound ?? .infinity }
  var supportByteCount: Int { support?.byteCount ?? 0 }

}

/// Of a support only the number of its voxels is kept.
extension VoxelConstraint: Codable {
  private enum CodingKeys: String, CodingKey {
    case isNonNegative = "nonNegative"
    case upperBound, supportVoxels
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      isNonNegative: keys.decodeIfPresent(Bool.self, forKey: .isNonNegative) ?? false,
      upperBound: keys.decodeIfPresent(Float.self, forKey: .upperBound))
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(isNonNegative, forKey: .isNonNegative)
    try keys.encodeIfPresent(upperBound, forKey: .upperBound)
    try keys.encodeIfPresent(support?.voxelCount, forKey: .supportVoxels)
  }
}

extension VoxelConstraint {
  /// Whether some voxel may be moved to a bound.
  var clips: Bool { isNonNegative || upperBound != nil }

  func part(of slabs: Range<Int>) throws -> Self {
    try Self(
      isNonNegative: isNonNegative, upperBound: upperBound, support: support?.part(of: slabs))
  }

  var withoutSupport: Self {
    get throws { try Self(isNonNegative: isNonNegative, upperBound: upperBound) }
  }
}

/// The voxels that may differ from zero.
public struct Support: Sendable {
  let shape: VolumeShape
  /// 1 inside and 0 outside, `[slab][z][x][lane]`; 0 in padding lanes.
  let mask: FloatStorage
  /// The voxels inside.
  public let voxelCount: Int
  /// Of the mask.
  var byteCount: Int { 4 * mask.count }

  /// Every voxel of `volume` above `level`.
  public init(_ volume: Volume, above level: Float = 0) {
    self.init(volume.shape) { x, y, z in volume[x, y, z] > level }
  }

  /// The same region in every slice.
  ///
  /// - Parameter slice: whether a voxel is inside, `[z][x]`.
  /// - Throws: ``AlgebraicError/support(count:expected:)``
  public init(everySlice slice: [Bool], of shape: VolumeShape) throws(AlgebraicError) {
    guard slice.count == shape.slabs.runCount else {
      throw .support(count: slice.count, expected: shape.slabs.runCount)
    }
    self.init(shape) { x, _, z in slice[z * shape.width + x] }
  }

  /// The same for a group of slabs alone.
  func part(of slabs: Range<Int>) -> Support {
    let mask = mask.part(floats(of: slabs))
    let count = mask.span.indices.reduce(0) { $0 + (mask.span[$1] > 0 ? 1 : 0) }
    return Support(shape: shape.group(slabs), mask: mask, voxelCount: count)
  }

  init(shape: VolumeShape, mask: FloatStorage, voxelCount: Int) {
    (self.shape, self.mask, self.voxelCount) = (shape, mask, voxelCount)
  }

  private init(_ shape: VolumeShape, contains: (_ x: Int, _ y: Int, _ z: Int) -> Bool) {
    var volume = Volume(zeros: shape)
    var count = 0
    for y in 0..<shape.sliceCount {
      for z in 0..<shape.depth {
        for x in 0..<shape.width where contains(x, y, z) {
          volume[x, y, z] = 1
          count += 1
        }
      }
    }
    (self.shape, mask, voxelCount) = (shape, volume.voxels, count)
  }

  /// - Throws: ``AlgebraicError/support(count:expected:)`` where it cannot belong to a volume of
  ///   which `group` is a part.
  func validate(for group: VolumeShape) throws(AlgebraicError) {
    guard shape.width == group.width, shape.depth == group.depth,
      shape.slabs.laneCount == group.slabs.laneCount, shape.sliceCount >= group.sliceCount
    else { throw .support(count: shape.slabs.valueCount, expected: group.slabs.valueCount) }
  }

  /// The floats of some slabs in the mask.
  func floats(of slabs: Range<Int>) -> Range<Int> {
    slabs.lowerBound * shape.slabs.slabLength..<slabs.upperBound * shape.slabs.slabLength
  }
}
