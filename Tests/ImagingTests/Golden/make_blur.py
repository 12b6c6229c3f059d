"""Writes blur.f64: fields blurred by a lopsided point spread in float64, for every kind of ends.

Independent of the Swift code: sums over the point spread in real space, with numpy.pad for what lies
beyond the ends. Order: field, point spread, then zero, periodic and reflecting, each blurred and
correlated (the adjoint, by the transposed matrix of the same sums).
"""
import numpy as np

SHAPE, SPREAD, ORIGIN = (3, 7, 10), (3, 4, 5), (1, 2, 1)
MODE = {"zero": "constant", "periodic": "wrap", "reflecting": "symmetric"}

rng = np.random.default_rng(7)
x = rng.uniform(-1, 1, SHAPE)
h = rng.uniform(0, 1, SPREAD)


def blur(field, mode):
    reach = 6
    wide = np.pad(field, reach, MODE[mode])
    y = np.zeros(SHAPE)
    for d in np.ndindex(SPREAD):
        o = [a - b for a, b in zip(d, ORIGIN)]
        cut = tuple(slice(reach - s, reach - s + n) for s, n in zip(o, SHAPE))
        y += h[d] * wide[cut]
    return y


out = [x.ravel(), h.ravel()]
for mode in MODE:
    matrix = np.stack([blur(e.reshape(SHAPE), mode).ravel() for e in np.eye(x.size)], axis=1)
    out += [blur(x, mode).ravel(), matrix.T @ x.ravel()]
np.concatenate(out).astype("<f8").tofile("blur.f64")
