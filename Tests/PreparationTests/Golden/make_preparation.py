"""References for PreparationTests, in float64 by numpy and scipy. Run here: python3 make_preparation.py

page.f32       48 x 40 picture: two discs, noise of 1, and 12 spikes and one dead pixel on it
spikes.f32     indices of the pixels that stand out by the rule of SpikeSearch (threshold 12), brute force
bandpass.f32   the picture without spikes through BandPass(1, 3)
"""
import numpy as np
from scipy import ndimage

rng = np.random.default_rng(20261125)
rows, columns = np.mgrid[0:48, 0:40]
clean = 10 + 30 * ((rows - 20) ** 2 + (columns - 22) ** 2 < 81) + 15 * ((rows - 30) ** 2 + (columns - 14) ** 2 < 25)
clean = (clean + rng.normal(0, 1, clean.shape)).astype(np.float32)
page = clean.copy()
spots = rng.choice(page.size, 12, replace=False)
page.ravel()[spots] = 400
page[25, 25] = -300
page.astype("<f4").tofile("page.f32")

p = page.astype(np.float64)
padded = np.pad(p, 2, mode="reflect")
windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5)).reshape(48, 40, 25)
middle = np.median(windows, -1)
mad = 1.4826 * np.median(abs(windows - middle[..., None]), -1)
sigma = 1.4826 * np.median(abs(p - middle))
found = np.flatnonzero(abs(p - middle).ravel() > 12 * np.maximum(mad, sigma).ravel())
found.astype("<f4").tofile("spikes.f32")

c = clean.astype(np.float64)
band = ndimage.gaussian_filter(c, 1, mode="nearest", truncate=4) - ndimage.gaussian_filter(
    c, 3, mode="nearest", truncate=4)


def window(n):
    place = np.minimum(np.arange(n), n - 1 - np.arange(n)) + 0.5
    edge = max(2, n // 8)
    return np.where(place >= edge, 1, 0.5 - 0.5 * np.cos(np.pi * place / edge))


band *= window(48)[:, None] * window(40)[None, :]
clean.astype("<f4").tofile("clean.f32")
(band - band.mean()).astype("<f4").tofile("bandpass.f32")

# Moments of -ln k of CountingTests: Poisson sums in float64, k below I0 / 10 000 taken as that.
from scipy import stats

for mean, beam in ((2, 40), (10, 40), (100, 400)):
    k = np.arange(0, 400)
    values = -np.log(np.maximum(k, beam * 1e-4) / beam)
    p = stats.poisson.pmf(k, mean)
    first = (p * values).sum()
    print(mean, first + np.log(mean / beam), (p * (values - first) ** 2).sum())
