"""Float64 references of turned solids: python make_solids.py

NAME.json is a recipe of one object in voxels; NAME.f32 receives the volume [z][y][x], the mean of
16 x 16 x 16 points a voxel, followed by the projections [tilt][y][bin], the mean of 4 x 4 chords a
pixel. Atoms are exact, by the error function. The geometry is written out once more here:

    s = (x - x0) cos t + (z - z0 + zOffset) sin t + s0 + axisOffset
"""
import json
import pathlib
from itertools import product

import numpy as np
from scipy.spatial.transform import Rotation
from scipy.special import ndtr

HERE = pathlib.Path(__file__).parent
TILTS = [-70.0, 0.0, 33.3, 70.0, 90.0]
BINS, AXIS_OFFSET, Z_OFFSET = 27, 1.25, -0.75


def parts(count, fineness):
    """Positions inside `count` unit cells about 0, `fineness` to a cell."""
    return (np.arange(count * fineness) + 0.5) / fineness - count / 2


def planes(o):
    """Rows (n, d) with n.r <= d, in the frame of the object."""
    shape = o["shape"]
    signs = np.array(list(product([1, -1], repeat=3)), float)
    axes = np.vstack([np.eye(3), -np.eye(3)])
    if shape == "cuboid":
        half = np.array(o["edges"]) / 2
        return np.column_stack([axes, np.concatenate([half, half])])
    if shape == "octahedron":  # |x| + |y| + |z| <= edge / sqrt 2
        return np.column_stack([signs, np.full(8, o["edge"] / np.sqrt(2))])
    if shape == "truncatedOctahedron":  # the octahedron of three edges, its corners cut by one
        cut = np.column_stack([axes, np.full(6, np.sqrt(2) * o["edge"])])
        return np.vstack([cut, np.column_stack([signs, np.full(8, 3 * o["edge"] / np.sqrt(2))])])
    rows = np.array(o["faces"], float)  # the distance is counted along n as it is written
    return rows


def inside(o, r):
    if o["shape"] == "ellipsoid":
        return ((r / np.array(o["semiAxes"])) ** 2).sum(-1) <= 1
    p = planes(o)
    return (r @ p[:, :3].T <= p[:, 3]).all(-1)


def chord(o, r, d):
    """Length of the line r + t d inside, all in the frame of the object."""
    if o["shape"] == "ellipsoid":
        h = np.array(o["semiAxes"])
        r, d = r / h, d / h
        nearest = r - d * ((r @ d) / (d @ d))[..., None]
        return 2 * np.sqrt(np.maximum(1 - (nearest**2).sum(-1), 0) / (d @ d))
    p = planes(o)
    gap, slope = p[:, 3] - r @ p[:, :3].T, p[:, :3] @ d
    assert (abs(slope) > 1e-9).all()
    t = gap / slope
    leave = np.where(slope > 0, t, np.inf).min(-1)
    enter = np.where(slope < 0, t, -np.inf).max(-1)
    return np.maximum(leave - enter, 0)


def atoms(o, turn):
    basis = [(0, 0, 0), (0.5, 0.5, 0.5)]
    cells = np.array(list(product(range(-3, 4), repeat=3)), float)
    places = np.concatenate([cells + b for b in basis]) * o["spacing"]
    return turn.apply(places[np.linalg.norm(places, axis=1) <= o["radius"]])


def profile(count, at, sigma):
    """Means over unit cells of the Gaussian of unit peak."""
    edges = np.arange(count + 1) - count / 2
    return np.diff(ndtr((edges - at) / sigma)) * sigma * np.sqrt(2 * np.pi)


def main(path):
    recipe = json.loads(path.read_text())
    (o,) = recipe["objects"]
    (nx, ny, nz), centre = recipe["size"], np.array(o["centre"])
    turn = Rotation.from_euler("xyz", o["rotation"], degrees=True)  # lower case: fixed axes
    volume, series = np.zeros((nz, ny, nx)), np.zeros((len(TILTS), ny, BINS))
    views = [(np.cos(np.deg2rad(t)), np.sin(np.deg2rad(t))) for t in TILTS]
    if o["shape"] == "lattice":
        g = o["sigma"]
        for x, y, z in centre + atoms(o, turn):
            volume += np.einsum("k,j,i->kji", profile(nz, z, g), profile(ny, y, g), profile(nx, x, g))
            for image, (c, s) in zip(series, views):
                at = x * c + (z + Z_OFFSET) * s + AXIS_OFFSET
                line = g * np.sqrt(2 * np.pi)
                image += line * np.outer(profile(ny, y, g), profile(BINS, at, g))
    else:
        f = 16
        x = parts(nx, f)
        for iz, iy in product(range(nz), range(ny)):
            z, y = parts(nz, f)[iz * f : iz * f + f], parts(ny, f)[iy * f : iy * f + f]
            r = np.stack(np.meshgrid(x, y, z, indexing="ij"), -1) - centre
            hit = inside(o, turn.inv().apply(r.reshape(-1, 3)))
            volume[iz, iy] = hit.reshape(nx, -1).mean(1)
        for image, (c, s) in zip(series, views):
            v, u = np.meshgrid(parts(ny, 4), parts(BINS, 4), indexing="ij")
            u = u - AXIS_OFFSET - Z_OFFSET * s
            r = np.stack([u * c, v, u * s], -1) - centre
            local = turn.inv().apply(r.reshape(-1, 3))
            length = chord(o, local, turn.inv().apply([-s, 0, c]))
            image[:] = length.reshape(ny, 4, BINS, 4).mean((1, 3))
    both = np.concatenate([volume.ravel(), series.ravel()]) * o["density"]
    both.astype("<f4").tofile(path.with_suffix(".f32"))


for recipe in sorted(HERE.glob("*.json")):
    main(recipe)
