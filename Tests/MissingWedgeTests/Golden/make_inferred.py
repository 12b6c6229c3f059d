"""Writes inferred.f64: the component of a volume outside a range of tilts, in float64.

A volume of 33 slices, 14 × 11 voxels (z, x), v = (3x + 5y + 7z) mod 11 − 5 + (xz mod 5). Its inferred
part keeps the coefficients whose angle atan2(fz, fx) lies outside −50° … 60°; where a length is even, the
Nyquist coefficient counts with both signs, each by half. Then the energies Σ v² of the volume without the
mean and of the inferred part inside the Nyquist circle. Order: [y][z][x].
"""
import numpy as np

nx, ny, nz = 11, 33, 14
y, z, x = np.meshgrid(np.arange(ny), np.arange(nz), np.arange(nx), indexing="ij")
v = ((3 * x + 5 * y + 7 * z) % 11 - 5 + (x * z) % 5).astype("f8")


def sampled(fx, fz):
    if fx == 0 and fz == 0:
        return 1.0
    angle = np.degrees(np.arctan2(fz, fx))
    return float(any(-50 - 1e-7 <= angle + turn <= 60 + 1e-7 for turn in (-180, 0, 180)))


def signs(f, n, index):
    return [f, -f] if 2 * index == n else [f]


mask = np.zeros((nz, nx))
for k, fz in enumerate(np.fft.fftfreq(nz)):
    for i, fx in enumerate(np.fft.fftfreq(nx)):
        values = [sampled(a, b) for a in signs(fx, nx, i) for b in signs(fz, nz, k)]
        mask[k, i] = np.mean(values)
inferred = np.fft.ifft2(np.fft.fft2(v) * (1 - mask))
assert abs(inferred.imag).max() < 1e-12
inferred.real.astype("<f8").tofile("inferred.f64")
