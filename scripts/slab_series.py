"""Tilt series of slabs that fill the field, by exact line integrals in numpy: what no phantom inside the field shows.

A ball at (x, y, z) lies at s = x cos t + z sin t on the page of tilt t; the slab adds thickness * density / cos t everywhere. Each
page is turned, moved, given noise, a gain, and may be replaced by one that shows nothing of the object.
"""
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Slab:
    seed: int
    tilts: np.ndarray
    columns: int = 96
    rows: int = 64
    thickness: float = 28
    density: float = .3          # 0: none
    inside: int = 14             # balls within the field
    outside: int = 48            # balls spread over three fields, of which those within are left out
    radii: tuple = (2, 4.5)
    densities: tuple = (1, 1)
    noise: float = .02           # of the largest value
    shift: float = 0             # pixels either way
    turn: float = 0              # of the tilt axis, degrees clockwise
    gain: float = 0              # either way
    drift: float = 0             # part of the beam that is lost over the series
    bad: int = 0                 # pages that show noise alone
    bar: float = 0               # density of bars that come into the field beyond 45 degrees
    isolated: bool = False       # all balls near the axis and nothing else
    pages: np.ndarray = field(init=False)
    shifts: np.ndarray = field(init=False)
    bad_pages: set = field(init=False)

    def __post_init__(self):
        rng = np.random.default_rng(self.seed)
        count, tilts = len(self.tilts), np.deg2rad(self.tilts)
        balls = self._balls(rng, self.inside, (.25 if self.isolated else .48) * self.columns)
        if not self.isolated:
            balls += [ball for ball in self._balls(rng, self.outside, 1.5 * self.columns) if abs(ball[0]) > self.columns / 2]
        self.shifts = rng.uniform(-1, 1, (count, 2)) * self.shift
        self.pages = np.array([self._page(balls, tilt, shift) for tilt, shift in zip(tilts, self.shifts)])
        self.pages += self.noise * self.pages.max() * rng.normal(size=self.pages.shape)
        gains = (1 + rng.uniform(-1, 1, count) * self.gain) * (1 - self.drift * np.arange(count) / count)
        self.pages *= gains[:, None, None]
        self.bad_pages = set(rng.choice(count, self.bad, replace=False).tolist())
        for page in self.bad_pages:
            self.pages[page] = self.pages[page].mean() + self.pages[page].std() * rng.normal(size=self.pages[page].shape)

    def _balls(self, rng, count, reach):
        return [(rng.uniform(-reach, reach), rng.uniform(-.47, .47) * self.rows, rng.uniform(-.43, .43) * self.thickness, r,
                 rng.uniform(*self.densities)) for r in rng.uniform(*self.radii, count)]

    def _page(self, balls, tilt, shift, fine=3):
        u, v = [(np.arange(n * fine) + .5) / fine - .5 - (n - 1) / 2 for n in (self.columns, self.rows)]
        turn, page = np.deg2rad(self.turn), np.zeros((len(v), len(u)))
        for x, y, z, r, density in balls:
            s = x * np.cos(tilt) + z * np.sin(tilt)
            across = np.cos(turn) * s - np.sin(turn) * y + shift[0]
            along = np.sin(turn) * s + np.cos(turn) * y + shift[1]
            near = np.ix_(abs(v - along) <= r, abs(u - across) <= r)
            page[near] += density * 2 * np.sqrt(np.clip(
                r**2 - (u[None] - across)**2 - (v[:, None] - along)**2, 0, None))[near]
        if not self.isolated:
            page += self.thickness * self.density / np.cos(tilt)
        if self.bar:
            edge = self.columns / 2 / np.cos(np.pi / 4)
            s = np.cos(turn) * (u[None] - shift[0]) + np.sin(turn) * (v[:, None] - shift[1])
            depths = (np.arange(25) / 24 - .5) * self.thickness
            covered = sum(abs(s - z * np.sin(tilt)) / np.cos(tilt) > edge for z in depths) / len(depths)
            page += self.bar * self.thickness / np.cos(tilt) * covered
        return page.reshape(self.rows, fine, self.columns, fine).mean((1, 3))

    def left(self, placements):
        """Turn in degrees, and rms and largest shifts across and along the axis, after placements (across, along, degrees)."""
        own, places = np.deg2rad(self.turn), []
        for (across, along, degrees), shift in zip(placements, self.shifts):
            turn = np.deg2rad(degrees)
            matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            places.append([*(matrix @ shift + (across, along)), np.rad2deg(turn + own)])
        kept = [page for page in range(len(places)) if page not in self.bad_pages]
        places, tilts = np.array(places)[kept], np.deg2rad(self.tilts)[kept]
        # An object elsewhere moves pages by dx cos t + dz sin t across the axis, and by dy along it.
        free = np.stack([np.cos(tilts), np.sin(tilts)], 1)
        across = places[:, 0] - free @ np.linalg.lstsq(free, places[:, 0], rcond=None)[0]
        along = places[:, 1] - places[:, 1].mean()
        rms = [float(np.sqrt((values**2).mean())) for values in (across, along)]
        return float(places[:, 2].mean()), rms, [float(abs(values).max()) for values in (across, along)]
