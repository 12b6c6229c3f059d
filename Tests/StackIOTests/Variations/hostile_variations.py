"""Headers whose numbers are too large to count with: each must be refused or named, and end nothing."""

import struct

from mrc_variations import bent as bent_mrc
from mrc_variations import mrc
from tiff_variations import tiff
from variation import ramp, told

LARGEST = 2 ** 63 - 1
PIXELS = ramp("uint8", 2, 4, 4)
OME = ('<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"{}><Image><Pixels '
    'DimensionOrder="XYCZT" SizeX="4" SizeY="4" SizeC="{}" SizeZ="{}" SizeT="{}" Type="uint8">{}</Pixels></Image>{}</OME>')
PLANE = '<TiffData First{}="{}" IFD="{}" PlaneCount="1">{}</TiffData>'


def big(extra):
    """A BigTIFF of one page with one entry more: tag, type, count and value."""
    entries = [(256, 3, 1, 4), (257, 3, 1, 4), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 16, 1, 16),
        (277, 3, 1, 1), (278, 3, 1, 4), (279, 16, 1, 16), extra]
    head = b"II+\0" + struct.pack("<HHQ", 8, 0, 32) + PIXELS[0].tobytes()
    return head + struct.pack("<Q", len(entries)) + b"".join(struct.pack("<HHQQ", *e) for e in entries) + bytes(8)


def cases():
    yield bent_mrc("hostile/mrc/sides", mrc(ramp("float32"), nx=2 ** 24 - 1, ny=2 ** 24 - 1, nz=2 ** 24 - 1),
        "refused", "ends too early")
    whole = mrc(ramp("float32"), mode=77)
    for length in (0, 15, 16, 100, 196, 210, 1000):
        yield bent_mrc(f"hostile/mrc/first-{length}", whole[:length], "refused", "empty", "neither", "ends too early")
    one = tiff(PIXELS[:1], description=b"#" * 80)
    for name, text in (("images", f"ImageJ=1.54f\nimages={4 * 10 ** 18}\n"),
            ("many-images", f"ImageJ=1.54f\nimages={3 * 10 ** 10}\n"),
            ("shape", '{"shape": [%d, 4, 4]}' % (2 ** 62 + 1)), ("shapes", '{"shape": [%d, 9, 4, 4]}' % 2 ** 62)):
        yield told(f"hostile/tiff/{name}", {"s.tif": one.replace(b"#" * 80, text.encode().ljust(80, b"\0"))},
            "named" if name == "shapes" else "refused", "shape" if name == "shapes" else "ends too early")
    second = '<Image><Pixels SizeX="4" SizeY="4" SizeC="1" SizeZ="1" SizeT="1" Type="uint8"/></Image>'
    for name, text, kind, word in (
            ("first", OME.format("", 1, 2, 1, PLANE.format("T", LARGEST, 0, ""), ""), "named", "beyond the last"),
            ("page", OME.format("", 1, 2, 1, PLANE.format("Z", 0, LARGEST, ""), ""), "named", "from IFD"),
            ("planes", OME.format("", 60000, 60000, 60000, PLANE.format("Z", 0, 0, ""), second), "named", "planes"),
            ("binary-only", OME.format("", 1, 2, 1, "", "").split("<Image>")[0] + '<BinaryOnly MetadataFile="c.ome" '
            'UUID="urn:uuid:b"/></OME>', "refused", "'c.ome'"),
            ("other-uuid", OME.format(' UUID="urn:uuid:me"', 1, 2, 1, PLANE.format("Z", 0, 0,
            "<UUID>urn:uuid:other</UUID>") + PLANE.format("Z", 1, 1, "<UUID>urn:uuid:me</UUID>"), ""), "refused",
            "urn:uuid:other")):
        yield told(f"hostile/ome/{name}", {"s.tif": tiff(PIXELS, description=text.encode())}, kind, word)
    for name, extra in (("bytes", (60000, 1, LARGEST, 8)), ("strips", (279, 16, 2 ** 62, 8)),
            ("tiles", (325, 16, 2 ** 62, 8))):
        yield told(f"hostile/big/{name}", {"s.tif": big(extra)}, "either", "")
