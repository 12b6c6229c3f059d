"""Writes golden SIRT reconstructions of one small slice, in float64.

Independent of the Swift code: the system matrix is dense, filled ray by ray with Joseph's weights.
Twenty iterations from zero of x <- x + beta C A^T R (y - A x), with beta = 1 and 1.5, without and
with x <- max(x, 0).

series.f32: the noisy projections, [tilt][bin]. sirt.f32: the slices, [relaxation][bound][z][x].
history.f32: [relaxation][bound][iteration] of misfit, residual and relative change.
"""
import math
import numpy as np

WIDTH, DEPTH, BINS, ITERATIONS = 17, 14, 21, 20
DEGREES = [-65.0 + 10 * k for k in range(14)]
AXIS_OFFSET, Z_OFFSET = 0.75, -1.5
X0, Z0, S0 = (WIDTH - 1) / 2, (DEPTH - 1) / 2, (BINS - 1) / 2

matrix = np.zeros((len(DEGREES) * BINS, DEPTH * WIDTH))
for k, degrees in enumerate(DEGREES):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for b in range(BINS):
        row = matrix[k * BINS + b]
        shift = b - S0 - AXIS_OFFSET
        along_z = abs(c) >= abs(s)
        for step in range(DEPTH if along_z else WIDTH):
            if along_z:
                place = (shift - (step - Z0 + Z_OFFSET) * s) / c + X0
            else:
                place = (shift - (step - X0) * c) / s + Z0 - Z_OFFSET
            first = math.floor(place)
            for cell, weight in ((first, first + 1 - place), (first + 1, place - first)):
                if 0 <= cell < (WIDTH if along_z else DEPTH):
                    index = step * WIDTH + cell if along_z else cell * WIDTH + step
                    row[index] += weight / max(abs(c), abs(s))

truth = np.array([[2.0 * (math.hypot(x - 9, z - 5) < 4) + (math.hypot(x - 4, z - 10) < 2.5)
                   for x in range(WIDTH)] for z in range(DEPTH)])
random = np.random.default_rng(5)
series = (matrix @ truth.ravel() + random.normal(0, 0.3, len(matrix))).astype("<f4")
series.tofile("series.f32")
y = series.astype(float)


def reciprocal(sums):
    return np.where(sums > 1e-6, 1 / np.maximum(sums, 1e-6), 0)


rows, columns = reciprocal(matrix.sum(1)), reciprocal(matrix.sum(0))
slices, history = [], []
for beta in (1.0, 1.5):
    for lower in (-math.inf, 0.0):
        x = np.zeros(DEPTH * WIDTH)
        for _ in range(ITERATIONS):
            residual = y - matrix @ x
            new = np.maximum(x + beta * columns * (matrix.T @ (rows * residual)), lower)
            history.append((np.linalg.norm(residual) / np.linalg.norm(y),
                            np.sqrt(np.mean(residual ** 2)),
                            np.linalg.norm(new - x) / np.linalg.norm(new)))
            x = new
        slices.append(x)
np.array(slices).astype("<f4").tofile("sirt.f32")
np.array(history).astype("<f4").tofile("history.f32")
