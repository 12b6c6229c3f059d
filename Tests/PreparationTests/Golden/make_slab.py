"""A slab that fills the field, for PreparationTests, in float64 by numpy. Run here: python3 make_slab.py

slab.f32         25 pages of 24 x 40, -60 to 60 degrees: exact line integrals of a slab of thickness 30 and density 0.3, tilted by 6
                 degrees in its holder, and of balls of density 1, three in the field and four that come into it; noise of
                 0.3; every page times its exposure
exposures.f32    of every page: 4 % apart, and 1.5 times on page 8
levels.f32       what the slab alone shows on every page, 9 / cos(theta + 6 degrees), times the exposure
"""
import numpy as np

rng = np.random.default_rng(20261130)
theta = np.deg2rad(np.arange(-60, 61, 5.0))
balls = [(-8, -4, 3, 3.5), (2, 5, -6, 3), (10, -2, 7, 2.5)]
balls += [(26, 0, 4, 4.5), (-29, 4, -5, 4), (34, -6, 0, 4.5), (-40, -3, 6, 4)]
s = (np.arange(40 * 3) + 0.5) / 3 - 0.5 - 39 / 2
y = (np.arange(24 * 3) + 0.5) / 3 - 0.5 - 23 / 2
pages = np.empty((25, 24, 40))
for page, t in zip(pages, theta):
    fine = np.zeros((72, 120))
    for bx, by, bz, r in balls:
        u = bx * np.cos(t) + bz * np.sin(t)
        fine += 2 * np.sqrt(np.clip(r**2 - (s[None] - u) ** 2 - (y[:, None] - by) ** 2, 0, None))
    page[:] = fine.reshape(24, 3, 40, 3).mean((1, 3)) + 9 / np.cos(t + np.deg2rad(6))
pages += rng.normal(0, 0.3, pages.shape)
exposures = 1 + 0.04 * rng.normal(size=25)
exposures[7] = 1.5
(pages * exposures[:, None, None]).astype("<f4").tofile("slab.f32")
exposures.astype("<f4").tofile("exposures.f32")
(exposures * 9 / np.cos(theta + np.deg2rad(6))).astype("<f4").tofile("levels.f32")
