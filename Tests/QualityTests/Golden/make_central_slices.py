"""Writes central-slices.f64: power near and between central slices, ring by ring, in float64.

A volume of 24 × 18 × 24 voxels (x, y, z), v = (3x + 5y + 7z + xz) mod 11 − 5, and slices at −61.3° +
14.7° k, k = 0 … 8, of which the gap from the last to the first is a hole; D = 24. The numbers: rings, near,
between. numpy's Nyquist frequency is taken as positive.
"""
import numpy as np

nx, ny, nz, longest, diameter = 24, 18, 24, 24, 24
z, y, x = np.mgrid[0:nz, 0:ny, 0:nx]
power = np.abs(np.fft.fftn(((3 * x + 5 * y + 7 * z + x * z) % 11 - 5).astype("f8"))) ** 2


def frequency(n):
    f = np.fft.fftfreq(n)
    return np.where(f == -0.5, 0.5, f)


fz, fy, fx = np.meshgrid(frequency(nz), frequency(ny), frequency(nx), indexing="ij")
radius = np.hypot(fx, fz)
first, step, count = np.radians(-61.3), np.radians(14.7), 9
past = np.mod(np.arctan2(fz, fx) - first, np.pi) / step
part = past - np.floor(past)
usable = (past < count - 1) & (radius * step * diameter >= 1.5) & (radius**2 + fy**2 <= 0.25 + 1e-12)
near = (part < 0.25) | (part > 0.75)
ring = np.round(radius * longest).astype(int)
rings, sums = 0, [0.0, 0.0]
for r in range(longest // 2 + 1):
    kinds = [power[usable & (ring == r) & k] for k in (near, ~near)]
    if min(k.size for k in kinds) < 50:
        continue
    rings += 1
    sums = [s + k.mean() for s, k in zip(sums, kinds)]
np.array([rings] + sums, "<f8").tofile("central-slices.f64")
print(rings, sums)
