import Fields

extension TiltGeometry {
  /// The bins between which any voxel lands at any tilt, and those of the detector, `0 ..< binCount`.
  ///
  /// Voxels in the corners of a volume as wide as the detector land up to 0.21 of its width off it.
  package var landingBins: Range<Int> {
    let (acrossX, acrossZ) = (volume.width - 1, volume.depth - 1)
    return tilts.indices.reduce(0..<series.binCount) { bins, tilt in
      let rays = TiltRays(self, tilt: tilt)
      let (x, z) = (acrossX * rays.perX, acrossZ * rays.perZ)
      let lowest = (rays.origin + min(0, x) + min(0, z)) >> 32
      let highest = (rays.origin + max(0, x) + max(0, z) + TiltRays.one - 1) >> 32
      return min(bins.lowerBound, lowest)..<max(bins.upperBound, highest + 1)
    }
  }
}
