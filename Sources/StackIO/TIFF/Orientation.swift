/// How the rows and columns of a TIFF lie (tag Orientation), as far as pages can be read so.
package enum Orientation: Int, Hashable, Sendable {
  case upright = 1
  case mirrored = 2
  case halfTurned = 3
  case upsideDown = 4

  var flipsRows: Bool { self == .halfTurned || self == .upsideDown }
  var flipsColumns: Bool { self == .halfTurned || self == .mirrored }

  var words: String {
    switch self {
    case .upright: "upright"
    case .mirrored: "mirrored"
    case .halfTurned: "turned by 180°"
    case .upsideDown: "with the bottom row first"
    }
  }
}
