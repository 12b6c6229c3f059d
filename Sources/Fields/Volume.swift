/// The voxel counts of a volume.
public struct VolumeShape: Hashable, Sendable {
  /// The layout of the voxels, `[slab][z][x][lane]`.
  public let slabs: SlabShape

  /// Voxels across the tilt axis (`x`).
  public var width: Int { slabs.positionCount }
  /// Voxels along the beam at zero tilt (`z`).
  public var depth: Int { slabs.pageCount }
  /// Slices along the tilt axis (`y`).
  public var sliceCount: Int { slabs.sliceCount }

  /// All counts must be positive.
  public init(width: Int, depth: Int, sliceCount: Int) {
    slabs = SlabShape(sliceCount: sliceCount, pageCount: depth, positionCount: width)
  }

  private init(_ slabs: SlabShape) { self.slabs = slabs }

  /// The shape of a group of whole slabs.
  package func group(_ range: Range<Int>) -> VolumeShape { VolumeShape(slabs.group(range)) }
}

/// A three-dimensional field of densities, stored `[slab][z][x][lane]`.
public struct Volume: Sendable {
  /// Voxels along x, y and z.
  public let shape: VolumeShape
  /// All values in the order of ``VolumeShape/slabs``, padding lanes zero.
  public var voxels: FloatStorage
  /// The edge of a voxel in nm, where it is known.
  public var voxelSize: Double?

  /// A volume of zeros, to be filled.
  public init(zeros shape: VolumeShape, voxelSize: Double? = nil) {
    self.init(FloatStorage(zeros: shape.slabs.count), shape: shape, voxelSize: voxelSize)
  }

  /// Takes `voxels` in the order of ``VolumeShape/slabs``.
  public init(_ voxels: FloatStorage, shape: VolumeShape, voxelSize: Double? = nil) {
    precondition(voxels.count == shape.slabs.count, "voxels do not fit the shape")
    (self.voxels, self.shape, self.voxelSize) = (voxels, shape, voxelSize)
  }

  /// The same volume for a group of whole slabs.
  package func group(_ slabs: Range<Int>) -> Volume {
    let length = shape.slabs.slabLength
    return Volume(
      voxels.part(slabs.lowerBound * length..<slabs.upperBound * length),
      shape: shape.group(slabs), voxelSize: voxelSize)
  }

  /// The voxel at x (across the tilt axis), y (along it) and z (along the beam), each counted from 0.
  ///
  /// Loops over many voxels are faster on ``voxels``.
  public subscript(x: Int, y: Int, z: Int) -> Float {
    get { voxels.span[shape.slabs.index(slice: y, page: z, position: x)] }
    set {
      let i = shape.slabs.index(slice: y, page: z, position: x)
      var values = voxels.mutableSpan
      values[i] = newValue
    }
  }
}
