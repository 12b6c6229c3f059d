"""Writes dense.f64, in float64 by numpy: for a tall (7 x 5) and a wide (5 x 7) matrix A and a vector y,

A, y, singular values, the shortest least-squares solution, AA'y, A'A; then for the tall one the
solution of (A'A + I) x = A'y.
"""
import numpy as np

rng = np.random.default_rng(7)
out = []
for shape in [(7, 5), (5, 7)]:
    a, y = rng.standard_normal(shape), rng.standard_normal(shape[0])
    out += [a, y, np.linalg.svd(a, compute_uv=False), np.linalg.lstsq(a, y, rcond=None)[0],
            a @ (a.T @ y), a.T @ a]
    if shape == (7, 5):
        out.append(np.linalg.solve(a.T @ a + np.eye(5), a.T @ y))
np.concatenate([v.ravel() for v in out]).astype("<f8").tofile("dense.f64")
