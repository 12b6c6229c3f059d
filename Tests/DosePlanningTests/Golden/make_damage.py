"""Two small series with a loss, and what numpy and scipy make of them in float64.

view.f32: 8 slices of 48 bins at 41 tilts, a body wholly in view, taken in one go. The loss comes from
numpy.polyfit of the totals over the dose.
film.f32: 3 slices of 32 bins at 61 tilts, a film that fills the view, every second tilt first. The loss
comes from scipy.optimize.least_squares on the logarithms of the windowed totals, with s as a B-spline
on the same knots plus a kink; its error from the Jacobian, the correlation of neighbouring residuals
and the spread over three numbers of knots.
Both are stored [slab][tilt][bin][lane] with 8 lanes.
"""

import json

import numpy as np
from scipy.interpolate import BSpline
from scipy.optimize import least_squares

rng = np.random.default_rng(20)


def store(name, series, lanes):
    tilts, slices, bins = series.shape
    field = np.zeros((tilts, bins, lanes), "<f4")
    field[:, :, :slices] = series.transpose(0, 2, 1)
    field.tofile(name)
    return field[:, :, :slices].transpose(0, 2, 1).astype(np.float64)


# A body in view.
n, slices, bins = 41, 8, 48
tilts = np.linspace(-60, 60, n)
d = (np.arange(n) + 0.5) / n
s = np.arange(bins) - 23.5
clean = np.zeros((n, slices, bins))
for k, t in enumerate(np.radians(tilts)):
    for x, z, r in [(3.0, 5.0, 9.0), (-6.0, -4.0, 5.0)]:
        c = x * np.cos(t) + z * np.sin(t)
        clean[k] += 2 * np.sqrt(np.maximum(r * r - (s - c) ** 2, 0))
clean *= (1 - 0.06 * d)[:, None, None]
view = store("view.f32", clean + 0.4 * rng.standard_normal(clean.shape), 8)
totals = view.sum(axis=(1, 2))
slope, start = np.polyfit(d, totals, 1)
answer = {"view": {"tilts": tilts.tolist(), "loss": float(-slope / start)}}

# A film.
n, slices, bins = 61, 3, 32
tilts = np.linspace(-60, 60, n)
sequence = np.concatenate([np.arange(0, n, 2), np.arange(1, n, 2)])
position = np.empty(n, int)
position[sequence] = np.arange(1, n + 1)
d = (position - 0.5) / n
clean = np.ones((n, slices, bins)) * (10 / np.cos(np.radians(tilts)))[:, None, None]
clean *= (1 - 0.08 * d)[:, None, None]
film = store("film.f32", clean + 0.5 * rng.standard_normal(clean.shape), 8)
window = (1 - np.cos(2 * np.pi * (np.arange(bins) + 0.5) / bins)) / 2
logs = np.log((film * window).sum(axis=(1, 2)))
u = tilts / 60


def fit(knots):
    inner = -1 + 2 * (np.arange(knots) + 1) / (knots + 1)
    t = np.concatenate([[-1] * 4, inner, [1] * 4])
    basis = BSpline.design_matrix(np.clip(u, -1, 1 - 1e-14), t, 3).toarray()
    basis = np.hstack([basis, np.abs(u - u[sequence[0]])[:, None]])
    # The kink at the first tilt, which lies at the end, is a straight line and already there.
    rank = np.linalg.matrix_rank(basis)
    left, _, _ = np.linalg.svd(basis, full_matrices=False)
    basis = left[:, :rank]

    def residual(p):
        return logs - basis @ p[1:] - np.log1p(-p[0] * d)

    begin = np.concatenate([[0.0], np.linalg.lstsq(basis, logs, rcond=None)[0]])
    found = least_squares(residual, begin, xtol=1e-15, ftol=1e-15, gtol=1e-15)
    r = found.fun
    covariance = np.linalg.inv(found.jac.T @ found.jac) * (r @ r) / (n - rank - 1)
    by_time = r[sequence]
    rho = max(0, (r[1:] @ r[:-1]) / (r @ r), (by_time[1:] @ by_time[:-1]) / (r @ r))
    return found.x[0], covariance[0, 0] * (1 + rho) / (1 - rho)


fits = [fit(k) for k in (n // 12, n // 6, n // 4)]
losses = [f[0] for f in fits]
spread = (max(losses) - min(losses)) / 2
answer["film"] = {
    "tilts": tilts.tolist(),
    "order": position.tolist(),
    "loss": float(losses[1]),
    "error": float(np.sqrt(fits[1][1] + spread**2)),
    "spread": float(spread),
}
with open("damage.json", "w") as file:
    json.dump(answer, file, indent=1)
print({k: {a: b for a, b in v.items() if a not in ("tilts", "order")} for k, v in answer.items()})
