"""Writes shells.f64: sums over shells of Fourier space of two volumes, in float64.

Two volumes of 12 × 9 × 16 voxels (x, y, z), A = smooth + tilted pattern and B = A with a second
pattern, both exact in single precision. Rows of eight numbers, one for each part (sampled, missing),
cone (all, x, y, z) and shell (0 … 8): part, cone, shell, count, Σ Re(A B*), Σ|A|², Σ|B|², and the
independent fraction of the window. Sampled is where |kz| ≤ tan 60° |kx|. First without a window, then
with one that rises over a quarter of each side.
"""
import numpy as np

nx, ny, nz, longest = 12, 9, 16, 16
z, y, x = np.meshgrid(np.arange(nz), np.arange(ny), np.arange(nx), indexing="ij")
a = ((3 * x + 5 * y + 7 * z) % 11 - 4 + (x * z) % 5).astype("f8")
b = a + (x * x + 2 * y * z) % 7 - 3
fz, fy, fx = np.meshgrid(np.fft.fftfreq(nz), np.fft.fftfreq(ny), np.fft.fftfreq(nx), indexing="ij")
square = fx**2 + fy**2 + fz**2
f = np.sqrt(square)
# numpy gives the Nyquist frequency a minus sign; the test's cone and mask do not look at signs.
sampled = np.abs(fz) <= np.tan(np.radians(60)) * np.abs(fx) + 1e-12
cones = [np.ones_like(f, bool)] + [2 * g**2 >= square for g in (fx, fy, fz)]
shell = np.floor(f * longest + 0.5).astype(int)


def window(n, taper):
    distance = np.minimum(np.arange(n), n - 1 - np.arange(n)) + 0.5
    width = taper * n
    return np.where((distance < width) & (n >= 8), (1 - np.cos(np.pi * distance / max(width, 1e-9))) / 2, 1)


rows = []
for taper in (0.0, 0.25):
    wx, wy, wz = (window(n, taper) for n in (nx, ny, nz))
    w = wz[:, None, None] * wy[None, :, None] * wx[None, None, :]
    fraction = np.mean(w**2) ** 2 / np.mean(w**4)
    fa, fb = np.fft.fftn(w * a), np.fft.fftn(w * b)
    for part in range(2):
        for cone in range(4):
            for s in range(longest // 2 + 1):
                m = (sampled if part == 0 else ~sampled) & cones[cone] & (shell == s)
                rows.append([part, cone, s, m.sum(), np.sum((fa[m] * fb[m].conj()).real),
                             np.sum(abs(fa[m]) ** 2), np.sum(abs(fb[m]) ** 2), fraction])
np.array(rows, "<f8").tofile("shells.f64")
