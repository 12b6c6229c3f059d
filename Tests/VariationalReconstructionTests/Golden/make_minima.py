"""Minimises small tomographic objectives in float64, independently of the Swift code.

The matrix holds Joseph weights, written down ray by ray. Every objective

    sum_j F(Hx, y) + mu R(Kx) + mu1 sum x,   x >= 0

is solved by plain Chambolle-Pock with scalar steps, run for long (l1 alone by an active-set method); `gap` is the
violation of the optimality conditions that was left. Order of volumes: [y][z][x]; of series:
[tilt][y][bin].
"""
import json
import numpy as np
import scipy.optimize
import scipy.sparse as sp
import scipy.sparse.linalg as sla

N, SLICES, BINS = 16, 3, 23
C, S = (N - 1) / 2, (BINS - 1) / 2
rng = np.random.default_rng(11)


def slice_matrix(degrees):
    rows, cols, vals = [], [], []
    for k, t in enumerate(np.radians(degrees)):
        c, s = np.cos(t), np.sin(t)
        for b in range(BINS):
            for r in range(N):
                along = abs(c) >= abs(s)
                # The ray crosses row (or column) r at position p of the other axis.
                p = ((b - S) - (r - C) * (s if along else c)) / (c if along else s) + C
                i = int(np.floor(p))
                for j, w in ((i, 1 - (p - i)), (i + 1, p - i)):
                    if 0 <= j < N and w > 0:
                        rows.append(k * BINS + b)
                        cols.append(r * N + j if along else j * N + r)
                        vals.append(w / max(abs(c), abs(s)))
    return sp.csr_matrix((vals, (rows, cols)), shape=(len(degrees) * BINS, N * N))


def difference(n):
    d = sp.diags([-np.ones(n), np.ones(n - 1)], [0, 1]).tolil()
    d[n - 1, n - 1] = 0
    return d.tocsr()


def gradient(axes):
    I, d = sp.identity, difference
    parts = {"x": sp.kron(sp.kron(I(SLICES), I(N)), d(N)),
             "z": sp.kron(sp.kron(I(SLICES), d(N)), I(N)),
             "y": sp.kron(sp.kron(d(SLICES), I(N)), I(N))}
    return sp.vstack([parts[a] for a in axes]).tocsr()


def haar_details():
    """One level of Haar along x and z of each slice; three slices cannot be halved."""
    a = sp.kron(sp.identity(N // 2), np.array([[1, 1]]) / np.sqrt(2))
    b = sp.kron(sp.identity(N // 2), np.array([[1, -1]]) / np.sqrt(2))
    return sp.kron(sp.identity(SLICES), sp.vstack([sp.kron(p, q) for p, q in ((a, b), (b, a), (b, b))])).tocsr()


def nonnegative_least_squares(H, y, mu1):
    """1/2 |Hx - y|^2 + mu1 sum x as |Rx - c|^2 with R'R = H'H, by an active-set method."""
    R = np.linalg.cholesky((H.T @ H).toarray()).T
    x, _ = scipy.optimize.nnls(R, np.linalg.solve(R.T, H.T @ y - mu1), maxiter=100000)
    g = H.T @ (H @ x - y) + mu1
    return x, 0.5 * np.sum((H @ x - y) ** 2) + mu1 * x.sum(), np.abs(np.minimum(g, x)).max(), 0


def solve(H, y, K, kind, mu, mu1, fidelity, background, iterations=60000):
    norm = sla.svds(sp.vstack([H, K]) if K is not None else H, k=1, return_singular_vectors=False)[0]
    ratio = 0.02 if fidelity == "gaussian" else 0.5
    tau, sigma = ratio / norm, 1 / (ratio * norm)
    x = np.zeros(H.shape[1]); bar = x.copy(); q = np.zeros(H.shape[0])
    p = np.zeros(K.shape[0]) if K is not None else None
    n = x.size
    for it in range(iterations):
        if fidelity == "gaussian":
            q = (q + sigma * (H @ bar - y)) / (1 + sigma)
        else:
            w = q + sigma * (H @ bar + background)
            q = 0.5 * (1 + w - np.sqrt((w - 1) ** 2 + 4 * sigma * y))
        g = H.T @ q + mu1
        if K is not None:
            p = p + sigma * (K @ bar)
            if kind == "tv":
                v = p.reshape(-1, n)
                v /= np.maximum(1, np.sqrt((v ** 2).sum(0)) / mu)
            elif kind == "gradient":
                p = p / (1 + sigma / mu)
            else:
                p = np.clip(p, -mu, mu)
            g = g + K.T @ p
        new = np.maximum(x - tau * g, 0)
        change = np.linalg.norm(new - x)
        bar = 2 * new - x
        x = new
        if it > 1000 and change < 1e-13 * np.linalg.norm(x):
            break
    u = H @ x
    fit = 0.5 * np.sum((u - y) ** 2) if fidelity == "gaussian" else np.sum(
        u + background - y * np.log(u + background))
    penalty = mu1 * x.sum()
    if K is not None:
        v = K @ x
        penalty += {"tv": lambda: mu * np.sqrt((v.reshape(-1, n) ** 2).sum(0)).sum(),
                    "gradient": lambda: 0.5 * mu * (v ** 2).sum(),
                    "wavelet": lambda: mu * np.abs(v).sum()}[kind]()
    # x = 0 or H'q + K'p + mu1 = 0
    gap = np.abs(np.minimum(g, x / np.abs(x).max() * np.abs(H.T @ y).max())).max()
    return x, fit + penalty, gap, it


zz, xx = np.meshgrid(np.arange(N), np.arange(N), indexing="ij")
truth = np.stack([((zz - 8) ** 2 + (xx - 6 - y) ** 2 < 20) * 1.0 + ((abs(zz - 4) < 2) & (abs(xx - 11) < 3)) * 0.5
                  for y in range(SLICES)])
full = list(np.arange(-90, 90, 7.5))
limited = list(np.arange(-60, 61, 6.0))
if __name__ == "__main__":
    cases = []
    for name, degrees, kind, axes, mu, mu1, fidelity in [
        ("tv", full, "tv", "xzy", 1.0, 0.0, "gaussian"),
        ("tv in slices", full, "tv", "xz", 1.0, 0.0, "gaussian"),
        ("tv + l1", full, "tv", "xzy", 1.0, 0.5, "gaussian"),
        ("l1", full, None, "", 0.0, 2.0, "gaussian"),
        ("gradient", full, "gradient", "xzy", 5.0, 0.0, "gaussian"),
        ("wavelet", full, "wavelet", "", 1.0, 0.0, "gaussian"),
        ("tv, counts", full, "tv", "xzy", 0.3, 0.0, "poisson"),
        ("tv, wedge", limited, "tv", "xzy", 1.0, 0.0, "gaussian"),
    ]:
        one = slice_matrix(degrees)
        H = sp.kron(sp.identity(SLICES), one).tocsr()  # [y][tilt][bin]
        background = 0.5
        scale = 5.0 if fidelity == "poisson" else 1.0
        clean = H @ (scale * truth.ravel())
        y = rng.poisson(clean + background) if fidelity == "poisson" else clean + 0.2 * rng.standard_normal(clean.size)
        y = y.astype(np.float32).astype(float)
        K = gradient(axes) if axes else haar_details() if kind == "wavelet" else None
        if K is None:
            x, objective, gap, it = nonnegative_least_squares(H, y, mu1)
        else:
            x, objective, gap, it = solve(H, y, K, kind, mu, mu1, fidelity, background)
        print(f"{name:14} objective {objective:.8f} gap {gap:.2e} iterations {it}", flush=True)
        series = y.reshape(SLICES, len(degrees), BINS).transpose(1, 0, 2)
        cases.append({"name": name, "degrees": degrees, "mu": mu, "mu1": mu1, "background": background,
                      "objective": objective, "series": [float(f"{v:.9g}") for v in series.ravel()],
                      "image": [float(f"{v:.7g}") for v in x]})
    with open("minima.json", "w") as file:
        json.dump(cases, file, indent=None)
