"""Objects of balls, shells and blobs, their exact projections in numpy, and volumes to compare with: the cases of lambda-study.

An object is a list of (x, y, z, a, b, c, density) about the centre of the volume, in voxels: an ellipsoid with semi-axes a, b, c
along x, y, z; with b < 0 a Gaussian of standard deviation a, and with c < 0 a dome 1 - r^2 / a^2 of radius a. Pages are [tilt][slice y][bin], volumes [z][y][x].
"""
import numpy as np

WIDTH, SLICES = 64, 32


def tilts(count, limit=70):
    return np.linspace(-limit, limit, count)


def ball(x, y, z, r, density):
    return (x, y, z, r, r, r, density)


def bodies():
    return [(0, 0, 0, 22, 13, 18, 1), (6, 3, -5, 5, 4, 5, .8), (-9, -2, 4, 3, 3, 3, -.6)]


def core_shell():
    made = []
    for (x, y, z), radii, densities in (((-2, 0, 1), (13, 9, 5), (.6, .3, 1)), ((14, -4, 8), (5, 3.2), (.4, .9)),
                                        ((9, 6, -15), (4.5, 3), (.8, 0))):
        inner = (0, *densities)
        made += [ball(x, y, z, r, density - before) for r, density, before in zip(radii, densities, inner)]
    return made


def particles(seed=5):
    rng = np.random.default_rng(seed)
    made = [(0, 0, 0, 20, 11, 13, .15)]
    made += [ball(rng.uniform(-20, 20), rng.uniform(-10, 10), rng.uniform(-18, 18), r, rng.uniform(.5, 1))
             for r in rng.uniform(1.5, 4, 20)]
    return made


def smooth():
    return [(0, 0, 0, 8, -1, 0, 1), (8, 4, -6, 5, -1, 0, .7), (-9, -3, 5, 4, -1, 0, .5), (2, -5, 9, 3, -1, 0, .6)]


def domes():
    return [(0, 0, 0, 18, 1, -1, 1), (9, 4, -8, 9, 1, -1, .6), (-10, -4, 7, 7, 1, -1, -.3)]


def lattice():
    return [ball(8 * i, 7 * j, 8 * k, 2.2, 1) for i in range(-2, 3) for j in (-1, 0, 1) for k in range(-2, 3)]


def shell():
    return [ball(0, 0, 0, 13, 1), ball(0, 0, 0, 11.5, -1), ball(17, 3, -9, 7, .8), ball(17, 3, -9, 5.5, -.8),
            ball(-18, -4, 12, 6, .6), ball(-18, -4, 12, 4.8, -.6)]


def weak():
    return [(0, 0, 0, 22, 13, 18, 1)] + [ball(x, y, z, 3, sign * .05) for x, y, z, sign in (
        (8, 3, -5, 1), (-9, -2, 4, -1), (0, 4, 8, 1), (-6, -5, -8, -1), (12, -3, 3, 1), (-2, 0, 0, -1))]


OBJECTS = {"bodies": bodies, "core-shell": core_shell, "particles": particles, "smooth": smooth, "domes": domes, "lattice": lattice,
           "shell": shell, "weak": weak}


def fine(count, sub):
    return (np.arange(count * sub) + .5) / sub - .5 - (count - 1) / 2


def project(parts, degrees, bins=WIDTH, slices=SLICES, sub=3):
    s, y = fine(bins, sub), fine(slices, sub)[:, None]
    pages = np.zeros((len(degrees), slices, bins))
    for page, t in zip(pages, np.deg2rad(degrees)):
        total = 0
        for cx, cy, cz, a, b, c, density in parts:
            u = s[None] - cx * np.cos(t) - cz * np.sin(t)
            if b < 0:
                total = total + density * a * np.sqrt(2 * np.pi) * np.exp(-(u**2 + (y - cy)**2) / (2 * a * a))
            elif c < 0:
                rest = np.clip(a * a - u**2 - (y - cy)**2, 0, None)
                total = total + density * 4 / 3 * rest**1.5 / (a * a)
            else:
                width = np.hypot(a * np.cos(t), c * np.sin(t))
                rest = np.clip(1 - (u / width)**2 - ((y - cy) / b)**2, 0, None)
                total = total + density * 2 * a * c / width * np.sqrt(rest)
        page[:] = total.reshape(slices, sub, bins, sub).mean((1, 3))
    return pages


def volume(parts, width=WIDTH, slices=SLICES, sub=3):
    z, y, x = fine(width, sub)[:, None, None], fine(slices, sub)[:, None], fine(width, sub)
    total = np.zeros((width * sub, slices * sub, width * sub), np.float32)
    for cx, cy, cz, a, b, c, density in parts:
        if b < 0:
            total += density * np.exp(-((x - cx)**2 + (y - cy)**2 + (z - cz)**2) / (2 * a * a))
        elif c < 0:
            total += density * np.clip(1 - ((x - cx)**2 + (y - cy)**2 + (z - cz)**2) / (a * a), 0, None)
        else:
            total += density * (((x - cx) / a)**2 + ((y - cy) / b)**2 + ((z - cz) / c)**2 < 1)
    return total.reshape(width, sub, slices, sub, width, sub).mean((1, 3, 5), dtype=float)


def error(found, truth):
    return float(np.sqrt(((found - truth)**2).mean() / (truth**2).mean()))
