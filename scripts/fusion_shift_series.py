"""HAADF and element maps of one particle whose maps are shifted, with the truth in HAADF's frame.

A gold disc with satellites in a nickel ring, drawn on a grid four times finer and averaged, so that a shift of the maps is a shift of
what is drawn and no pixel is interpolated. HAADF is the blurred sum of (Z / 79)^1.7 x^1.7, as counts; maps are counts over a background.
"""
from dataclasses import dataclass

import numpy as np

FINE = 4
GAMMA = 1.7
WEIGHTS = {"Au": 1.0, "Ni": (28 / 79)**GAMMA}


@dataclass
class Particle:
    seed: int
    size: int = 128
    elements: tuple = ("Au", "Ni")
    shifts: tuple = ((0, 0), (0, 0))     # of each map against HAADF: right, down
    counts: float = 16                   # of a map's pixel where x is 1
    background: float = .5
    haadf_counts: float = 2500
    blur: float = 1.5                    # of HAADF
    map_blur: float = 0
    binning: int = 1
    columns: bool = False                # drawn as atomic columns, 10 pixels apart
    hidden: float = 0                    # what HAADF holds over its lower half and no map shows

    def concentrations(self, element, right=0., down=0.):
        u, v = [(np.arange(self.size * FINE) + .5) / FINE - self.size / 2 - move for move in (right, down)]
        u, v = u[None], v[:, None]
        unit, r = self.size / 128, np.hypot(u, v)
        if element == "Au":
            x = (r < 20 * unit) * 1.
            for k, (angle, distance, radius) in enumerate([(.4, 47, 5), (2.1, 44, 4), (3.7, 49, 6), (5.2, 45, 3)]):
                x += (.7 if k % 2 else 1.) * (np.hypot(
                    u - distance * unit * np.cos(angle), v - distance * unit * np.sin(angle)) < radius * unit)
        else:
            x = ((r > 20 * unit) & (r < 36 * unit)) * .8
        if self.columns:
            near = [np.exp(-(axis - 10 * np.round(axis / 10))**2 / (2 * 1.8**2)) for axis in (u, v)]
            x = x * near[0] * near[1]
        return x.reshape(self.size, FINE, self.size, FINE).mean((1, 3))

    def truth(self):
        return {element: self.concentrations(element) for element in self.elements}

    def haadf(self):
        rng = np.random.default_rng([self.seed, 0])
        signal = sum(WEIGHTS[element] * x**GAMMA for element, x in self.truth().items())
        signal[self.size // 2:] += self.hidden
        return rng.poisson(self.haadf_counts * np.clip(blurred(signal, self.blur), 0, None)) / self.haadf_counts

    def maps(self):
        made = {}
        for number, (element, (right, down)) in enumerate(zip(self.elements, self.shifts)):
            rng = np.random.default_rng([self.seed, 1 + number])
            x = np.clip(blurred(self.concentrations(element, right, down), self.map_blur), 0, None)
            k = self.binning
            coarse = x.reshape(self.size // k, k, self.size // k, k).mean((1, 3))
            made[element] = rng.poisson(self.counts * coarse + self.background).astype(float)
        return made


def blurred(picture, sigma):
    if not sigma:
        return picture
    frequencies = [np.fft.fftfreq(n) for n in picture.shape]
    gain = np.exp(-2 * (np.pi * sigma)**2 * (frequencies[0][:, None]**2 + frequencies[1][None]**2))
    return np.fft.ifft2(np.fft.fft2(picture) * gain).real
