"""Writes a golden filtered back-projection of one small slice, in float64.

Independent of the Swift code. The ramp is convolved in real space, bin by bin; a voxel reads the
filtered line at the place where it lands, linearly between two bins and zero off the detector; the
quadrature weights are half a gap to each neighbour.

series.f32: the projections, [tilt][bin]. fbp.f32: the slice, [z][x].
"""
import math
import numpy as np

WIDTH, DEPTH, BINS = 33, 29, 41
DEGREES = [-60.0 + 5 * k for k in range(25)]
AXIS_OFFSET, Z_OFFSET = 1.25, -2.5
X0, Z0, S0 = (WIDTH - 1) / 2, (DEPTH - 1) / 2, (BINS - 1) / 2

random = np.random.default_rng(3)
waves = [(random.normal(), random.uniform(0.02, 0.12), random.uniform(0, 6), random.uniform(-2, 2))
         for _ in range(6)]


def smooth(tilt, bin):
    return 2 + sum(a * math.cos(2 * math.pi * f * bin + p + d * math.radians(tilt))
                   for a, f, p, d in waves)


series = np.array([[smooth(t, b) for b in range(BINS)] for t in DEGREES]).astype("<f4")
series.tofile("series.f32")
lines = series.astype(float)


def ramp(n):
    if n == 0:
        return 0.25
    return -1 / (math.pi * n) ** 2 if n % 2 else 0.0


filtered = np.array([[sum(ramp(b - k) * line[k] for k in range(BINS)) for b in range(BINS)]
                     for line in lines])
step = math.radians(5)
weights = [step / 2] + [step] * (len(DEGREES) - 2) + [step / 2]


def value(line, bin):
    return line[bin] if 0 <= bin < BINS else 0.0


result = np.zeros((DEPTH, WIDTH))
for degrees, weight, line in zip(DEGREES, weights, filtered):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for z in range(DEPTH):
        for x in range(WIDTH):
            u = (x - X0) * c + (z - Z0 + Z_OFFSET) * s + S0 + AXIS_OFFSET
            b = math.floor(u)
            result[z, x] += weight * ((b + 1 - u) * value(line, b) + (u - b) * value(line, b + 1))
result.astype("<f4").tofile("fbp.f32")
