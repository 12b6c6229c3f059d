"""Minimises small tomographic objectives with ‖x‖² and with second-order TGV in float64, independently of the Swift code.

Model, phantom and order are those of make_minima.py. With x ≥ 0,

    sum F(Hx, y) + 1/2 mu |x|²                                     by an active-set method
    sum F(Hx, y) + min_w  mu |M(Gx - w)|_1 + 2 mu |E w|_1          by Chambolle-Pock in (x, w) with diagonal steps

G are forward differences, M is 0 where one has none, E w = (B w + (B w)') / 2 with backward differences B, zero at the near edge.
`change` is that of the objective over the last half of the iterations, relative.
"""
import json
import numpy as np
import scipy.optimize
import scipy.sparse as sp

from make_minima import BINS, N, SLICES, full, gradient, limited, slice_matrix, truth

rng = np.random.default_rng(12)
CELLS = SLICES * N * N
RATIO = 2.0
# x, z and a slow slope, so that the prior has something to find.
zz, xx = np.meshgrid(np.arange(N), np.arange(N), indexing="ij")
slope = np.stack([np.clip((xx - 2 + y) / 14, 0, 1) * (np.hypot(zz - 7.5, xx - 7.5) < 6.5) for y in range(SLICES)])


def backward(axes):
    """B for each axis, as matrices of all voxels."""
    def one(n):
        d = sp.diags([np.ones(n), -np.ones(n - 1)], [0, -1]).tolil()
        d[0, 0] = 0
        return d.tocsr()
    I = sp.identity
    parts = {"x": sp.kron(sp.kron(I(SLICES), I(N)), one(N)), "z": sp.kron(sp.kron(I(SLICES), one(N)), I(N)),
             "y": sp.kron(sp.kron(one(SLICES), I(N)), I(N))}
    return [parts[a] for a in axes]


def symmetrised(axes):
    """All d² components of E w, off-diagonal ones twice, so that the plain length is the Frobenius norm."""
    B, d = backward(axes), len(axes)
    rows = []
    for a in range(d):
        for b in range(d):
            row = [sp.csr_matrix((CELLS, CELLS)) for _ in range(d)]
            row[a] = row[a] + 0.5 * B[b]
            row[b] = row[b] + 0.5 * B[a]
            rows.append(row)
    return sp.bmat(rows).tocsr()


def lengths(v):
    return np.sqrt((v.reshape(-1, CELLS) ** 2).sum(0))


def fit(u, y, fidelity, background):
    return 0.5 * np.sum((u - y) ** 2) if fidelity == "gaussian" else np.sum(u + background - y * np.log(u + background))


def solve(H, y, axes, mu, fidelity, background, iterations=20000):
    G, ratio = gradient(axes), 0.03 if fidelity == "gaussian" else 0.3
    M = sp.diags((np.asarray(np.abs(G).sum(1)).ravel() > 0).astype(float))
    E = symmetrised(axes)
    n, m = CELLS, len(axes) * CELLS
    K = sp.bmat([[H, None], [G, -M], [None, E]]).tocsr()
    a, b = H.shape[0], H.shape[0] + m
    rows, columns = (np.asarray(np.abs(K).sum(way)).ravel() for way in (1, 0))
    # One step for all components of a voxel, since a ball is projected onto.
    rows[a:b], rows[b:] = rows[a:b].max(), rows[b:].max()
    tau, sigma = ratio / np.maximum(columns, 1e-9), 1 / (ratio * np.maximum(rows, 1e-9))
    KT = K.T.tocsr()
    z, bar, q = np.zeros(n + m), np.zeros(n + m), np.zeros(K.shape[0])

    def objective(z):
        x, w = z[:n], z[n:]
        return fit(H @ x, y, fidelity, background) + mu * lengths(G @ x - M @ w).sum() + RATIO * mu * lengths(E @ w).sum()

    half = None
    for it in range(iterations):
        v = q + sigma * (K @ bar)
        s = sigma[:a]
        if fidelity == "gaussian":
            v[:a] = (v[:a] - s * y) / (1 + s)
        else:
            t = v[:a] + s * background
            v[:a] = 0.5 * (1 + t - np.sqrt((t - 1) ** 2 + 4 * s * y))
        v[a:b] /= np.tile(np.maximum(1, lengths(v[a:b]) / mu), len(axes))
        v[b:] /= np.tile(np.maximum(1, lengths(v[b:]) / (RATIO * mu)), len(axes) ** 2)
        q = v
        new = z - tau * (KT @ q)
        new[:n] = np.maximum(new[:n], 0)
        bar, z = 2 * new - z, new
        if it == iterations // 2:
            half = objective(z)
    last = objective(z)
    return z[:n], last, abs(half - last) / abs(last)


def ridge(H, y, mu):
    """1/2 |Hx - y|² + 1/2 mu |x|² by non-negative least squares."""
    A = sp.vstack([H, np.sqrt(mu) * sp.identity(CELLS)]).toarray()
    x, _ = scipy.optimize.nnls(A, np.concatenate([y, np.zeros(CELLS)]), maxiter=100000)
    g = H.T @ (H @ x - y) + mu * x
    return x, fit(H @ x, y, "gaussian", 0) + 0.5 * mu * np.sum(x ** 2), np.abs(np.minimum(g, x)).max()


if __name__ == "__main__":
    cases = []
    for name, degrees, axes, mu, fidelity in [
        ("l2", full, "", 5.0, "gaussian"),
        ("tgv", full, "xzy", 1.0, "gaussian"),
        ("tgv in slices", full, "xz", 1.0, "gaussian"),
        ("tgv, counts", full, "xzy", 0.3, "poisson"),
        ("tgv, wedge", limited, "xzy", 0.5, "gaussian"),
    ]:
        H = sp.kron(sp.identity(SLICES), slice_matrix(degrees)).tocsr()
        background = 0.5
        scale = 5.0 if fidelity == "poisson" else 1.0
        clean = H @ (scale * (0.5 * truth + slope).ravel())
        y = rng.poisson(clean + background) if fidelity == "poisson" else clean + 0.2 * rng.standard_normal(clean.size)
        y = y.astype(np.float32).astype(float)
        x, objective, rest = ridge(H, y, mu) if name == "l2" else solve(H, y, axes, mu, fidelity, background)
        print(f"{name:14} objective {objective:.8f} change {rest:.2e}", flush=True)
        series = y.reshape(SLICES, len(degrees), BINS).transpose(1, 0, 2)
        cases.append({"name": name, "degrees": degrees, "mu": mu, "mu1": 0.0, "background": background, "objective": objective,
                      "series": [float(f"{v:.9g}") for v in series.ravel()], "image": [float(f"{v:.7g}") for v in x]})
    with open("smooth_minima.json", "w") as file:
        json.dump(cases, file, indent=None)
