"""References for AlignmentTests, in float64 by numpy and scipy. Run here: python3 make_alignment.py

page.f32     24 x 36 picture: smooth random blobs
placed.f32   the picture turned by 0.2 rad, magnified by 1.1 and moved by (2.3, -1.7) about its centre:
             cubic B-spline with mirror ends, places beyond the border taken at the nearest place of the border
linear.f32   the same placing with order 1
"""
import numpy as np
from scipy import ndimage

rng = np.random.default_rng(7)
page = ndimage.gaussian_filter(rng.normal(size=(24, 36)), 1.5).astype("<f4")
page.tofile("page.f32")

turn, growth, shift = 0.2, 1.1, np.array([2.3, -1.7])  # across, along
matrix = growth * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
rows, columns = np.mgrid[0:24, 0:36].astype(float)
aligned = np.stack([columns - 17.5, rows - 11.5]).reshape(2, -1)
raw = np.linalg.solve(matrix, aligned - shift[:, None])
x, y = np.clip(raw[0] + 17.5, 0, 35), np.clip(raw[1] + 11.5, 0, 23)
placed = ndimage.map_coordinates(page.astype(float), [y, x], order=3, mode="mirror")
placed.reshape(24, 36).astype("<f4").tofile("placed.f32")
linear = ndimage.map_coordinates(page.astype(float), [y, x], order=1, mode="nearest")
linear.reshape(24, 36).astype("<f4").tofile("linear.f32")

# Shares of variance of InterpolationTests: the energy of a placed point, 257 pixels long.
point = np.zeros(257)
point[128] = 1


def energy(f, order):
    return float((ndimage.map_coordinates(point, [np.arange(257) - f], order=order) ** 2).sum())


for order in (1, 3):
    print(order, [round(energy(f, order), 6) for f in (0.25, 0.5)],
          round(np.mean([energy((k + 0.5) / 200, order) for k in range(200)]), 5))

# Student's t of TurnEstimateTests: scipy.stats.t.ppf(0.975, n)
from scipy import stats
print({n: round(float(stats.t.ppf(0.975, n)), 5) for n in (1, 2, 3, 7, 20)})
