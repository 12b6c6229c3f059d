"""Times the projector's weights as a SciPy CSR matrix times all slices, two processes.

    python3 scipy_matrix.py          256 x 256 x 128 voxels, 71 tilts over +-70 degrees

Needs numpy and scipy. Prints the median of five runs in ns per voxel and tilt, as `voxbench
projector` does for the same case.
"""
import os
import time

import numpy as np
import scipy.sparse

SIZE, SLICES, TILTS = 256, 128, np.deg2rad(np.arange(-70, 71, 2.0))
centre = (SIZE - 1) / 2


def joseph_matrix():
    rows, columns, weights = [], [], []
    bins, lines = np.meshgrid(np.arange(SIZE), np.arange(SIZE), indexing="ij")
    for k, tilt in enumerate(TILTS):
        c, s = np.cos(tilt), np.sin(tilt)
        along_z = abs(c) >= abs(s)
        lead, drift = (c, s) if along_z else (s, c)
        cell = ((bins - centre) - (lines - centre) * drift) / lead + centre
        left = np.floor(cell).astype(int)
        for i, w in ((left, 1 - (cell - left)), (left + 1, cell - left)):
            inside = (i >= 0) & (i < SIZE) & (w > 0)
            rows.append((bins + k * SIZE)[inside])
            columns.append((lines * SIZE + i if along_z else i * SIZE + lines)[inside])
            weights.append(w[inside] / abs(lead))
    entries = (np.concatenate(rows), np.concatenate(columns))
    shape = (len(TILTS) * SIZE, SIZE * SIZE)
    return scipy.sparse.csr_matrix(
        (np.concatenate(weights).astype(np.float32), entries), shape=shape)


def timed(matrix, field):
    """Two processes, each with one half of the slices."""
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        child = os.fork()
        matrix @ field
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        seconds.append(time.perf_counter() - began)
    return np.median(seconds) / (SIZE * SIZE * SLICES * len(TILTS)) * 1e9


forward = joseph_matrix()
back = forward.T.tocsr()
random = np.random.default_rng(1)
volume = random.random((SIZE * SIZE, SLICES // 2), dtype=np.float32)
series = random.random((len(TILTS) * SIZE, SLICES // 2), dtype=np.float32)
print(f"scipy forward {timed(forward, volume):.3f} ns/(voxel tilt)")
print(f"scipy back    {timed(back, series):.3f} ns/(voxel tilt)")
