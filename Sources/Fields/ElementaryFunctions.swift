/// `log₂ x` of a normal positive number, to 2 · 10⁻⁷ absolute or relative, whichever is larger.
///
/// Loops over it vectorise, as those over the system's functions do not:
///
///     x = 2ᵉ m, √½ ≤ m < √2,     log₂ m = 2/ln 2 · artanh t,   t = (m − 1)/(m + 1)
@inlinable @inline(__always)
package func quickLog2(_ x: Float) -> Float {
  let halfRoot: UInt32 = 0x3F35_04F3
  let bits = x.bitPattern &- halfRoot
  let exponent = Float(Int32(bitPattern: bits) >> 23)
  let m = Float(bitPattern: (bits & 0x007F_FFFF) &+ halfRoot)
  let t = (m - 1) / (m + 1)
  let s = t * t
  let series: Float =
    2.885_390_1 + s * (0.961_796_7 + s * (0.577_078 + s * (0.412_198_6 + s * 0.320_6)))
  return exponent + t * series
}

/// `ln x`, likewise.
@inlinable @inline(__always)
package func quickLog(_ x: Float) -> Float { 0.693_147_18 * quickLog2(x) }

/// `x^γ` for x ≥ 0 and γ > −10, to `10⁻⁶ (1 + |γ log₂ x| / 10)` of it; numbers below 10⁻³⁰ count as nothing.
@inlinable @inline(__always)
package func quickPower(_ x: Float, _ γ: Float) -> Float {
  let isSomething = x > 1e-30
  let power = γ * quickLog2(isSomething ? x : 1)
  return isSomething ? quickExp2(power) : 0
}

/// `2^x` to 10⁻⁶ of it, for −126 ≤ x ≤ 127; beyond, as at the end.
///
///     2^(n + f) = 2ⁿ Σ (f ln 2)ᵏ / k!,   |f| ≤ ½
@inlinable @inline(__always)
package func quickExp2(_ x: Float) -> Float {
  let bounded = x < -126 ? -126 : x > 127 ? 127 : x
  // The sum's lowest bits are the nearest whole number.
  let magic: Float = 12_582_912
  let shifted = bounded + magic
  let f = 0.693_147_18 * (bounded - (shifted - magic))
  let low: Float = 1 + f * (1 + f * (0.5 + f * 0.166_666_67))
  let high: Float =
    0.041_666_668 + f * (0.008_333_334 + f * (0.001_388_888_9 + f * 0.000_198_412_7))
  let squared = f * f
  let scale = Float(bitPattern: (shifted.bitPattern << 23) &+ 0x3F80_0000)
  return scale * (low + squared * squared * high)
}
