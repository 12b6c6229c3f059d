"""Writes the CSV files of this folder, in float64 by numpy and scipy.

H.csv, signals.csv, singular_values.csv, lambda_sweep.csv, noise_sweep.csv: three peaks among 64 samples
behind the lecture's operator (its upper triangle one sample too far out), noise 0.1, Tikhonov's
solutions through the singular values. steps_signals.csv: steps among 96 samples, noise 0.06, behind three operators; the gradient
penalty by normal equations, total variation by 20 000 ADMM iterations with fixed rho. methods.csv: other
penalties and ends, by least squares on stacked equations and by NNLS.
"""
import numpy as np
from scipy.optimize import nnls


def lecture(n, sigma):
    a = np.exp(-np.minimum(np.arange(n), n - np.arange(n)) ** 2 / (2 * sigma**2))
    return np.array([[a[i - j] if i >= j else a[n - 1 - (j - i)] for j in range(n)]
                     for i in range(n)])


def symmetric(n, sigma):
    i = np.arange(n)
    return np.exp(-((i[:, None] - i) ** 2) / (2 * sigma**2))


def unit_rows(h):
    return h / h.sum(axis=1, keepdims=True)


def save(name, header, *columns):
    with open(name, "w") as f:
        f.write(",".join(header) + "\n")
        for row in zip(*columns):
            f.write(",".join(str(v) if isinstance(v, (int, np.integer)) else repr(float(v))
                             for v in row) + "\n")


def rms(v):
    return np.sqrt(np.mean(v**2))


draws = np.random.default_rng(42).standard_normal(96)
n = 64
x = np.zeros(n)
x[15:18], x[35:37], x[50:52] = 1.0, 0.7, 0.5
H = lecture(n, 3.0)
noise = 0.1 * draws[:n]
y = H @ x + noise
U, s, Vt = np.linalg.svd(H)
tikhonov = lambda b, lam: Vt.T @ (s / (s**2 + lam) * (U.T @ b))
grid = np.logspace(-5, 2, 100)
save("H.csv", ["row"] + [f"c{j}" for j in range(n)], range(n), *H.T)
save("singular_values.csv", ["i", "sigma", "picard_abs_uTy"], range(n), s, np.abs(U.T @ y))

rows = []
for lam in grid:
    xl = tikhonov(y, lam)
    dof, res = (s**2 / (s**2 + lam)).sum(), np.linalg.norm(H @ xl - y)
    rows.append([lam, res, np.linalg.norm(xl), rms(xl - x), dof,
                 (res**2 / n) / (1 - dof / n) ** 2])
rows = np.array(rows)
rho, eta, d = np.log(rows[:, 1]), np.log(rows[:, 2]), np.gradient
curvature = (d(rho) * d(d(eta)) - d(d(rho)) * d(eta)) / (d(rho) ** 2 + d(eta) ** 2) ** 1.5
save("lambda_sweep.csv", ["lambda", "residual_norm", "solution_norm", "rmse", "dof", "gcv",
                          "lcurve_curvature"], *rows.T, curvature)
best = grid[rows[:, 3].argmin()]
save("signals.csv", ["i", "x_true", "noise", "Hx", "y", "x_naive", "x_tik_best", "x_tik_lam5"],
     range(n), x, noise, H @ x, y, np.linalg.solve(H, y), tikhonov(y, best), tikhonov(y, 5.0))
levels = [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
table = []
for level in levels:
    b = H @ x + level * draws[:n]
    errors = [rms(tikhonov(b, lam) - x) for lam in grid]
    table.append([level, rms(np.linalg.solve(H, b) - x), rms(tikhonov(b, best) - x), min(errors),
                  grid[int(np.argmin(errors))]])
save("noise_sweep.csv", ["noise_sd", "rmse_naive", "rmse_tik_lam0.126", "rmse_tik_best",
                         "lambda_best"], *np.array(table).T)

# Steps.
m = 96
t = np.where(np.arange(m) < 30, 0.2, np.where(np.arange(m) < 55, 0.8, 0.3))
e = 0.06 * draws
D = np.diff(np.eye(m), axis=0)


def variation(h, b, lam, iterations=20000, rho=1.0):
    inverse, z, u = np.linalg.inv(h.T @ h + rho * D.T @ D), np.zeros(m - 1), np.zeros(m - 1)
    for _ in range(iterations):
        v = inverse @ (h.T @ b + rho * D.T @ (z - u))
        w = D @ v + u
        z = np.sign(w) * np.maximum(np.abs(w) - lam / rho, 0)
        u = w - z
    return v


names, columns = ["i", "x_true", "noise"], [range(m), t, e]
for name, h, slope, flat in [
        ("lecture_peak1", lecture(m, 4.0), 1.0, 1.584893192461114),
        ("lecture_rowsum1", unit_rows(lecture(m, 4.0)), 0.3981071705534973, 0.15848931924611143),
        ("symmetric_rowsum1", unit_rows(symmetric(m, 4.0)), 0.5011872336272725,
         0.12589254117941676)]:
    b = h @ t + e
    smooth = np.linalg.solve(h.T @ h + slope * D.T @ D, h.T @ b)
    names += [name + "_y", name + "_tik", name + "_tv"]
    columns += [b, smooth, variation(h, b, flat)]
    print(name, rms(smooth - t), rms(columns[-1] - t))
save("steps_signals.csv", names, *columns)

# Other penalties and ends, on the peaks: lambda 0.1 throughout.
D = np.diff(np.eye(n), axis=0)
zero = np.zeros(n)
columns, names = [], []
for ends in ["zero", "periodic", "reflecting"]:
    i = np.arange(n)
    g = np.zeros((n, n))
    for q in range(-3, 4):
        k = lambda dist: np.exp(-(dist**2) / 18.0)
        if ends == "zero" and q == 0:
            g += k(i[:, None] - i)
        elif ends == "periodic":
            g += k(i[:, None] - i + q * n)
        elif ends == "reflecting":
            g += k(i[:, None] - i + 2 * q * n) + k(i[:, None] + i + 1 + 2 * q * n)
    g = unit_rows(g)
    b = g @ x + noise
    size = np.vstack([g, np.sqrt(0.1) * np.eye(n)])
    slope = np.vstack([g, np.sqrt(0.1) * D])
    stack = np.concatenate([b, zero])
    names += [f"{ends}_y", f"{ends}_size", f"{ends}_slope", f"{ends}_size_positive",
              f"{ends}_slope_positive"]
    columns += [b, np.linalg.lstsq(size, stack, rcond=None)[0],
                np.linalg.lstsq(slope, stack[:-1], rcond=None)[0], nnls(size, stack)[0],
                nnls(slope, stack[:-1])[0]]
save("methods.csv", names, *columns)
