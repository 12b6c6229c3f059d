"""Writes comparison.json: metrics of two 3-D fields in float64 by NumPy and scikit-image.

The fields are formulas, repeated in ComparisonTests.swift. Arrays are [z][y][x].
"""
import json

import numpy as np
from skimage.metrics import structural_similarity


def fields(width, slices, depth):
    z, y, x = np.meshgrid(*map(np.arange, (depth, slices, width)), indexing="ij")
    truth = ((x * 7 + y * 3 + z * 5) % 11) / 4.0 + (x + y < 20)
    estimate = truth * 0.75 + ((x * 5 + y * 2 + z * 7) % 13) / 16.0 - 0.25
    return estimate, truth, (x + 2 * y + z) % 3 != 0


def metrics(estimate, truth, mask, fit):
    inside = mask if mask is not None else np.ones(truth.shape, bool)
    x, t = estimate[inside], truth[inside]
    scale = (x @ t) / (x @ x) if fit else 1.0
    span = t.max() - t.min()
    rmse = np.sqrt(np.mean((scale * x - t) ** 2))
    _, similarity = structural_similarity(
        np.squeeze(scale * estimate), np.squeeze(truth), win_size=7, data_range=span, full=True)
    core = tuple(slice(3, -3) if n > 1 else slice(None) for n in truth.shape)
    similarity = similarity.reshape(truth.shape)[core][inside[core]].mean()
    return dict(voxelCount=int(inside.sum()), scale=scale, range=span, rmse=rmse,
                nrmse=rmse / np.sqrt(np.mean(t**2)), psnr=20 * np.log10(span / rmse),
                ssim=similarity, bias=np.mean(scale * x - t))


cases = []
for shape in ((45, 7, 12), (45, 33, 12), (45, 1, 12)):
    estimate, truth, mask = fields(*shape)
    for masked in (False, True):
        for fit in (False, True):
            cases.append(dict(shape=shape, masked=masked, fit=fit,
                              metrics=metrics(estimate, truth, mask if masked else None, fit)))
json.dump(cases, open("comparison.json", "w"), indent=1)
