"""Writes images.f64: images deblurred with dense matrices in float64.

Independent of the Swift code: every matrix is written down from sums in real space, and solved by
numpy. For each of the sizes 8 x 9 and 7 x 6, for zero, periodic and reflecting ends, for the identity
and the gradient penalty: the image, the answer of (H'H + lambda L'L) x = H'y at lambda = 0.05, its GCV
value |Hx - y|^2 / n / (1 - trace/n)^2, and for zero and reflecting ends the answer with every third
pixel left out. The point spread is a Gaussian of 1.2 x 0.9 pixels (rows, columns) cut at 6 sigma.
"""
import numpy as np

LAMBDA = 0.05
MODES = {"zero": "constant", "periodic": "wrap", "reflecting": "symmetric"}


def kernel(sigma):
    reach = int(np.ceil(6 * sigma))
    d = np.arange(-reach, reach + 1)
    k = np.exp(-d * d / (2 * sigma**2))
    return k / k.sum()


def axis_matrix(n, sigma, mode):
    k = kernel(sigma)
    reach = len(k) // 2
    m = np.zeros((n, n))
    for j in range(n):
        e = np.zeros(n)
        e[j] = 1
        wide = np.pad(e, reach, MODES[mode])
        m[:, j] = [np.dot(k[::-1], wide[i : i + 2 * reach + 1]) for i in range(n)]
    return m


def differences(n, periodic):
    d = np.eye(n, k=1) - np.eye(n)
    if periodic:
        d[-1, 0] = 1
    else:
        d[-1] = 0
    return d


rng = np.random.default_rng(11)
out = []
for rows, columns in ((8, 9), (7, 6)):
    n = rows * columns
    for mode in MODES:
        h = np.kron(axis_matrix(rows, 1.2, mode), axis_matrix(columns, 0.9, mode))
        periodic = mode == "periodic"
        d = np.vstack(
            [
                np.kron(differences(rows, periodic), np.eye(columns)),
                np.kron(np.eye(rows), differences(columns, periodic)),
            ]
        )
        y = rng.uniform(0, 1, n)
        for penalty in (np.eye(n), d.T @ d):
            a = np.linalg.solve(h.T @ h + LAMBDA * penalty, h.T)
            x = a @ y
            gcv = np.mean((h @ x - y) ** 2) / (1 - np.trace(h @ a) / n) ** 2
            w = np.diag((np.arange(n) % 3 != 0).astype(float))
            left_out = np.linalg.solve(h.T @ w @ h + LAMBDA * penalty, h.T @ w @ y)
            out += [y, x, [gcv], left_out]
np.concatenate(out).astype("<f8").tofile("images.f64")
