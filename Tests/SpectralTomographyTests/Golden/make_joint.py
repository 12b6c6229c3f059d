"""Joint total variation and principal components in float64, by numpy alone.

Writes little-endian doubles beside this file:
  joint.bin       field [channel][z][x] (3, 3, 4), then the three norms, then the projections of
                  0.7 grad x onto the dual balls of radius 0.3 [separate, collaborative, nuclear],
                  each [z][x][channel][x, z, y]
  components.bin  counts [channel][place] (5, 40), then the 5 eigenvalues, then the data kept by 2
"""
import numpy as np

rng = np.random.default_rng(7)
x = rng.normal(size=(3, 3, 4))
gx = np.zeros_like(x)
gx[:, :, :-1] = np.diff(x, axis=2)
gz = np.zeros_like(x)
gz[:, :-1] = np.diff(x, axis=1)
g = np.stack([gx, gz, np.zeros_like(x)], axis=-1)  # c z x a
g = np.moveaxis(g, 0, 2)  # z x c a
norms = [
    np.sqrt((g**2).sum(-1)).sum(),
    np.sqrt((g**2).sum((-1, -2))).sum(),
    np.linalg.svd(g, compute_uv=False).sum(),
]
p, mu = 0.7 * g, 0.3
separate = p * np.minimum(1, mu / np.maximum(np.sqrt((p**2).sum(-1, keepdims=True)), 1e-300))
joint = p * np.minimum(1, mu / np.maximum(np.sqrt((p**2).sum((-1, -2), keepdims=True)), 1e-300))
u, s, vt = np.linalg.svd(p, full_matrices=False)
nuclear = (u * np.minimum(s, mu)[..., None, :]) @ vt
np.concatenate([a.ravel() for a in (x, np.array(norms), separate, joint, nuclear)]).astype(
    "<f8"
).tofile("joint.bin")

spectra = np.array([[5, 4, 3, 2, 1], [1, 1, 4, 4, 1]], float)
mix = rng.uniform(0, 3, size=(40, 2))
y = rng.poisson(mix @ spectra).astype(float)
w = np.sqrt(y.sum() / (y.sum(1, keepdims=True) * y.sum(0, keepdims=True)))
yh = y * w
values, vectors = np.linalg.eigh(yh.T @ yh)
values, vectors = values[::-1], vectors[:, ::-1]
kept = yh @ vectors[:, :2] @ vectors[:, :2].T / w
assert (y.sum(1) > 0).all()
np.concatenate([y.T.ravel(), values, kept.T.ravel()]).astype("<f8").tofile("components.bin")
