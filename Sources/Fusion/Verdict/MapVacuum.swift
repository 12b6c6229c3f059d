package import Fields

/// What a map shows where nothing is.
package struct MapVacuum: Sendable, Codable, Hashable {
  package let element: String
  package let mean: Double
  package let rms: Double
  /// `mean / (Σ x² / Σ x)`: against the concentration that most of the element is met at.
  package let relativeMean: Double
}

extension FusionResult {
  /// - Parameter shape: of one element's values: an image, or a volume whose every page is looked at.
  /// - Throws: ``FusionError/vacuum(_:)`` where the region leaves the pictures or is tiny.
  package func vacuumLevels(
    _ shape: SlabShape, in region: ImageRegion
  ) throws(FusionError) -> [MapVacuum] {
    let size = ImageSize(rowCount: shape.sliceCount, columnCount: shape.positionCount)
    guard size.contains(region), region.pixelCount >= 16 else { throw .vacuum(region) }
    return elements.indices.map { e in
      let field = concentrations
      let values = field.span.extracting(e * voxelCount..<(e + 1) * voxelCount)
      var (sum, squares, count) = (0.0, 0.0, 0.0)
      for page in 0..<shape.pageCount {
        for row in region.rows {
          for column in region.columns {
            let v = Double(values[shape.index(slice: row, page: page, position: column)])
            sum += v
            squares += v * v
            count += 1
          }
        }
      }
      let typical = typicalValue(values)
      return MapVacuum(
        element: elements[e].symbol, mean: sum / count, rms: (squares / count).squareRoot(),
        relativeMean: typical > 0 ? sum / count / typical : 0)
    }
  }
}
