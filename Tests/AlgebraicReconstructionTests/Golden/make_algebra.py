"""Writes golden reconstructions of SART, OS-SART, CGLS, MLEM, OSEM, TV-SART and ASD-POCS, in float64.

Independent of the Swift code: system matrices are dense, filled ray by ray with Joseph's weights, for
the slice of make_sirt.py, whose series.f32 is read. Run make_sirt.py first.

sart.f32, ossart.f32, cgls.f32, mlem.f32: slices [variant][z][x]. sartHistory.f32: [variant][sweep] of
the squared residual as met, the squared change and the squared norm. counts.f32: [tilt][bin].
tv7.f32 and tv33.f32: volumes [variant][y][z][x], where slice y has 1 + 5 y mod 7 times the series;
variants are TV-SART across slices, TV-SART slice by slice, and ASD-POCS. tvLambda7.f32 and tvLambda33.f32: the same
with steps of 0.02 times the length of the volume.
"""
import math
import numpy as np

WIDTH, DEPTH, BINS = 17, 14, 21
DEGREES = [-65.0 + 10 * k for k in range(14)]
TILTS = len(DEGREES)
AXIS_OFFSET, Z_OFFSET = 0.75, -1.5
X0, Z0, S0 = (WIDTH - 1) / 2, (DEPTH - 1) / 2, (BINS - 1) / 2


def projection(degrees, bins):
    """The rows of one tilt, for the given bins of an endless detector."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    matrix = np.zeros((len(bins), DEPTH * WIDTH))
    along_z = abs(c) >= abs(s)
    for row, b in zip(matrix, bins):
        shift = b - S0 - AXIS_OFFSET
        for step in range(DEPTH if along_z else WIDTH):
            if along_z:
                place = (shift - (step - Z0 + Z_OFFSET) * s) / c + X0
            else:
                place = (shift - (step - X0) * c) / s + Z0 - Z_OFFSET
            first = math.floor(place)
            for cell, weight in ((first, first + 1 - place), (first + 1, place - first)):
                if 0 <= cell < (WIDTH if along_z else DEPTH):
                    row[step * WIDTH + cell if along_z else cell * WIDTH + step] += (
                        weight / max(abs(c), abs(s)))
    return matrix


tilts = [projection(d, range(BINS)) for d in DEGREES]
# Column sums of a tilt count bins beyond the detector too.
tilt_columns = [projection(d, range(-30, BINS + 30)).sum(0) for d in DEGREES]
matrix = np.concatenate(tilts)
y = np.fromfile("series.f32", "<f4").astype(float)
pages = y.reshape(TILTS, BINS)
support = np.array([[math.hypot(x - 8, z - 7) < 6.5 for x in range(WIDTH)]
                    for z in range(DEPTH)]).ravel()


def golden_order(count):
    left, order = list(range(count)), []
    for step in range(count):
        place = step * (math.sqrt(5) - 1) / 2 % 1 * count
        best = min(left, key=lambda rank: (abs(rank + 0.5 - place), rank))
        left.remove(best)
        order.append(best)
    return order


def sweep(x, data, order, beta, clip):
    """One sweep of SART; returns the volume and the squared residual as met."""
    met = 0
    for t in order:
        a = tilts[t]
        r = data[t] - a @ x
        met += np.sum(r ** 2)
        rows = a.sum(1)
        r = np.where(rows > 0, r / np.maximum(rows, 1), 0)
        x = clip(x + beta * (a.T @ r) / tilt_columns[t])
    return x, met


def free(x):
    return x


def held(x):
    return np.clip(x, 0, 1.5) * support


slices, history = [], []
for order, first, decay, clip in ((list(range(TILTS)), 1.0, 1.0, free),
                                  (golden_order(TILTS), 1.2, 0.9, held)):
    x = np.zeros(DEPTH * WIDTH)
    for k in range(5):
        new, met = sweep(x, pages, order, first * decay ** k, clip)
        history.append((met, np.sum((new - x) ** 2), np.sum(new ** 2)))
        x = new
    slices.append(x)
np.array(slices).astype("<f4").tofile("sart.f32")
np.array(history).astype("<f4").tofile("sartHistory.f32")


def reciprocal(sums):
    return np.where(sums > 1e-6, 1 / np.maximum(sums, 1e-6), 0)


x = np.zeros(DEPTH * WIDTH)
for _ in range(5):
    for s in range(3):
        a = np.concatenate(tilts[s::3])
        r = np.concatenate(pages[s::3]) - a @ x
        x = np.maximum(x + 1.5 * reciprocal(a.sum(0)) * (a.T @ (reciprocal(a.sum(1)) * r)), 0)
x.astype("<f4").tofile("ossart.f32")

# Few iterations: in single precision conjugacy is lost by a factor of about eight an iteration.
slices = []
start = 0.1 * np.arange(DEPTH * WIDTH) % 3
for x in (np.zeros(DEPTH * WIDTH), start.copy()):
    r = y - matrix @ x
    p = g = matrix.T @ r
    for _ in range(5):
        q = matrix @ p
        alpha = (g @ g) / (q @ q)
        x, r = x + alpha * p, r - alpha * q
        new = matrix.T @ r
        p, g = new + (new @ new) / (g @ g) * p, new
    slices.append(x)
np.array(slices).astype("<f4").tofile("cgls.f32")

counts = np.round(np.maximum(y, 0) * 3)
counts.astype("<f4").tofile("counts.f32")
pages_of_counts = counts.reshape(TILTS, BINS)
slices = []
for subsets, background in ((1, 0.0), (1, 2.5), (2, 2.5)):
    x = (matrix.sum(0) > 1e-6) * counts.sum() / matrix.sum()
    for _ in range(6):
        for s in range(subsets):
            a = np.concatenate(tilts[s::subsets])
            p = a @ x + background
            ratio = np.where(p > 1e-20, np.concatenate(pages_of_counts[s::subsets])
                             / np.maximum(p, 1e-20), 0)
            x = np.where(a.sum(0) > 1e-6, x * reciprocal(a.sum(0)) * (a.T @ ratio), x)
    slices.append(x)
np.array(slices).astype("<f4").tofile("mlem.f32")


def gradient(v, smoothing, axes):
    """Of TV at v, [y][z][x]; smoothing is one number a slice."""
    norm = np.broadcast_to((smoothing ** 2)[:, None, None], v.shape).copy()
    ahead = []
    for axis in axes:
        d = np.diff(v, axis=axis, append=np.take(v, [-1], axis))
        ahead.append(d)
        norm += d ** 2
    norm = np.sqrt(norm)
    g = np.zeros_like(v)
    for axis, d in zip(axes, ahead):
        flow = d / norm
        g -= flow
        moved = np.roll(flow, 1, axis)
        edge = [slice(None)] * 3
        edge[axis] = 0
        moved[tuple(edge)] = 0
        g += moved
    return g


def descend(v, lengths, smoothing, steps, axes, clip):
    for _ in range(steps):
        g = gradient(v, smoothing, axes)
        size = total(np.sum(g ** 2, axis=(1, 2)), axes)
        v = clip(v - (lengths / np.sqrt(size))[:, None, None] * g)
    return v


def total(sums, axes):
    return sums if len(axes) == 2 else np.full_like(sums, sums.sum())


def fit(v, data, beta, clip):
    return np.array([sweep(x.ravel(), d, range(TILTS), beta, clip)[0] for x, d in zip(v, data)]
                    ).reshape(v.shape)


def nonnegative(x):
    return np.maximum(x, 0)


def tv_sart(data, axes, strength=None):
    """strength: steps of that part of the volume's length, or a tenth of the sweep's."""
    v = np.zeros((len(data), DEPTH, WIDTH))
    for _ in range(3):
        new = fit(v, data, 0.8, nonnegative)
        change = total(np.sum((new - v) ** 2, axis=(1, 2)), axes)
        norm = total(np.sum(new ** 2, axis=(1, 2)), axes)
        rms = np.sqrt(norm / (DEPTH * WIDTH * (len(data) if len(axes) == 3 else 1)))
        lengths = 0.1 * np.sqrt(change) if strength is None else strength * np.sqrt(norm)
        v = descend(new, lengths, 0.1 * rms, 4, axes, nonnegative)
    return v


def asd_pocs(data, noise, strength=None):
    v, step = np.zeros((len(data), DEPTH, WIDTH)), None
    for k in range(6):
        fitted = fit(v, data, 1 * 0.995 ** k, nonnegative)
        if k == 5:
            return fitted
        left = np.array([d - (matrix @ x.ravel()).reshape(TILTS, BINS)
                         for d, x in zip(data, fitted)])
        distance, moved = np.sqrt(np.mean(left ** 2)), np.linalg.norm(fitted - v)
        if step is None:
            step = 0.2 * moved if strength is None else strength * np.linalg.norm(fitted)
        rms = np.full(len(data), np.sqrt(np.mean(fitted ** 2)))
        v = descend(fitted, np.full(len(data), step), 0.1 * rms, 5, (0, 1, 2), lambda x: x)
        if np.linalg.norm(v - fitted) > 0.95 * moved and distance > noise:
            step *= 0.95


for count in (7, 33):
    data = np.array([(1 + 5 * k % 7) * pages for k in range(count)])
    for name, strength in (("tv", None), ("tvLambda", 0.02)):
        volumes = [tv_sart(data, (0, 1, 2), strength), tv_sart(data, (1, 2), strength),
                   asd_pocs(data, 2.0, strength)]
        np.array(volumes).astype("<f4").tofile(f"{name}{count}.f32")
