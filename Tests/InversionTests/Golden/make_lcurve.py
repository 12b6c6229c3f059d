"""Writes lcurve.f64: residual and solution norms of Tikhonov solutions along λ, in float64.

A 64-sample signal of three peaks is blurred by a matrix whose upper triangle is one sample off (so
that it is only moderately ill-conditioned, κ = 230), with noise of standard deviation 0.1. Rows of
the file: λ, ‖Hx − y‖, ‖x‖, RMSE, for 100 values of λ from 1e-5 to 1e2. The largest curvature of
(log ‖Hx − y‖, log ‖x‖) lies at row 60.
"""
import numpy as np

n = 64
truth = np.zeros(n)
truth[15:18], truth[35:37], truth[50:52] = 1.0, 0.7, 0.5
k = np.arange(n)
kernel = np.exp(-np.minimum(k, n - k) ** 2 / 18.0)
H = np.array([[kernel[i - j] if i >= j else kernel[63 - (j - i)] for j in range(n)]
              for i in range(n)])
y = H @ truth + 0.1 * np.random.default_rng(42).standard_normal(n)
u, s, vt = np.linalg.svd(H)
rows = []
for lam in np.logspace(-5, 2, 100):
    x = vt.T @ (s / (s**2 + lam) * (u.T @ y))
    rows.append([lam, np.linalg.norm(H @ x - y), np.linalg.norm(x),
                 np.sqrt(np.mean((x - truth) ** 2))])
rows = np.array(rows)
rho, eta = np.log(rows[:, 1]), np.log(rows[:, 2])
d = lambda v: np.gradient(v)
curvature = (d(rho) * d(d(eta)) - d(d(rho)) * d(eta)) / (d(rho) ** 2 + d(eta) ** 2) ** 1.5
print("largest curvature at row", curvature.argmax(), "smallest error at row", rows[:, 3].argmin())
rows.astype("<f8").tofile("lcurve.f64")
