"""Writes residuals.f64, power.f64, region.f64 and edges.f64 in float64.

residuals: three tilts of 5 slices × 7 bins, y = (3t + 5j + 7i + ij) mod 11, Hx = (2t + 3j + ij) mod 7
(tilt t, slice j, bin i). For each tilt: mean, rms, lag-1 autocorrelation along bins and along slices,
mean of Hx, and the rms of y less Hx averaged with (1, 2, 1) / 4 along both (ends repeated).
region: v = (5x + 3y + 2z) mod 13 + 20 within 5.5 of (8, 9) in (x, z), and without the 20 outside, of 19 × 6 × 21
voxels (x, y, z): Otsu's threshold over 1024 levels, voxels above it, contrast, diameter.
power: of the residuals y − Hx of the three tilts above, with σ = 1, 2, 3: Σ e (h ∗ e) by a double sum over bins, mean over tilts and
slices, and ⟨σ²⟩ n / 4; then the estimate for 6 × 4 voxels along x and z, f = 0.8, ⟨(A − B)²⟩ / 4 = 0.5, every fifth tilt being the first two
tilts and the outermost the last: total, sampled, wedge, noise, floor where σ is estimated, and over the noise.
edges: the step 1/2 + Si(2π f (x − 32)) / π at x = 0 … 63, for f = 0.25 and then 0.2.
"""
import numpy as np
from scipy.ndimage import correlate1d
from scipy.special import sici

rows = []
j, i = np.mgrid[0:5, 0:7]
for t in range(3):
    y = ((3 * t + 5 * j + 7 * i + i * j) % 11).astype("f8")
    p = ((2 * t + 3 * j + i * j) % 7).astype("f8")
    r = y - p
    d = r - r.mean()
    blurred = p
    for axis in (0, 1):
        blurred = correlate1d(blurred, [0.25, 0.5, 0.25], axis=axis, mode="nearest")
    rows += [r.mean(), np.sqrt(np.mean(r**2)), np.mean(d[:, 1:] * d[:, :-1]) / d.var(),
             np.mean(d[1:] * d[:-1]) / d.var(), p.mean(), np.sqrt(np.mean((y - blurred) ** 2))]
np.array(rows, "<f8").tofile("residuals.f64")

n = np.arange(7)[:, None] - np.arange(7)[None]
ramp = np.where(n == 0, 0.25, np.where(n % 2 != 0, -1 / (np.pi**2 * np.maximum(1, n * n)), 0.0))
def power(tilts):
    left = [np.einsum("ja,ab,jb->j", e, ramp, e).mean()
            for e in (((3 * t + 5 * j + 7 * i + i * j) % 11).astype("f8") - (2 * t + 3 * j + i * j) % 7 for t in tilts)]
    return np.mean(left), np.mean([(t + 1.0) ** 2 for t in tilts]) * 7 / 4
(l, v), (lw, vw) = power([0, 1]), power([2])
f, g = 0.8 * np.pi / 24, 0.2 * np.pi / 24
square, unit = f * (l - v) + g * (lw - vw) + 0.5, f * v + g * vw
np.array([*power([0, 1, 2]), np.sqrt(square), np.sqrt(max(0, f * (l - v))), np.sqrt(max(0, g * (lw - vw))), np.sqrt(0.5),
          np.sqrt(0.1 * unit), np.sqrt(1 + square / unit)], "<f8").tofile("power.f64")

z, y, x = np.mgrid[0:21, 0:6, 0:19]
v = ((5 * x + 3 * y + 2 * z) % 13 + 20.0 * ((x - 8) ** 2 + (z - 9) ** 2 <= 5.5**2)).astype("f8")
low, high = v.min(), v.max()
level = np.minimum(1023, np.floor((v - low) / (high - low) * 1024)).astype(int)
best, split = -1, 1
for s in range(1, 1024):
    a, b = level[level < s] + 0.5, level[level >= s] + 0.5
    if a.size and b.size:
        spread = a.size * b.size * (a.mean() - b.mean()) ** 2
        if spread > best * (1 + 1e-12):
            best, split = spread, s
threshold = low + split * (high - low) / 1024
inside = v > threshold
xs, zs = x[inside], z[inside]
distance = np.sort(np.hypot(xs - xs.mean(), zs - zs.mean()))
radius = distance[int(np.ceil(0.99 * distance.size)) - 1]
np.array([threshold, inside.sum(), v[inside].mean() - v[~inside].mean(), 2 * radius], "<f8").tofile("region.f64")

steps = [0.5 + sici(2 * np.pi * f * (np.arange(64) - 32))[0] / np.pi for f in (0.25, 0.2)]
np.array(steps, "<f8").tofile("edges.f64")
