"""Makes the small stacks beside this file.

Stored sample (page, row, column), row 0 at the top, is a · i + b with i its index in [page][row][column];
the tests say a and b. Needs numpy, tifffile, imagecodecs and mrcfile.
"""

import pathlib

import mrcfile.dtypes
import numpy as np
import tifffile

here = pathlib.Path(__file__).parent


def index(pages=3, rows=5, columns=7):
    return np.arange(pages * rows * columns).reshape(pages, rows, columns)


def tiff(name, data, **options):
    options.setdefault("metadata", None)
    options.setdefault("software", "")
    tifffile.imwrite(here / f"{name}.tif", data, **options)


# Sample types in both byte orders.
types = {
    "uint8": (2, 1), "int8": (2, -100), "uint16": (600, 7), "int16": (600, -31000),
    "uint32": (4000000, 5), "int32": (4000000, -200000000), "float16": (0.25, -3), "float32": (0.25, -3),
    "float64": (0.25, -3),
}
for kind, (a, b) in types.items():
    for order, word in (("<", "little"), (">", "big")):
        tiff(f"{kind}-{word}", (a * index() + b).astype(kind), byteorder=order,
             photometric="minisblack")

# Packing: 3 pages of 20 × 37, so that strips and tiles do not divide them.
wide = index(3, 20, 37).astype("uint16")
grey = {"photometric": "minisblack"}
tiff("strips-none", wide, rowsperstrip=6, **grey)
tiff("strips-lzw", wide, rowsperstrip=6, compression="lzw", predictor=True, **grey)
tiff("strips-deflate", wide, rowsperstrip=6, compression="zlib", predictor=True, **grey)
tiff("strips-packbits", wide, rowsperstrip=6, compression="packbits", **grey)
tiff("tiles-none-big", wide, tile=(16, 16), byteorder=">", **grey)
tiff("tiles-deflate", wide, tile=(16, 16), compression="zlib", predictor=True, **grey)
tiff("float-predictor", wide.astype("float32"), rowsperstrip=6, compression="zlib", predictor=3,
     **grey)
tiff("bigtiff", wide, bigtiff=True, **grey)
tiff("strips-zstd", wide, compression="zstd", **grey)

# Pixel sizes. Resolution is pixels per unit.
page = index().astype("float32")
ij = {"imagej": True, "metadata": {"unit": "nm", "spacing": 5.5, "axes": "ZYX"}}
tiff("imagej-nm", page, resolution=(1 / 3.36, 1 / 3.36), **ij)
for name, unit in (("micron", "micron"), ("escaped", "\\u00B5m"), ("pixel", "pixel")):
    tiff(f"imagej-{name}", page, imagej=True, resolution=(250, 200),
         metadata={"unit": unit, "spacing": 0.01, "axes": "ZYX"})
tiff("imagej-calibrated", index().astype("uint16"),
     description="ImageJ=1.54f\nimages=3\nslices=3\ncf=0\nc0=-32768.0\nc1=1.0\nvunit=gray value\n",
     **grey)
# One directory for all planes, as ImageJ writes above 4 GB.
tiff("imagej-one-directory", wide.astype(">f4"), byteorder=">", imagej=True, truncate=True,
     metadata={"axes": "ZYX"})
# The same with fewer planes than it claims, and packed, where no plane can follow the first.
whole = (here / "imagej-one-directory.tif").read_bytes()
(here / "imagej-short.tif").write_bytes(whole[:-4])
tiff("imagej-packed", wide[:1], compression="zlib",
     description="ImageJ=1.54f\nimages=3\nslices=3\n", **grey)
tifffile.imwrite(here / "ome.tif", page, ome=True, photometric="minisblack",
                 metadata={"axes": "ZYX", "PhysicalSizeX": 0.5, "PhysicalSizeXUnit": "nm",
                           "PhysicalSizeY": 6.0, "PhysicalSizeYUnit": "Å",
                           "PhysicalSizeZ": 0.002})
tiff("plain-cm", page, resolution=(2.5e6, 2e6), resolutionunit="CENTIMETER", **grey)
tiff("plain-300dpi", page, resolution=(300, 300), resolutionunit="INCH", **grey)

# What is refused.
tiff("rgb", np.zeros((2, 5, 7, 3), "uint8"), photometric="rgb")
tiff("palette", np.zeros((5, 7), "uint8"), photometric="palette",
     colormap=np.zeros((3, 256), "uint16"))
with tifffile.TiffWriter(here / "odd-page.tif") as out:
    out.write(page[0], metadata=None, software="", **grey)
    out.write(page[1, :4], metadata=None, software="", **grey)
odd = page.copy()
odd[1, 2, 3], odd[2, 4, 6], odd[2, 0, 0] = np.nan, np.inf, -np.inf
tiff("nonfinite", odd, **grey)


def mrc(name, data, order="<", mode=None, extended=b"", **fields):
    """Writes the bottom row first, with a header that only says what is asked for."""
    modes = {"int8": 0, "uint8": 0, "int16": 1, "float32": 2, "uint16": 6, "complex64": 4}
    header = np.zeros((), mrcfile.dtypes.HEADER_DTYPE.newbyteorder(order))
    header["nz"], header["ny"], header["nx"] = data.shape
    header["mode"] = modes[str(data.dtype)] if mode is None else mode
    header["mx"], header["my"], header["mz"] = data.shape[::-1]
    header["map"] = b"MAP "
    header["machst"] = [0x44, 0x44, 0, 0] if order == "<" else [0x11, 0x11, 0, 0]
    header["nsymbt"] = len(extended)
    raw = fields.pop("raw", {})
    for field, value in fields.items():
        header[field] = value
    start = bytearray(header.tobytes())
    for offset, value in raw.items():
        start[offset:offset + len(value)] = value
    body = data[:, ::-1].astype(data.dtype.newbyteorder(order)).tobytes()
    (here / f"{name}").write_bytes(bytes(start) + extended + body)


cell = np.array((7 * 4.5, 5 * 4.5, 3 * 9.0), dtype=[("x", "f4"), ("y", "f4"), ("z", "f4")])
for kind in ("int8", "int16", "uint16", "float32"):
    a, b = types[kind]
    for order, word in (("<", "little"), (">", "big")):
        mrc(f"{kind}-{word}.mrc", (a * index() + b).astype(kind), order, cella=cell)
imod = {152: np.int32(1146047817).tobytes()}
mrc("imod-unsigned.st", (2 * index() + 1).astype("uint8"), raw=imod)
mrc("imod-signed.st", (2 * index() - 100).astype("int8"), raw={**imod, 156: b"\x01"})
mrc("complex.mrc", index().astype("complex64"))
mrc("nonfinite.mrc", odd)

# Extended headers; the tilts are −60.5, 0, 60.5.
tilts = (-60.5, 0.0, 60.5)
fei = np.zeros((1024, 32), "<f4")
fei[:3, 0], fei[:3, 11] = tilts, 3.36e-9
mrc("fei-old.mrc", (index() - 50).astype("int16"), extended=fei.tobytes(), cella=cell)
for word, kind in (("FEI1", mrcfile.dtypes.fei1_dtype_big_endian),
                   ("FEI2", mrcfile.dtypes.fei2_dtype_big_endian)):
    new = np.zeros(3, kind.newbyteorder("<"))
    new["Metadata size"] = kind.itemsize
    new["Bitmask 1"] = (1 << 6) | (1 << 7) | (1 << 14) | (1 << 15)
    new["Alpha tilt"], new["Pixel size X"], new["Dose"] = tilts, 3.36e-9, 2.5e20
    mrc(f"{word.lower()}.mrc", page, extended=new.tobytes(), exttyp=word.encode())
for order, word in (("<", "little"), (">", "big")):
    # tilt · 100, stage x and y · 25, and a dose of 2.5 = 640 · 2⁻⁸ as two short integers
    seri = np.array([(round(t * 100), 11, 12, 2, -(8 * 256 + 128)) for t in tilts], order + "i2")
    mrc(f"seri-{word}.st", page, order, extended=seri.tobytes(), exttyp=b"SERI",
        raw={128: np.array([10, 1 | 4 | 32], order + "i2").tobytes()})
agard = np.zeros((3, 4), "<f4")
agard[:, 2] = tilts  # two integers, then two reals
mrc("agard.mrc", page, extended=agard.tobytes(), exttyp=b"AGAR",
    raw={128: np.array([2, 2], "<i2").tobytes()})

mrc("noted.mrc", page)
(here / "noted.mrc.mdoc").write_text("""PixelSpacing = 33.6
ImageFile = noted.mrc
DataMode = 2

[T = SerialEM: a title]

[ZValue = 1]
TiltAngle = 0.01
ExposureDose = 2.0

[ZValue = 0]
TiltAngle = -60.5
ExposureDose = 1.5

[ZValue = 2]
TiltAngle = 60.49
ExposureDose = 2.5
""")
