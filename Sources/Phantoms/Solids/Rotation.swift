import RealModule

/// A point or a direction (x, y, z).
typealias Vector = SIMD3<Double>

extension Vector {
  /// `⟨self, other⟩`
  func dot(_ other: Vector) -> Double { (self * other).sum() }

  /// `self × other`
  func cross(_ other: Vector) -> Vector {
    Vector(
      y * other.z - z * other.y,
      z * other.x - x * other.z,
      x * other.y - y * other.x)
  }

  var length: Double { dot(self).squareRoot() }
}

/// A turn in space, kept as the directions that x, y and z end up with.
struct Rotation {
  let x: Vector
  let y: Vector
  let z: Vector

  /// Turns by `degrees.x` about x, then by `degrees.y` about y, then by `degrees.z` about z, the
  /// three axes staying fixed and each turn being right-handed: `R = Rz Ry Rx`.
  init(degrees: Vector) {
    let angles = degrees * (.pi / 180)
    let turn = { (v: Vector) -> Vector in
      let (cx, sx) = (Double.cos(angles.x), Double.sin(angles.x))
      let (cy, sy) = (Double.cos(angles.y), Double.sin(angles.y))
      let (cz, sz) = (Double.cos(angles.z), Double.sin(angles.z))
      let a = Vector(v.x, cx * v.y - sx * v.z, sx * v.y + cx * v.z)
      let b = Vector(cy * a.x + sy * a.z, a.y, cy * a.z - sy * a.x)
      return Vector(cz * b.x - sz * b.y, sz * b.x + cz * b.y, b.z)
    }
    x = turn(Vector(1, 0, 0))
    y = turn(Vector(0, 1, 0))
    z = turn(Vector(0, 0, 1))
  }

  /// `R v`
  func callAsFunction(_ v: Vector) -> Vector { x * v.x + y * v.y + z * v.z }
}
