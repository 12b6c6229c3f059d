#!/usr/bin/env python3
"""A denoiser for `voxtilt reconstruct --regulariser denoiser --denoiser 'python3 total_variation.py'`.

Called as `total_variation.py INPUT OUTPUT SIGMA`. INPUT is a stack of 32-bit floats in MRC, pages z, rows y, columns x, with values that may be
negative; OUTPUT must be a stack of the same size. SIGMA is the standard deviation of the noise in units of the values. This one returns

    argmin_x  1/2 |x - v|^2 + SIGMA^2 TV(x)

by projected gradient steps with momentum on the dual (A. Chambolle, J. Math. Imaging Vis. 20, 89 (2004); A. Beck and M. Teboulle, IEEE Trans. Image
Process. 18, 2419 (2009)). Put a network in its place: read, denoise(volume, sigma), write.
"""
import sys

import numpy as np


def read(path):
    """Values [z][y][x], and the header with what follows it."""
    data = open(path, "rb").read()
    nx, ny, nz, mode = np.frombuffer(data[:16], "<i4")
    start = 1024 + int(np.frombuffer(data[92:96], "<i4")[0])
    if mode != 2:
        sys.exit(f"{path} is not a stack of 32-bit floats")
    return np.frombuffer(data[start:], "<f4", nx * ny * nz).reshape(nz, ny, nx), data[:start]


def write(path, volume, header):
    with open(path, "wb") as file:
        file.write(header + np.ascontiguousarray(volume, "<f4").tobytes())


def gradient(x):
    return np.stack([np.diff(x, axis=a, append=np.take(x, [-1], a)) for a in range(3)])


def adjoint(p):
    """Of the gradient: p[a] has no meaning at the far edge, where the gradient is zero."""
    x = np.zeros(p.shape[1:])
    for a in range(3):
        inner = np.moveaxis(p[a], a, 0)[:-1]
        view = np.moveaxis(x, a, 0)
        view[:-1] -= inner
        view[1:] += inner
    return x


def denoise(volume, sigma, iterations=60):
    v, weight = volume.astype("f8"), sigma**2
    p = ahead = np.zeros((3,) + v.shape)
    momentum = 1.0
    for _ in range(iterations):
        moved = ahead + gradient(v - adjoint(ahead)) / 12
        new = moved / np.maximum(1, np.sqrt((moved**2).sum(0)) / weight)
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / following * (new - p)
        p, momentum = new, following
    return v - adjoint(p)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: total_variation.py INPUT OUTPUT SIGMA")
    values, head = read(sys.argv[1])
    write(sys.argv[2], denoise(values, float(sys.argv[3])), head)
