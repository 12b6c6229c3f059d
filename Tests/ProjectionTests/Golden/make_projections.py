"""Writes golden projections of one small slice, in float64, for both ray models.

Independent of the Swift code. Joseph: for each ray and each row (or column, for steep tilts) the
crossing point is interpolated linearly between the two nearest voxels. Strip: each voxel square is
clipped by the strip of each bin, and the area of the polygon is the weight.
Order of the files: tilt, bin. The volume is v(x, z) = 1 + 3 x + 7 z mod 11, [z][x].
"""
import math
import numpy as np

WIDTH, DEPTH, BINS = 23, 18, 29
DEGREES = [-70.0, -45.0, -13.0, 0.0, 31.5, 46.0, 90.0, 135.0, -170.0]
AXIS_OFFSET, Z_OFFSET = 1.25, -2.5
volume = np.array([[float((1 + 3 * x + 7 * z) % 11) for x in range(WIDTH)] for z in range(DEPTH)])
X0, Z0, S0 = (WIDTH - 1) / 2, (DEPTH - 1) / 2, (BINS - 1) / 2


def landing(x, z, t):
    return (x - X0) * math.cos(t) + (z - Z0 + Z_OFFSET) * math.sin(t) + S0 + AXIS_OFFSET


def value(x, z):
    return volume[z, x] if 0 <= x < WIDTH and 0 <= z < DEPTH else 0.0


def joseph(t, b):
    c, s = math.cos(t), math.sin(t)
    total = 0.0
    if abs(c) >= abs(s):
        for z in range(DEPTH):
            x = (b - landing(0, z, t)) / c
            i = math.floor(x)
            total += (1 - (x - i)) * value(i, z) + (x - i) * value(i + 1, z)
        return total / abs(c)
    for x in range(WIDTH):
        z = (b - landing(x, 0, t)) / s
        i = math.floor(z)
        total += (1 - (z - i)) * value(x, i) + (z - i) * value(x, i + 1)
    return total / abs(s)


def clip(polygon, normal, limit):
    out = []
    for k, p in enumerate(polygon):
        q = polygon[(k + 1) % len(polygon)]
        dp, dq = limit - p @ normal, limit - q @ normal
        if dp >= 0:
            out.append(p)
        if dp * dq < 0:
            out.append(p + (q - p) * dp / (dp - dq))
    return out


def area(polygon):
    if len(polygon) < 3:
        return 0.0
    p = np.array(polygon)
    x, y = p[:, 0], p[:, 1]
    return 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def strip(t, b):
    n = np.array([math.cos(t), math.sin(t)])
    total = 0.0
    for z in range(DEPTH):
        for x in range(WIDTH):
            d = b - landing(x, z, t)
            if abs(d) > 1.3:
                continue
            square = [np.array(c) for c in ((-.5, -.5), (.5, -.5), (.5, .5), (-.5, .5))]
            total += value(x, z) * area(clip(clip(square, n, d + 0.5), -n, 0.5 - d))
    return total


for name, model in (("joseph", joseph), ("strip", strip)):
    rows = [[model(math.radians(d), b) for b in range(BINS)] for d in DEGREES]
    np.array(rows, dtype="<f4").tofile(f"{name}.f32")
