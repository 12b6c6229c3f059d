"""Makes needle.json: probes of the real tilt series in ../../../../shared/data/needle, read with mrcfile and tifffile.

mrcfile delivers the stored order of rows, bottom first, so pages are turned over here.
"""

import json
import pathlib

import mrcfile
import numpy as np
import tifffile

here = pathlib.Path(__file__).resolve().parent
data = next(
    p for p in (here.parents[3] / "shared", here.parents[4] / "shared") if p.is_dir()
) / "data" / "needle"

with mrcfile.open(data / "needle.mrc", permissive=True) as file:
    raw = file.data[:, ::-1]
stacks = {"needle.mrc": raw, "needle_aligned.tif": tifffile.imread(data / "needle_aligned.tif")}

probes = {}
for name, stack in stacks.items():
    random = np.random.default_rng(7)
    places = [[int(random.integers(n)) for n in stack.shape] for _ in range(40)]
    probes[name] = {
        "places": places,
        "values": [float(stack[tuple(place)]) for place in places],
        "pageSums": [float(page.sum(dtype="float64")) for page in stack],
    }
(here / "needle.json").write_text(json.dumps(probes) + "\n")
