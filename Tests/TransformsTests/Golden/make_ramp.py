"""Writes ramp.f32: lines of 45 bins filtered in float64, and their input.

Independent of the Swift code: direct convolution in real space with the inverse transform of the
windowed response. Rows: the input, then one row for each window at cut-off 1 and at 0.6.
"""
import numpy as np

BINS, LENGTH = 45, 128
WINDOWS = {
    "ram-lak": lambda u: np.ones_like(u),
    "shepp-logan": lambda u: np.sinc(u / 2),
    "cosine": lambda u: np.cos(np.pi * u / 2),
    "hamming": lambda u: 0.54 + 0.46 * np.cos(np.pi * u),
    "hann": lambda u: 0.5 + 0.5 * np.cos(np.pi * u),
}

kernel = np.zeros(LENGTH)
kernel[0] = 0.25
for n in range(1, LENGTH):
    distance = min(n, LENGTH - n)
    if distance % 2:
        kernel[n] = -1 / (np.pi * distance) ** 2

i = np.arange(BINS)
line = np.sin(0.3 * i) + 0.02 * i + (i % 7 == 3) + np.where(abs(i - 20) < 6, 2.0, 0.0)
line = line.astype("f4").astype("f8")
rows = [line]
for cutoff in (1.0, 0.6):
    for window in WINDOWS.values():
        u = np.abs(np.fft.fftfreq(LENGTH)) * 2 / cutoff
        h = np.fft.ifft(np.fft.fft(kernel) * np.where(u <= 1, window(u), 0)).real
        rows.append([sum(h[(a - b) % LENGTH] * line[b] for b in range(BINS)) for a in range(BINS)])
np.array(rows, "<f4").tofile("ramp.f32")
