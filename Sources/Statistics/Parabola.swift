/// Where the parabola through values a, b, c at −1, 0, 1 is lowest; 0 where it has no lowest place.
@inlinable package func lowestPlace(_ a: Double, _ b: Double, _ c: Double) -> Double {
  let bend = a - 2 * b + c
  return bend > 0 ? 0.5 * (a - c) / bend : 0
}

/// Where the parabola through three points (t, v), the middle of which is the lowest, is lowest; t ascends.
package func lowestPlace(_ t: [Double], _ v: [Double]) -> Double {
  let (a, b) = (t[1] - t[0], t[2] - t[1])
  let (down, up) = ((v[1] - v[0]) / a, (v[2] - v[1]) / b)
  guard up > down else { return t[1] }
  // The derivative is linear between the midpoints of the two intervals.
  let (left, right) = ((t[0] + t[1]) / 2, (t[1] + t[2]) / 2)
  return min(max(left + (right - left) * -down / (up - down), t[0]), t[2])
}
