"""What ImageJ, tifffile and OME write into the description of a TIFF file."""

import re

import numpy as np

from tiff_variations import LEFT, ORDERS, WIDE, bent, read, same, swap, tiff
from variation import ramp

WHOLE = '<TiffData IFD="0" PlaneCount="3"/>'
UUID = '<UUID FileName="other.ome.tif">urn:uuid:00000000-0000-0000-0000-000000000001</UUID>'


def imagej():
    """ImageJ's lines: units, calibration, axes."""
    values = ramp("uint16")
    for unit, pixels, size in (("nm", 3.36, 3.36), ("micron", 0.004, 4), ("\\u00B5m", 0.005, 5),
            ("um", 0.0025, 2.5), ("pm", 250, 0.25), ("\\u00C5", 33.6, 3.36), ("Angstrom", 5, 0.5)):
        data = tiff(values, imagej=True, resolution=(1 / pixels, 1 / pixels),
            metadata={"axes": "ZYX", "unit": unit, "spacing": 2 * pixels})
        name = unit.replace("\\u00B5", "escaped-micro-").replace("\\u00C5", "escaped-angstrom")
        yield same(f"imagej/unit-{name}", data, values, pixelSize=size, rowSpacing=size, pageSpacing=2 * size,
            quiet=True)
    data = tiff(values, imagej=True, metadata={"axes": "ZYX", "Labels": ["a", "b", "c"], "Info": "unit=nm"})
    yield same("imagej/labels", data, values, quiet=True)
    notes = "ImageJ=1.54f\nimages=3\nslices=3\ncf=0\nc0={}\nc1={}\nvunit=gray value\n"
    for kind, offset, scale in (("uint8", -12.5, 0.5), ("uint16", -32768, 1), ("uint16", 100, -0.25)):
        counts = ramp(kind)
        data = tiff(counts, description=notes.format(offset, scale))
        yield same(f"imagej/calibrated-{kind}-{scale}", data, counts,
            offset + scale * counts.astype("float64"), quiet=True)
    data = tiff(values, description=notes.replace("cf=0", "cf=1").format(0, 2) + "c2=0.001\n")
    yield bent("imagej/calibrated-by-a-parabola", data, "either", "calibrat", "cf=", "curve", "straight")

    # Axes, with a directory for every plane and with one for all.
    for truncate, word in ((False, "directories"), (True, "one-directory")):
        for kind, order in (("uint8", ">"), ("uint16", "<"), ("int16", ">"), ("float32", "<")):
            counts = ramp("uint16" if kind == "int16" else kind)
            data = tiff(counts, imagej=True, truncate=truncate, byteorder=order, metadata={"axes": "ZYX"})
            shown = counts
            if kind == "int16":  # as ImageJ keeps signed counts
                data = tiff(counts, truncate=truncate, byteorder=order, imagej=True,
                    metadata={"axes": "ZYX", "cf": 0, "c0": -32768.0, "c1": 1.0})
                shown = counts.astype("float64") - 32768
            yield same(f"imagej/{word}/{kind}-{dict(ORDERS)[order]}", data, counts, shown, quiet=True)
        for axes, shape in (("TYX", (4, 5, 7)), ("ZCYX", (3, 2, 5, 7)), ("TZYX", (2, 3, 5, 7)),
                ("TZCYX", (2, 3, 2, 5, 7)), ("CYX", (3, 5, 7))):
            stack = ramp("uint16", *shape)
            data = tiff(stack, imagej=True, truncate=truncate, metadata={"axes": axes})
            facts = {"channels": shape[axes.index("C")]} if "C" in axes else {"quiet": True}
            yield same(f"imagej/{word}/{axes}", data, stack, **facts)
    one = tiff(values, imagej=True, truncate=True, metadata={"axes": "ZYX"})
    says = b"images=3\nslices=3\n"
    for word in ("images", "slices", "frames"):
        yield same(f"imagej/one-directory/only-{word}", swap(one, says, f"{word}=3\n".encode()), values,
            raw=word == "images")
    many = tiff(values, imagej=True, metadata={"axes": "ZYX"})
    for count in (2, 5):
        data = swap(many, says, b"images=%d\nslices=%d\n" % (count, count))
        yield bent(f"imagej/{count}-images-3-directories", data, "either", f"{count} pages",
            f"{count} images", f"{count} planes", "images=")
    data = swap(many, says, b"images=3\nslices=2\n")
    yield bent("imagej/2-slices-3-images", data, "either", "slices", "ImageJ")
    six = tiff(ramp("uint16", 3, 2, 5, 7), imagej=True, truncate=True, metadata={"axes": "TZYX"})
    yield bent("imagej/one-directory/6-images-2x2", swap(six, b"frames=3", b"frames=2"), "either", "frames",
        "ImageJ")
    yield bent("imagej/one-directory/short", one[:-4], "refused", "too early", "short", "claim")
    yield bent("imagej/one-directory/plane-left", one + bytes(70), "either", *LEFT)
    yield bent("imagej/one-directory/2-of-3", swap(one, says, b"images=2\nslices=2\n"), "either", *LEFT)


def shaped():
    """tifffile's own notes: {"shape": [3, 5, 7]}."""
    values = ramp("uint16")
    for truncate, word in ((False, "directories"), (True, "one-directory")):
        for name, shape, axes in (("plain", (3, 5, 7), None), ("ones", (1, 3, 1, 5, 7), None),
                ("one-page", (1, 5, 7), None), ("TYX", (3, 5, 7), "TYX"), ("TZCYX", (2, 3, 1, 5, 7), "TZCYX"),
                ("channels", (3, 2, 5, 7), "ZCYX")):
            stack = ramp("float32", *shape)
            data = tiff(stack, truncate=truncate, metadata={"axes": axes} if axes else {})
            yield same(f"shaped/{word}/{name}", data, stack,
                **({"channels": 2} if name == "channels" else {"quiet": True}))
    wide = ramp("int16", *WIDE)
    for name, options in (("big-strips", {"byteorder": ">", "rowsperstrip": 4}),
            ("bigtiff", {"bigtiff": True})):
        yield same(f"shaped/one-directory/{name}", tiff(wide, truncate=True, metadata={}, **options), wide,
            quiet=True)
    for truncate, word in ((False, "directories"), (True, "one-directory")):
        data = tiff(values, truncate=truncate, metadata={})
        for name, shape in (("more-pages", b"[5, 5, 7]"), ("fewer-pages", b"[2, 5, 7]"),
                ("wider", b"[3, 5, 9]")):
            kind = "refused" if truncate and name == "more-pages" else "either"
            yield bent(f"shaped/{word}/{name}", swap(data, b"[3, 5, 7]", shape), kind, "shape", "too early",
                *LEFT)


def ome_notes(stack, axes, **metadata):
    """The notes that tifffile writes, less the random identity."""
    data = tiff(stack, ome=True, metadata={"axes": axes, **metadata})
    notes = read(data).ome_metadata
    return re.sub(r' (UUID|Creator|xsi:schemaLocation)="[^"]*"', "", notes)


def ome():
    """OME's XML: axes, units, spellings, the places of planes."""
    values = ramp("uint16")

    def noted(notes, stack=values, **options):
        return tiff(stack, description=notes.encode(), **options)

    for axes, shape in (("ZYX", (3, 5, 7)), ("TYX", (3, 5, 7)), ("CZYX", (2, 3, 5, 7)),
            ("ZCYX", (3, 2, 5, 7)), ("TZYX", (2, 3, 5, 7)), ("TCZYX", (2, 2, 3, 5, 7)),
            ("ZTCYX", (3, 2, 2, 5, 7)), ("CTYX", (2, 3, 5, 7))):
        stack = ramp("uint16", *shape)
        notes = ome_notes(stack, axes)
        facts = {"channels": shape[axes.index("C")]} if "C" in axes else {"quiet": True}
        yield same(f"ome/axes/{axes}", noted(notes, stack), stack, **facts)
    for name, unit, number in (("nm", "nm", 3.36), ("default", None, 0.00336), ("micro", "µm", 0.00336),
            ("angstrom", "Å", 33.6), ("pm", "pm", 3360), ("mm", "mm", 3.36e-6)):
        metadata = {f"PhysicalSize{axis}": number * times for axis, times in (("X", 1), ("Y", 1), ("Z", 2))}
        if unit:
            metadata |= {f"PhysicalSize{axis}Unit": unit for axis in "XYZ"}
        data = noted(ome_notes(values, "ZYX", **metadata))
        yield same(f"ome/unit-{name}", data, values, pixelSize=3.36, rowSpacing=3.36, pageSpacing=6.72,
            quiet=True)

    # Spellings of the same XML.
    sizes = {"PhysicalSizeX": 0.00336, "PhysicalSizeY": 0.00336,
        "PhysicalSizeZ": 0.00672} | {f"PhysicalSize{axis}Unit": "µm" for axis in "XYZ"}
    notes, facts = ome_notes(values, "ZYX", **sizes), {"pixelSize": 3.36, "rowSpacing": 3.36,
        "pageSpacing": 6.72, "quiet": True}
    pixels = re.search("<Pixels ([^>]*)>", notes)[1]
    comment = '<!-- <Pixels SizeX="9" SizeC="4" SizeZ="8" PhysicalSizeX="7" DimensionOrder="XYTZC"/> -->'
    image = re.sub(".*(<Image .*</Image>).*", r"\1", notes).replace(":0", ":1")
    elsewhere = f'<TiffData IFD="0" PlaneCount="3">{UUID}</TiffData>'
    spellings = {
        "prefix": re.sub("<(/?)(?=[A-Z])", r"<\1ome:", notes).replace("xmlns=", "xmlns:ome="),
        "single-quotes": re.sub('"([^"]*)"', r"'\1'", notes),
        "entity": notes.replace("µ", "&#181;"),
        "hexadecimal-entity": notes.replace("µ", "&#xB5;"),
        "comment": notes.replace("<Pixels", comment + "<Pixels"),
        "attributes-turned": notes.replace(pixels, " ".join(sorted(pixels.split(" "), reverse=True))),
        "line-breaks": notes.replace('" ', '"\n  ').replace("><", ">\n<"),
        "spaces-at-equals": re.sub('(?<=[A-Z])="', ' = "', notes),
    }
    others = {  # a second image whose planes are not here
        "elsewhere": image.replace("0.00", "0.05").replace(WHOLE, elsewhere),
        "without-pixels": image.replace("0.00", "0.05").replace(WHOLE, "<MetadataOnly/>")}
    for name, other in others.items():
        spellings["other-image-" + name] = notes.replace("</OME>", other + "</OME>")
    for name, text in spellings.items():
        assert text != notes, name
        yield same(f"ome/{name}", noted(text), values, **{**facts, "quiet": not name.startswith("other")})

    # Planes stored in another order than the notes' DimensionOrder: plane i of it lies in directory places[i].
    for name, axes, shape, places in (("Z", "ZYX", (3, 5, 7), (2, 0, 1)),
            ("T", "TYX", (4, 5, 7), (3, 2, 1, 0)), ("ZC", "ZCYX", (3, 2, 5, 7), (0, 3, 1, 4, 2, 5)),
            ("CZ", "CZYX", (2, 3, 5, 7), (5, 4, 3, 2, 1, 0))):
        stack = ramp("uint16", *shape)
        planes = stack.reshape((-1, 5, 7))
        stored = np.empty_like(planes)
        stored[list(places)] = planes
        text = ome_notes(stack, axes)
        elements = "".join('<TiffData {} IFD="{}" PlaneCount="1"/>'.format(" ".join(f'First{axis}="{at}"' for
            axis, at in zip(axes, place)), places[i]) for i, place in enumerate(np.ndindex(shape[:-2])))
        data = noted(re.sub("<TiffData[^>]*/>", elements, text), stored)
        facts = {"channels": 2} if "C" in axes else {}
        yield same(f"ome/reordered-{name}", data, stack, **facts)

    notes = ome_notes(values, "ZYX")
    words = ("OME-", "OME's", "OME notes", "OME metadata", "planes")

    def ones(*places):  # plane z lies in directory places[z]
        return "".join(f'<TiffData FirstZ="{z}" IFD="{at}" PlaneCount="1"/>' for z, at in enumerate(places))

    changes = {"five-planes": ('SizeZ="3"', 'SizeZ="5"'), "two-planes": ('SizeZ="3"', 'SizeZ="2"'),
        "two-channels": ('SizeC="1"', 'SizeC="2"'), "six-times": ('SizeT="1"', 'SizeT="2"'),
        "wider": ('SizeX="7"', 'SizeX="9"'), "lower": ('SizeY="5"', 'SizeY="4"'),
        "type": ('Type="uint16"', 'Type="int16"'), "no-xml": ("</Pixels></Image>", "</Pixels>"),
        "other-file": (WHOLE, elsewhere), "one-plane-elsewhere": (WHOLE,
        ones(0, 1, 2).replace('IFD="1" PlaneCount="1"/>', f'IFD="1">{UUID}</TiffData>')),
        "beyond-the-last": (WHOLE, ones(0, 1, 7)), "twice": (WHOLE, ones(0, 1, 1))}
    special = {
        "wider": ["SizeX"], "lower": ["SizeY"], "type": ["int16"], "no-xml": ["XML"], "twice": ["twice"],
        "other-file": ["other.ome.tif"], "one-plane-elsewhere": ["other.ome.tif"],
        "beyond-the-last": ["directory 8", "IFD 7"]}
    for name, (old, new) in changes.items():
        assert old in notes, old
        yield bent(f"ome/{name}", noted(notes.replace(old, new)), "either",
            *special.get(name, ["SizeZ", "SizeC", "SizeT"]), *words)
    second = re.sub(".*(<Image .*</Image>).*", r"\1", notes).replace(":0", ":1").replace('IFD="0"', 'IFD="3"')
    data = noted(notes.replace("</OME>", second + "</OME>"), ramp("uint16", 6, 5, 7))
    yield bent("ome/two-images", data, "either", "two images", "2 images", "second image", *words)


def cases():
    yield from imagej()
    yield from shaped()
    yield from ome()
