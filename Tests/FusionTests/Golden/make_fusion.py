"""Independent minimiser of a small fusion, in float64: two Gaussian maps, linear HAADF, sharp data.

    min_x>=0  |h - o - A(c1 x1 + c2 x2)|^2 / 2s^2 + sum_e |y_e - x_e|^2 / 2t^2 + m sum_e TV(x_e)

A: Gaussian sd 1, sampled up to 6 sd, mirrored ends. TV: isotropic, forward differences, zero at the far
edge. Condat's primal-dual method, run until it stands still.
"""
import numpy as np

rows, cols, s, t, m, o = 9, 11, 0.05, 0.2, 8.0, 0.3
c = np.array([1.0, (28 / 79) ** 1.7])
rng = np.random.default_rng(5)
truth = np.zeros((2, rows, cols))
truth[0, 2:6, 2:6] = 1
truth[1, 4:8, 5:10] = 0.8

k = np.exp(-np.arange(-6, 7) ** 2 / 2.0)
k /= k.sum()


def matrix(n):
    a = np.zeros((n, n))
    for i in range(n):
        for d, w in zip(range(-6, 7), k):
            j = (i - d) % (2 * n)
            a[i, j if j < n else 2 * n - 1 - j] += w
    return a


R, C = matrix(rows), matrix(cols)
A = lambda u: R @ u @ C.T
At = lambda u: R.T @ u @ C
h = o + A(np.tensordot(c, truth, 1)) + s * rng.standard_normal((rows, cols))
y = truth + t * rng.standard_normal(truth.shape)
h, y = h.astype("<f4"), y.astype("<f4")


def grad(x):
    g = np.zeros((2,) + x.shape)
    g[0, :, :, :-1] = x[:, :, 1:] - x[:, :, :-1]
    g[1, :, :-1, :] = x[:, 1:, :] - x[:, :-1, :]
    return g


def gradT(p):
    x = np.zeros(p.shape[1:])
    x[:, :, 1:] += p[0, :, :, :-1]
    x[:, :, :-1] -= p[0, :, :, :-1]
    x[:, 1:, :] += p[1, :, :-1, :]
    x[:, :-1, :] -= p[1, :, :-1, :]
    return x


def slope(x):
    r = At(A(np.tensordot(c, x, 1)) - (h - o)) / s**2
    return c[:, None, None] * r + (x - y) / t**2


L = (c @ c) / s**2 + 1 / t**2
tau, sigma = 1 / (L / 2 + L / 4), L / 32
x, p = np.zeros_like(truth), np.zeros((2,) + truth.shape)
for i in range(200000):
    n = np.maximum(x - tau * (slope(x) + gradT(p)), 0)
    q = p + sigma * grad(2 * n - x)
    p = q / np.maximum(np.sqrt((q**2).sum(0)) / m, 1)
    done = np.abs(n - x).max() < 1e-13
    x = n
    if done:
        break
value = ((h - o - A(np.tensordot(c, x, 1))) ** 2).sum() / (2 * s * s)
value += ((y - x) ** 2).sum() / (2 * t * t) + m * np.sqrt((grad(x) ** 2).sum(0)).sum()
print(i, value)
np.concatenate([h.ravel(), y.ravel(), x.ravel()]).astype("<f4").tofile("fusion.f32")
