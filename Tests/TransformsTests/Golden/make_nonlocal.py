"""Writes nonlocal.f64: the symmetric doubly stochastic non-local mean as dense matrices, in float64.

Volumes of 3 x 5 x 4 and 1 x 6 x 7 voxels (y, z, x), guide g = ((3x + 5z + 7y + x z) mod 11) / 8, sigma 0.4. Three matrices, row by row,
with voxels in the order [y][z][x]: the volume with its slices linked (window radius 2), the same volume slice by slice (window radius 3),
and the single slice (window radius 5). Patches have three voxels along each axis and go on beyond the edges as the guide is there.
"""
import numpy as np

SIGMA = 0.4


def matrix(shape, radius, axes):
    y, z, x = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    guide = ((3 * x + 5 * z + 7 * y + x * z) % 11) / 8.0
    patch = [1 if a in axes else 0 for a in range(3)]
    wide = np.pad(guide, [(p, p) for p in patch], mode="edge")
    places = list(np.ndindex(*shape))
    patches = np.array([
        wide[tuple(slice(i, i + 2 * p + 1) for i, p in zip(place, patch))].ravel() for place in places
    ])
    place = np.array(places)
    apart = np.abs(place[:, None, :] - place[None, :, :])
    reach = np.array([radius * p for p in patch])
    triangle = np.prod(np.maximum(0, 1 - apart / (reach + 1)), axis=2)
    mean = np.mean((patches[:, None, :] - patches[None, :, :]) ** 2, axis=2)
    kernel = triangle * np.exp(-mean / (2 * SIGMA**2))
    root = 1 / np.sqrt(kernel.sum(1))
    kernel = root[:, None] * kernel * root[None, :]
    rows = kernel.sum(1)
    alpha = 1 / rows.max()
    mean = alpha * kernel + np.diag(1 - alpha * rows)
    values = np.linalg.eigvalsh(mean)
    assert np.allclose(mean.sum(1), 1) and values.min() > 0 and values.max() < 1 + 1e-12
    return mean


found = [matrix((3, 5, 4), 2, (0, 1, 2)), matrix((3, 5, 4), 3, (1, 2)), matrix((1, 6, 7), 5, (1, 2))]
np.concatenate([m.ravel() for m in found]).astype("<f8").tofile("nonlocal.f64")
