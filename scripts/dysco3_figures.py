"""Figures of a fusion of DyScO3 that need no truth: leak between columns, amplitude of lattices, noise."""
import numpy as np
from scipy.ndimage import gaussian_filter, laplace, map_coordinates, maximum_filter

ELEMENTS = ("Sc", "Dy", "O")
ORDERS_END = .3   # cycles a pixel; the first orders lie at 0.066 and 0.091, so that this is beyond the third


def peaks(picture, sigma=2., reach=9, margin=6):
    """Rows and columns of the columns: maxima within ±4 pixels of a map smoothed by `sigma`, away from the edges."""
    smooth = gaussian_filter(picture, sigma)
    found = np.argwhere(maximum_filter(smooth, reach) == smooth)
    return found[((found >= margin) & (found < np.array(picture.shape) - margin)).all(1)]


def leak(picture, minor, major, moved=(0., 0.)):
    """The mean at the columns `minor` over that at `major`, both less the 2nd percentile, of the picture smoothed by σ 1.

    `moved` is (right, down) of the columns against the picture.
    """
    smooth = gaussian_filter(picture, 1.)
    floor = np.percentile(smooth, 2)
    means = [map_coordinates(smooth, [at[:, 0] - moved[1], at[:, 1] - moved[0]], order=1, mode="nearest").mean() - floor for at in (minor, major)]
    return means[0] / means[1]


def spectrum(picture):
    """|F| of the picture over its mean, under a Hann window."""
    rows, columns = [np.hanning(n + 2)[1:-1] for n in picture.shape]
    window = rows[:, None] * columns[None]
    return abs(np.fft.fft2((picture / picture.mean() - 1) * window)) / window.sum()


def frequencies(shape):
    down, right = [np.fft.fftfreq(n) for n in shape]
    return np.hypot(down[:, None], right[None])


def first_orders(raw, count=2):
    """Where the strongest peaks of the spectrum beyond slow changes lie; each stands for its mirror as well."""
    strength = np.where(frequencies(raw.shape) > .04, spectrum(raw), 0)[:, :raw.shape[1] // 2]
    tops = np.where(maximum_filter(strength, 7, mode="wrap") == strength, strength, 0)
    return [np.unravel_index(index, tops.shape) for index in np.argsort(tops.ravel())[::-1][:count]]


def amplitude(fused, raw):
    """The first orders of the fused map over those of the raw one, √Σ|F|² over 5 × 5 frequencies about each, both maps over their means."""
    sums = []
    for picture in (fused, raw):
        near = np.roll(spectrum(picture), (2, 2), (0, 1))
        sums.append(sum(np.sqrt((np.roll(near, (-r, -c), (0, 1))[:5, :5]**2).sum()) for r, c in first_orders(raw)))
    return sums[0] / sums[1]


def noise(fused, raw):
    """The standard deviation of what lies beyond the lattice's third order, fused over raw, both maps over their means."""
    beyond = frequencies(raw.shape) > ORDERS_END
    return np.sqrt((spectrum(fused)[beyond]**2).sum() / (spectrum(raw)[beyond]**2).sum())


def roughness(fused, raw):
    """The median |Laplacian - its median| of the fused map over that of the raw one, both maps over their means."""
    spreads = []
    for picture in (fused, raw):
        curve = laplace(picture / picture.mean(), mode="wrap")
        spreads.append(np.median(abs(curve - np.median(curve))))
    return spreads[0] / spreads[1]
