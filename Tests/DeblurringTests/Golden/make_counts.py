"""Writes counts.f64: Richardson-Lucy in float64 on a line of 24 pixels, zero ends.

Independent of the Swift code: a dense matrix in place of Fourier products. Order: counts, the estimate
after 1, 10 and 50 iterations, then after 10 with total variation of strength 0.02.
"""
import numpy as np

N, SIGMA = 24, 1.5
reach = int(np.ceil(6 * SIGMA))
d = np.arange(-reach, reach + 1)
k = np.exp(-d * d / (2 * SIGMA**2))
k /= k.sum()
h = np.array([[k[i - j + reach] if abs(i - j) <= reach else 0 for j in range(N)] for i in range(N)])
truth = np.where((np.arange(N) > 6) & (np.arange(N) < 12), 100.0, 5.0)
counts = np.random.default_rng(4).poisson(h @ truth).astype(float)


def run(iterations, strength):
    ones = h.T @ np.ones(N)
    x = np.full(N, counts.sum() / ones.sum())
    for _ in range(iterations):
        slope = np.append(np.diff(x), 0.0)
        unit = slope / np.maximum(abs(slope), 1e-6 * x.max())
        curvature = np.append(0.0, unit[:-1]) - unit
        divisor = np.maximum(ones + strength * curvature, 0.1 * ones)
        x = x / divisor * (h.T @ (counts / (h @ x)))
    return x


np.concatenate([counts, run(1, 0), run(10, 0), run(50, 0), run(10, 0.02)]).astype("<f8").tofile("counts.f64")
