"""Writes a tilt series that loses a known part of its intensity: numpy and tifffile.

    python3 damage_series.py KIND ORDER LOSS NOISE SEED NAME

KIND is view (three balls that stay in view), leaving (sixty balls, most of which leave it) or film (a
film with 150 balls, wider than the view). ORDER is one-way, symmetric, groups, both-ways, interleaved
or random. LOSS is the part lost by the last electron, NOISE the standard deviation over the largest
value. NAME.tif has 71 pages of 96 x 40 pixels, -70 to 70 degrees; NAME.order the place of each page.
"""

import sys

import numpy as np
import tifffile

kind, order = sys.argv[1:3]
loss, noise, seed = float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
name = sys.argv[6]

tilts = np.arange(-70, 71, 2.0)
n, width, height = len(tilts), 96, 40
pages = np.arange(n)
middle = n // 2
right, left = list(pages[middle + 1 :]), list(pages[:middle][::-1])
pairs = [page for pair in zip(right, left) for page in pair]
groups = [page for k in range(0, middle, 2) for page in right[k : k + 2] + left[k : k + 2]]
sequence = {
    "one-way": pages,
    "symmetric": [middle] + pairs,
    "groups": [middle] + groups,
    "both-ways": [middle] + right + left,
    "interleaved": np.concatenate([pages[::2], pages[1::2]]),
    "random": np.random.default_rng(3).permutation(n),
}[order]
position = np.empty(n, int)
position[sequence] = pages + 1

place = np.random.default_rng(5)
thickness = 8.0 if kind == "film" else 0.0
if kind == "view":
    balls = [(5, 0, -8, 12), (-14, 4, 6, 8), (10, -6, 12, 6)]
else:
    count, reach, depth = (150, 300, 6) if kind == "film" else (60, 46, 46)
    balls = [
        (place.uniform(-reach, reach), place.uniform(-20, 20), place.uniform(-depth, depth), r)
        for r in place.uniform(3, 8, count)
    ]

s = np.arange(width) - (width - 1) / 2
y = (np.arange(height) - (height - 1) / 2)[:, None]
series = np.zeros((n, height, width))
for page, tilt in enumerate(np.radians(tilts)):
    for x, along, z, r in balls:
        across = x * np.cos(tilt) + z * np.sin(tilt)
        chord = np.maximum(r * r - (s - across) ** 2 - (y - along) ** 2, 0)
        series[page] += 2 * np.sqrt(chord)
    series[page] += thickness / np.cos(tilt)
largest = series.max()
series *= (1 - loss * (position - 0.5) / n)[:, None, None]
series += noise * largest * np.random.default_rng(seed).standard_normal(series.shape)
tifffile.imwrite(name + ".tif", series.astype("f4"))
np.savetxt(name + ".order", position, fmt="%d")
