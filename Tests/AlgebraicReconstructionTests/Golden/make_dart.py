"""Writes golden segmentations of DART, in float64, and prints its errors on a binary object.

Independent of the Swift code: see make_algebra.py for the matrix. No voxel is freed by chance, so that no random numbers are shared.

dart3.f32 and dart40.f32: segmentations [variant][y][z][x] of series.f32, where slice y has 0.2 (1 + 5 y mod 7) times the series; variants
are neighbours in the volume and in the slice, both with levels 0, 0.6, 1.3 and 2.2, and the volume with three levels estimated.
dartLevels.f32: the estimated levels for 3 and for 40 slices.
"""
import math
import numpy as np

WIDTH, DEPTH, BINS = 17, 14, 21
DEGREES = [-65.0 + 10 * k for k in range(14)]
GIVEN = [0.0, 0.6, 1.3, 2.2]


def system(degrees, width, depth, bins, offset=0.0, up=0.0):
    """Joseph's weights, a row a (tilt, bin)."""
    matrix = np.zeros((len(degrees) * bins, depth * width))
    for row in range(len(matrix)):
        tilt, b = divmod(row, bins)
        c, s = math.cos(math.radians(degrees[tilt])), math.sin(math.radians(degrees[tilt]))
        shift = b - (bins - 1) / 2 - offset
        along_z = abs(c) >= abs(s)
        for step in range(depth if along_z else width):
            if along_z:
                place = (shift - (step - (depth - 1) / 2 + up) * s) / c + (width - 1) / 2
            else:
                place = (shift - (step - (width - 1) / 2) * c) / s - up + (depth - 1) / 2
            first = math.floor(place)
            for k, weight in ((first, first + 1 - place), (first + 1, place - first)):
                if 0 <= k < (width if along_z else depth):
                    matrix[row, step * width + k if along_z else k * width + step] += weight / max(abs(c), abs(s))
    return matrix


def inverse(sums):
    return np.where(sums > 1e-6, 1 / np.maximum(sums, 1e-6), 0)


def sirt(matrix, y, x, free, iterations):
    """x, y: a column a slice; voxels that are not free stay 0."""
    rows, columns = inverse(matrix.sum(1))[:, None], inverse(matrix.sum(0))[:, None]
    for _ in range(iterations):
        x = np.maximum(x + columns * (matrix.T @ (rows * (y - matrix @ x))), 0) * free
    return x


def segment(x, levels):
    levels = np.asarray(levels)
    return levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, x)]


def neighbours(v, axes):
    """All voxels around one, border repeated, [k][y][z][x]."""
    padded = np.pad(v, 1, mode="edge")
    steps = [(a, b, c) for a in ((-1, 0, 1) if axes == 3 else (0,)) for b in (-1, 0, 1) for c in (-1, 0, 1) if (a, b, c) != (0, 0, 0)]
    y, z, x = v.shape
    return np.array([padded[1 + a:1 + a + y, 1 + b:1 + b + z, 1 + c:1 + c + x] for a, b, c in steps])


def fitted(matrix, y, s, levels):
    """Least squares over the regions."""
    regions = np.stack([(matrix @ (s == level)).ravel() for level in levels], 1)
    return np.sort(np.linalg.lstsq(regions, y.ravel(), rcond=None)[0])


def clustered(x, count):
    values, steps = np.sort(x.ravel()), 4096
    low, high = values[0], values[-1]
    counts = np.bincount(np.minimum(((x.ravel() - low) * steps / (high - low)).astype(int), steps - 1), minlength=steps)
    centres = low + (np.arange(steps) + .5) * (high - low) / steps
    ends = [centres[np.argmax(np.cumsum(counts) >= part * values.size)] for part in (.005, .995)]
    levels = np.linspace(*ends, count)
    for _ in range(50):
        owner = np.searchsorted((levels[1:] + levels[:-1]) / 2, centres)
        levels = np.array([np.average(centres[owner == k], weights=counts[owner == k]) if counts[owner == k].sum() else levels[k]
                           for k in range(count)])
    return levels


def dart(matrix, y, shape, levels, start, outer, inner, b, axes, share=0, random=None):
    """shape: (slices, depth, width); levels: given, or how many."""
    def voxels(columns):
        return columns.T.reshape(shape)

    def columns(volume):
        return volume.reshape(shape[0], -1).T

    x = sirt(matrix, y, np.zeros((shape[1] * shape[2], shape[0])), 1, start)
    estimated = isinstance(levels, int)
    scale = clustered(x, levels) if estimated else levels
    for k in range(outer):
        s = segment(x, scale)
        if estimated and k % 5 == 0:
            scale = np.maximum(fitted(matrix, y, s, scale), 0)
            s = segment(x, scale)
        free = columns((neighbours(voxels(s), axes) != voxels(s)).any(0))
        if share:
            free = free | (random.random(free.shape) < share)
        fixed = s * ~free
        x = sirt(matrix, y - matrix @ fixed, x * free, free, inner) + fixed
        if k < outer - 1:
            x = np.where(free, (1 - b) * x + b * columns(neighbours(voxels(x), axes).mean(0)), x)
    return voxels(segment(x, scale)), scale


def golden():
    matrix = system(DEGREES, WIDTH, DEPTH, BINS, .75, -1.5)
    pages = np.fromfile("series.f32", "<f4").astype(float)
    found = []
    for count in (3, 40):
        y = np.stack([.2 * (1 + 5 * k % 7) * pages for k in range(count)], 1)
        shape = (count, DEPTH, WIDTH)
        volumes = [dart(matrix, y, shape, GIVEN, 8, 6, 4, .3, axes)[0] for axes in (3, 2)]
        estimated, levels = dart(matrix, y, shape, 3, 8, 6, 4, .3, 3)
        found += list(levels)
        np.array(volumes + [estimated]).astype("<f4").tofile(f"dart{count}.f32")
        print(count, "slices: levels", levels, "voxels of each", [int((volumes[0] == level).sum()) for level in GIVEN])
    np.array(found).astype("<f4").tofile("dartLevels.f32")


def binary(edge=64, tilts=15):
    """A binary object of ellipses, pixel by pixel, 15 tilts, 2 % noise."""
    random = np.random.default_rng(3)
    z, x = np.mgrid[:edge, :edge] - (edge - 1) / 2
    truth = np.zeros((edge, edge))
    for _ in range(7):
        a, far, angle, turn = edge * random.uniform(.06, .15), edge * .3 * np.sqrt(random.random()), *random.uniform(0, 6.28, 2)
        u, v = x - far * np.cos(angle), z - far * np.sin(angle)
        truth[(u * np.cos(turn) + v * np.sin(turn))**2 + ((v * np.cos(turn) - u * np.sin(turn)) / .7)**2 < a * a] = 1
    matrix = system(np.linspace(-70, 70, tilts), edge, edge, edge)
    y = matrix @ truth.reshape(-1, 1)
    y = y + .02 * y.max() * random.standard_normal(y.shape)
    first = sirt(matrix, y, np.zeros((edge * edge, 1)), 1, 50).reshape(edge, edge)
    found, _ = dart(matrix, y, (1, edge, edge), [0.0, 1.0], 50, 50, 10, .3, 2, .1, random)
    for name, volume in (("sirt, x >= 0", first), ("its segmentation", segment(first, [0.0, 1.0])), ("dart", found[0])):
        print(f"binary object, {tilts} tilts, {name}: {np.linalg.norm(volume - truth) / np.linalg.norm(truth):.3f}")


if __name__ == "__main__":
    golden()
    binary()
