"""HAADF and element maps of one scene each, with the truth: flat patches, particles with shells, lattices, and discs that no map shows.

HAADF is the blurred sum of w x^γ with normal noise, maps are Poisson counts of the blurred x over a background. Lengths are in pixels;
radii of particles are for a side of 96 and grow with it.
"""
from dataclasses import dataclass

import numpy as np

from fusion_shift_series import blurred


@dataclass
class Scene:
    truth: dict                # element: concentration
    weights: dict              # HAADF of each element where x is 1
    counts: float              # of a map's pixel where x is 1
    noise: float               # σ of HAADF, in its units
    seed: int
    exponent: float = 1.7
    background: float = 0
    blur: float = 0            # of HAADF
    map_blur: float = 0
    hidden: object = 0         # HAADF that no map shows
    seen: dict | None = None   # the concentrations of another object, where HAADF shows that one

    def signal(self):
        seen = self.seen or self.truth
        return blurred(sum(self.weights[element] * x**self.exponent for element, x in seen.items()) + self.hidden, self.blur)

    def haadf(self):
        signal = self.signal()
        return signal + self.noise * np.random.default_rng([self.seed, 0]).normal(size=signal.shape)

    def maps(self):
        made = {}
        for number, (element, x) in enumerate(self.truth.items()):
            mean = self.counts * np.clip(blurred(x, self.map_blur), 0, None) + self.background
            made[element] = np.random.default_rng([self.seed, 1 + number]).poisson(mean).astype(float)
        return made


def distance(side, right=0., down=0.):
    """From a point that lies (right, down) of the centre of the field."""
    axis = np.arange(side) + .5 - side / 2
    return np.hypot(axis[None] - right, axis[:, None] - down)


def patch_areas(side=128):
    """The halves where x is 1 and where it is 0.5."""
    unit = side / 128
    areas = np.zeros((2, side, side), bool)
    rows, columns = slice(round(16 * unit), round(112 * unit)), [round(edge * unit) for edge in (16, 64, 112)]
    for area, first, end in zip(areas, columns, columns[1:]):
        area[rows, first:end] = True
    return areas


def patch(counts, seed, side=128, **more):
    full, half = patch_areas(side)
    return Scene({"Au": full + .5 * half}, {"Au": 1000.}, counts, 10, seed, **more)


def core_and_shell(side, core=22, shell=38, right=0., down=0.):
    unit, r = side / 96, distance(side, right, down)
    return r < core * unit, (r >= core * unit) & (r < shell * unit)


def core_shell(counts, seed, side=96, **more):
    core, shell = core_and_shell(side)
    return Scene({"Mn": .47 * core + shell, "Co": core + .5 * shell}, {"Mn": .88, "Co": 1.}, counts, .015, seed, **more)


def columns(side, pitch, sigma, first):
    """Gaussian columns, one where each coordinate is `first` modulo its pitch: rows, columns."""
    near = [np.exp(-((np.arange(side) - first + step / 2) % step - step / 2)**2 / (2 * sigma**2)) for step in pitch]
    return near[0][:, None] * near[1][None]


LATTICES = {"pitch 16": ((16, 16), 2., 4, 12), "pitch 10": ((10, 10), 1.8, 3, 8)}


def lattices(counts, seed, side=96, lattice="pitch 16", **more):
    pitch, sigma, a, b = LATTICES[lattice]
    truth = {"Sc": columns(side, pitch, sigma, a), "Dy": columns(side, pitch, sigma, b)}
    return Scene(truth, {"Sc": 8000., "Dy": 20000.}, counts, 400, seed, **more)


def one_lattice(counts, seed, side=96, pitch=(10, 10), **more):
    return Scene({"Dy": columns(side, pitch, 1.8, 3)}, {"Dy": 20000.}, counts, 400, seed, **more)


def particle(counts, seed, side=96, **more):
    core, shell = core_and_shell(side, core=20)
    return Scene({"Au": core * 1., "Ni": .5 * shell}, {"Au": 1., "Ni": .4}, counts, .01, seed, **more)


PLACES = ("inside", "across the edge", "outside")


def disc(side, radius, place):
    unit, corner = side / 96, side / 2 - radius - 2
    right, down = {"inside": (6 * unit, -5 * unit), "across the edge": (38 * .8 * unit, 38 * .6 * unit), "outside": (corner, corner)}[place]
    return (distance(side, right, down) < radius) * 1.


def turned_lattice(counts, seed, side=96):
    """Columns 16 by 10 pixels apart in the map, 10 by 16 in HAADF. (A square lattice turned by 90° is the same one, moved.)"""
    scene = one_lattice(counts, seed, side, (16, 10), exponent=1)
    scene.seen = {"Dy": scene.truth["Dy"].T}
    return scene


def other_particle(counts, seed, side=96):
    """The maps show a particle at the upper left, HAADF shows two unlike ones at the lower right and the upper right."""
    unit = side / 96
    core, shell = core_and_shell(side, 12, 22, -20 * unit, -20 * unit)
    gold = distance(side, 22 * unit, 26 * unit) < 10 * unit
    nickel = distance(side, 26 * unit, -22 * unit) < 16 * unit
    return Scene({"Au": core * 1., "Ni": .5 * shell}, {"Au": 1., "Ni": .4}, counts, .01, seed, exponent=1,
                 seen={"Au": gold * 1., "Ni": nickel * 1.})


KINDS = {"flat patch": patch, "core and shell": core_shell, "two lattices": lattices, "one lattice": one_lattice,
         "particle with shell": particle}


def drawn(rng, seed):
    """A consistent scene at random, its name, and the options that describe it."""
    kind = str(rng.choice(list(KINDS)))
    more = {"side": int(rng.choice([64, 96, 128])), "exponent": float(rng.choice([1, 1.7])), "counts": float(np.exp(rng.uniform(*np.log([.06, 16]))))}
    background = round(float(np.exp(rng.uniform(*np.log([.02, .5])))), 3) if rng.random() < .5 else 0
    blur, map_blur = [(0, 0), (0, 0), (1.5, 0), (1.5, 1.5)][rng.integers(4)]
    if kind == "two lattices":
        more["lattice"] = str(rng.choice(list(LATTICES)))
    scene = KINDS[kind](seed=seed, background=background, blur=blur, map_blur=map_blur, **more)
    share = rng.uniform(.005, .03)
    scene.noise = share * scene.signal().max()
    facts = [kind + (f", {more['lattice']}" if "lattice" in more else ""), more["side"], f"{scene.counts:.3g}", background or 0,
             scene.exponent, f"{100 * share:.1f} %", f"{blur}, {map_blur}", seed]
    options = ["--background", background] + ["--psf", blur] * (blur > 0) + ["--map-psf", map_blur] * (map_blur > 0)
    return scene, facts, options
