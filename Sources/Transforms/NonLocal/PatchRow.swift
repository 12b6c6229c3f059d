import Fields

/// The loops of ``PatchBox`` along one row of `length` floats.
enum PatchRow {
  /// `q(i) ← Σ_δ (g(i + δ) − g(i + δ + t))²` over δ = −1, 0, 1 times `beside`.
  @inline(__always)
  static func squares(
    _ q: inout MutableSpan<Float>, _ g: Span<Float>, at start: Int, _ length: Int,
    beside: Int, distance t: Int
  ) {
    precondition(start >= beside && start + length + beside <= g.count)
    precondition(start + t >= beside && start + t + length + beside <= g.count)
    var q = q._mutatingExtracting(start..<start + length)  // by value, so that loops vectorise
    for c in 0..<length {
      let i = start &+ c
      let here = unsafe g[unchecked: i] - g[unchecked: i &+ t]
      let left = unsafe g[unchecked: i &- beside] - g[unchecked: i &- beside &+ t]
      let right = unsafe g[unchecked: i &+ beside] - g[unchecked: i &+ beside &+ t]
      unsafe q[unchecked: c] = here * here + left * left + right * right
    }
  }

  /// `k ← window · 2^(exponent · Σ q)` over the nine rows beside `start`, `a` and `b` floats apart.
  @inline(__always)
  static func weights(
    _ k: inout MutableSpan<Float>, _ q: Span<Float>, at start: Int, _ length: Int, _ a: Int,
    _ b: Int, exponent: Float, window: Float
  ) {
    precondition(start >= a + b && start + length + a + b <= q.count && length <= k.count)
    var k = k._mutatingExtracting(0..<length)  // by value, so that loops vectorise
    for c in 0..<length {
      let i = start &+ c
      let here = unsafe q[unchecked: i] + q[unchecked: i &- b] + q[unchecked: i &+ b]
      let before =
        unsafe q[unchecked: i &- a] + q[unchecked: i &- a &- b] + q[unchecked: i &- a &+ b]
      let after =
        unsafe q[unchecked: i &+ a] + q[unchecked: i &+ a &- b] + q[unchecked: i &+ a &+ b]
      unsafe k[unchecked: c] = window * quickExp2(exponent * (here + before + after))
    }
  }

  /// `v(target + c) += k(c) f(source + c)`
  @inline(__always)
  static func add(
    _ v: inout MutableSpan<Float>, _ k: Span<Float>, _ f: Span<Float>, at target: Int,
    from source: Int, _ length: Int
  ) {
    precondition(source >= 0 && source + length <= f.count && length <= k.count)
    var v = v._mutatingExtracting(target..<target + length)  // by value, so that loops vectorise
    for c in 0..<length {
      unsafe v[unchecked: c] += k[unchecked: c] * f[unchecked: source &+ c]
    }
  }
}
