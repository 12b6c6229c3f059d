"""Minimises small tomographic objectives through point spreads in float64, independently of the Swift code.

H = B P: P is the matrix of make_minima.py, B the convolution of each projection with the point spread of its tilt,
`(B p)(r) = sum_d h(d) p(r - d)`, where p goes on beyond its ends as its mirror image; with layers, of the depth of each voxel. Orders are those of make_minima.py.
"""
import json
import numpy as np
import scipy.sparse as sp
from make_minima import BINS, N, SLICES, full, gradient, limited, rng, slice_matrix, solve, truth


def mirrored(i, n):
    i %= 2 * n
    return i if i < n else 2 * n - 1 - i


def blur(spreads, tilts):
    """[y][tilt][bin] to the same."""
    rows, cols, vals = [], [], []
    for t in range(tilts):
        h = spreads[t % len(spreads)]
        middle = [n // 2 for n in h.shape]
        for y in range(SLICES):
            for b in range(BINS):
                for (i, j), w in np.ndenumerate(h):
                    source = mirrored(y - (i - middle[0]), SLICES), mirrored(b - (j - middle[1]), BINS)
                    rows.append((y * tilts + t) * BINS + b)
                    cols.append((source[0] * tilts + t) * BINS + source[1])
                    vals.append(w)
    n = SLICES * tilts * BINS
    return sp.csr_matrix((vals, (rows, cols)), shape=(n, n))


def layered(degrees, layers, first, spacing):
    """sum_k B_k P W_k: voxels are shared out by their depth along the beam, z cos - x sin, between the two nearest layers."""
    z, x = np.meshgrid(np.arange(N) - (N - 1) / 2, np.arange(N) - (N - 1) / 2, indexing="ij")
    one = slice_matrix(degrees)
    total = 0
    for k, h in enumerate(layers):
        parts = []
        for t, degree in enumerate(degrees):
            c, s = np.cos(np.radians(degree)), np.sin(np.radians(degree))
            place = np.clip((z * c - x * s - first) / spacing, 0, len(layers) - 1).ravel()
            parts.append(one[t * BINS:(t + 1) * BINS] @ sp.diags(np.maximum(0, 1 - np.abs(place - k))))
        total = total + blur([h], len(degrees)) @ sp.kron(sp.identity(SLICES), sp.vstack(parts)).tocsr()
    return total


def gaussian(sigma):
    reach = int(np.ceil(6 * sigma))
    g = np.exp(-np.arange(-reach, reach + 1) ** 2 / (2 * sigma ** 2))
    h = np.outer(g, g)
    return h / h.sum()


lopsided = np.array([[0, 1, 0, 0, 0], [1, 6, 4, 1, 0.5], [0, 3, 2, 0, 0]], float)
lopsided /= lopsided.sum()
if __name__ == "__main__":
    cases = []
    for name, degrees, spreads, fidelity, mu in [
        ("tv, gaussian blur", full, [gaussian(1.2)], "gaussian", 0.3),
        ("tv, lopsided blur", full, [lopsided], "gaussian", 0.3),
        ("tv, one blur a tilt", limited, [gaussian(0.4 + 0.05 * t) for t in range(len(limited))], "gaussian", 0.3),
        ("tv, gaussian blur, counts", full, [gaussian(0.8)], "poisson", 0.3),
        ("tv, layers", full, [gaussian(np.hypot(0.5, 0.1 * (4 * k - 10))) for k in range(6)], "gaussian", 0.3),
    ]:
        is_layered = name == "tv, layers"
        H = layered(degrees, spreads, -10, 4) if is_layered else \
            blur(spreads, len(degrees)) @ sp.kron(sp.identity(SLICES), slice_matrix(degrees)).tocsr()
        background, scale = 0.5, 5.0 if fidelity == "poisson" else 1.0
        clean = H @ (scale * truth.ravel())
        y = rng.poisson(clean + background) if fidelity == "poisson" else clean + 0.2 * rng.standard_normal(clean.size)
        y = y.astype(np.float32).astype(float)
        x, objective, gap, it = solve(H, y, gradient("xzy"), "tv", mu, 0.0, fidelity, background)
        print(f"{name:26} objective {objective:.8f} gap {gap:.2e} iterations {it}", flush=True)
        series = y.reshape(SLICES, len(degrees), BINS).transpose(1, 0, 2)
        cases.append({"name": name, "degrees": degrees, "mu": mu, "mu1": 0, "background": background,
                      "objective": objective, "series": [float(f"{v:.9g}") for v in series.ravel()],
                      "image": [float(f"{v:.7g}") for v in x],
                      "isLayered": is_layered,
                      "spreads": [{"rows": h.shape[0], "columns": h.shape[1],
                                   "weights": [float(v) for v in h.ravel()]} for h in spreads]})
    with open("blurred_minima.json", "w") as file:
        json.dump(cases, file, indent=None)
