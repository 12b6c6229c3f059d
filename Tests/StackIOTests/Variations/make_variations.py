"""Makes variations.bin and variations.json: small stacks in many spellings, and what is expected of each.

The files are written by tifffile and mrcfile, bent afterwards where a case asks for it. What must be read exactly is
read back here by the same two, where they know the spelling; the rest in a spelling that they know. Needs numpy, tifffile, imagecodecs and mrcfile.

variations.json is {"cases": [case, …]}. A case has a name, its `files` and `main`, the stack among them.
A file is `count` bytes of variations.bin from `offset`; where it has `zeros`, a list of [position, count],
so many zero bytes were left out at each position of the whole file. And it has one of

exact          shape [pages, rows, columns] and sha256 of the values as little-endian float32, top row first;
               pixelSize, rowSpacing, pageSpacing in nm, tilts in degrees, doses in e/Å², axisAngle in degrees, channels: where the
               file tells them; quiet: no note may be given; notes: one of these words must stand in a note
contradiction  words: one of them must stand in the error or in a note, in capitals or not;
               kind: refused (an error), named (read, with a note) or either
"""

import hashlib
import json
import pathlib
import re

import hostile_variations
import mdoc_variations
import mrc_variations
import tiff_notes
import tiff_variations

here = pathlib.Path(__file__).parent
packed, places, cases = bytearray(), {}, []


def place(data):
    """Puts a file into the packed one, long runs of zeros left out, and equal files once."""
    digest = hashlib.sha256(data).digest()
    if digest not in places:
        runs = list(re.finditer(rb"\0{512,}", data))
        kept = re.sub(rb"\0{512,}", b"", data)
        places[digest] = {"offset": len(packed), "count": len(kept)}
        if runs:
            places[digest]["zeros"] = [[run.start(), run.end() - run.start()] for run in runs]
        packed.extend(kept)
    return places[digest]


for case in [*tiff_variations.cases(), *tiff_notes.cases(), *mrc_variations.cases(),
        *mdoc_variations.cases(), *hostile_variations.cases()]:
    files = case.pop("files")
    cases.append({"name": case.pop("name"), "main": next(iter(files)),
        "files": [{"name": name, **place(bytes(data))} for name, data in files.items()], **case})

names = [case["name"] for case in cases]
assert len(set(names)) == len(names), {name for name in names if names.count(name) > 1}
(here / "variations.bin").write_bytes(packed)
lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
(here / "variations.json").write_text('{"cases": [\n' + lines + "\n]}\n", encoding="utf-8")
print(f"{len(cases)} cases, {sum('exact' in case for case in cases)} exact; {len(packed)} bytes")
