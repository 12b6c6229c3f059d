"""Writes a golden filtered back-projection of one small slice, in float64.

Independent of the Swift code. The ramp is convolved in real space, bin by bin; a voxel reads the
filtered line at the place where it lands, linearly between two bins; the quadrature weights are half
a gap to each neighbour. Lines that end in vacuum are filtered as far as voxels land, the others are
zero off the detector.

series.f32: projections that are cut by the field, [tilt][bin]; fbp.f32: their slice, [z][x].
vacuum.f32: projections that end in vacuum; beyond.f32: their slice.
"""
import math
import numpy as np

MARGIN = 30
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


def ramp(n):
    if n == 0:
        return 0.25
    return -1 / (math.pi * n) ** 2 if n % 2 else 0.0


step = math.radians(5)
weights = [step / 2] + [step] * (len(DEGREES) - 2) + [step / 2]


def slice_of(lines, is_vacuum):
    filtered = [{b: sum(ramp(b - k) * line[k] for k in range(BINS))
                 for b in range(-MARGIN, BINS + MARGIN) if is_vacuum or 0 <= b < BINS} for line in lines]
    result = np.zeros((DEPTH, WIDTH))
    for degrees, weight, line in zip(DEGREES, weights, filtered):
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        for z in range(DEPTH):
            for x in range(WIDTH):
                u = (x - X0) * c + (z - Z0 + Z_OFFSET) * s + S0 + AXIS_OFFSET
                b = math.floor(u)
                near, far = (line[i] if is_vacuum else line.get(i, 0.0) for i in (b, b + 1))
                result[z, x] += weight * ((b + 1 - u) * near + (u - b) * far)
    return result


series = np.array([[smooth(t, b) for b in range(BINS)] for t in DEGREES]).astype("<f4")
ends = np.array([max(0.0, 1 - ((b - S0) / 17.5) ** 2) for b in range(BINS)])
vacuum = (series * ends).astype("<f4")
for lines, is_vacuum, names in [(series, False, ("series", "fbp")), (vacuum, True, ("vacuum", "beyond"))]:
    lines.tofile(f"{names[0]}.f32")
    slice_of(lines.astype(float), is_vacuum).astype("<f4").tofile(f"{names[1]}.f32")
