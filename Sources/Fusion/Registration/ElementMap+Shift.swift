import Fields
import Operators

extension ElementMap {
  /// The same map of one picture, seen through a shift.
  ///
  /// Pixels that look beyond HAADF's field tell nothing of what lies in it: the model gives them nothing, and they get
  /// the value of nothing, their background.
  ///
  /// - Throws: ``FusionError/shift(_:right:down:haadf:)`` beyond a quarter of the field.
  func shifted(by shift: MapShift, _ workers: Workers) throws(FusionError) -> ElementMap {
    let fine = binning.fine
    guard abs(shift.right) <= 0.25 * Double(fine.positionCount),
      abs(shift.down) <= 0.25 * Double(fine.sliceCount)
    else {
      throw .shift(
        element.symbol, right: shift.right, down: shift.down,
        haadf: [fine.positionCount, fine.sliceCount])
    }
    var (seen, measured) = (imaging, measurement)
    if !shift.isNothing {
      let view = ShiftedView(
        imaging, of: fine, right: shift.right, down: shift.down, cell: binning.factor,
        workers: workers)
      let k = binning.factor
      var values = measured.mutableSpan
      for row in 0..<pictures.rowCount {
        for column in 0..<pictures.columnCount
        where !(view.seenRows.contains(row * k) && view.seenColumns.contains(column * k)) {
          values[pictures.index(0, row: row, column: column)] = Float(background)
        }
      }
      seen = view
    }
    return ElementMap(
      element, measured, through: seen, binning, noise: noise, scale: scale, shift: shift,
      unit: unit)
  }
}
