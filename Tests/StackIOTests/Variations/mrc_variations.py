"""MRC files in many spellings, by mrcfile, and SerialEM's notes beside them."""

import io
import pathlib
import struct
import tempfile
import warnings

import mrcfile
import mrcfile.dtypes
import numpy as np

from tiff_variations import tiff
from variation import exact, ramp, told

def row(start, kind, names):
    size = struct.calcsize(kind)
    return {name: (start + size * i, kind) for i, name in enumerate(names.split())}


# The place and the form of what a header holds; from 152 on it is IMOD's.
FIELDS = {
    **row(0, "i", "nx ny nz mode"), **row(28, "i", "mx my mz"), **row(40, "f", "cellx celly cellz alpha beta gamma"),
    **row(64, "i", "mapc mapr maps"), **row(76, "f", "dmin dmax dmean"), **row(88, "i", "ispg nsymbt"),
    **row(104, "4s", "exttyp"), **row(128, "h", "nint nreal"), **row(152, "i", "stamp flags"),
    **row(160, "h", "idtype lens nd1 nd2 vd1 vd2"), **row(208, "4s", "map machst"), **row(216, "f", "rms"),
    **row(220, "i", "nlabl")}
IMOD = {"stamp": 1146047817}
TILTS = (-60.5, 0.0, 60.5)
LEFT = ("left over", "longer", "more bytes", "behind")
EXTENDED = ("extended header",)


def patch(data, **fields):
    """Changes fields of a header in its own byte order."""
    data = bytearray(data)
    order = ">" if data[0] == 0 else "<"  # all files here are small
    for name, value in fields.items():
        struct.pack_into(order + FIELDS[name][1], data, FIELDS[name][0], value)
    return bytes(data)


def mrc(values, extended=b"", voxel=(4.5, 4.5, 9.0), stack=False, **fields):
    """What mrcfile writes, the bottom row first, less its date; unsigned bytes go as signed ones."""
    values = values[:, ::-1]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "s.mrc"
        with mrcfile.new(path) as file:
            file.set_data(values.view("int8") if values.dtype == "uint8" else values)
            if stack:
                file.set_image_stack()
            if voxel:
                file.voxel_size = voxel
            if len(extended):
                file.set_extended_header(np.frombuffer(extended, "V1"))
        data = bytearray(path.read_bytes())
    data[224:304] = b"A small stack".ljust(80)
    if values.dtype == "uint8":
        fields = {"dmin": values.min(), "dmax": values.max(), "dmean": values.mean(), **fields}
    return patch(bytes(data), **fields)


def same(name, data, stored, shown=None, beside=None, main="s.mrc", read=None, **facts):
    """An exact case; mrcfile must find `stored` in it, or in `read` where it does not know the spelling."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = mrcfile.mrcinterpreter.MrcInterpreter(io.BytesIO(read or data), permissive=True)
    found = np.atleast_3d(file.data).reshape(stored.shape)[:, ::-1]
    if stored.dtype == "uint8":
        found = found.astype("int8").view("uint8")
    for key, size in (("pixelSize", file.voxel_size.x), ("rowSpacing", file.voxel_size.y)):
        if key not in facts and "pixelSize" not in facts and size > 0 and np.isfinite(size):
            facts = {key: round(float(size) / 10, 6), **facts}
    assert found.dtype.newbyteorder("=") == stored.dtype.newbyteorder("="), name
    assert np.array_equal(found, stored), name
    return exact(name, {main: data, **(beside or {})}, stored if shown is None else shown, **facts)


def bent(name, data, kind, *words, beside=None):
    return told(name, {"s.mrc": data, **(beside or {})}, kind, *words)


def seri(flags, order="<", tilts=TILTS, spare=0):
    """SerialEM's short integers, in the order of their flags, and their number of bytes a page."""
    # Tilt, piece, stage, magnification, intensity, dose (2.5), …
    fields = ([0], [11, 12, 3], [25, -25], [330], [40], [2, -(8 * 256 + 128)], [7], [1, 2], [9], [3, 4], [5])
    pages = []
    for tilt in tilts:
        page = [[round(tilt * 100)], *fields[1:]]
        pages += sum((page[bit] for bit in range(11) if flags >> bit & 1), [])
    data = np.array(pages, order + "i2").tobytes()
    return data + bytes(spare), {"exttyp": b"SERI", "nint": len(data) // len(tilts), "nreal": flags}


def agard(integers, tilts=TILTS, order="<", reals=2):
    """So many integers, then floats, of which the first is the tilt."""
    table = np.zeros((len(tilts), integers + reals), order + "f4")
    table[:, integers] = tilts
    return table.tobytes(), {"exttyp": b"AGAR", "nint": integers, "nreal": reals}


def fei(kind, order="<", tilts=TILTS, pages=None):
    """The new headers of FEI, of 768 or 888 bytes a page, with tilt, dose (2.5 e/Å²) and size (3.36 nm)."""
    types = {"FEI1": mrcfile.dtypes.fei1_dtype_big_endian, "FEI2": mrcfile.dtypes.fei2_dtype_big_endian}
    table = np.zeros(len(tilts), types[kind].newbyteorder(order))
    table["Metadata size"], table["Bitmask 1"] = types[kind].itemsize, 1 << 6 | 1 << 7 | 1 << 14 | 1 << 15
    table["Alpha tilt"], table["Pixel size X"], table["Pixel size Y"], table["Dose"] = (tilts, 3.36e-9,
        3.36e-9, 2.5e20)
    return table[:pages].tobytes(), {"exttyp": kind.encode()}


def old_fei(order="<", tilts=TILTS, blocks=1024):
    """FEI's first header: 128 bytes a page and room for at least 1024 pages."""
    table = np.zeros((blocks, 32), order + "f4")
    table[: len(tilts), 0], table[: len(tilts), 11] = tilts, 3.36e-9
    return table.tobytes(), {}


def headed(values, header, **fields):
    return mrc(values, header[0], **{**header[1], **fields})


def headers():
    """Modes, stamps, cells, labels."""
    floats, short, counts = ramp("float32"), ramp("int16"), ramp("uint8")
    quiet = {"pixelSize": 0.45, "rowSpacing": 0.45, "pageSpacing": 0.9, "quiet": True}
    for kind in ("int8", "int16", "float32", "uint16", "float16"):
        for order, word in (("<", "little"), (">", "big")):
            values = ramp(kind)
            data = mrc(values.astype(values.dtype.newbyteorder(order)))
            if kind == "int8" and order == ">":  # mrcfile writes bytes in this processor's order
                header = patch(mrc(ramp("int16").astype(">i2"))[:1024], mode=0, dmin=-128, dmax=127, dmean=0)
                data = header + values[:, ::-1].tobytes()
                bytewise = patch(data, dmin=0, dmax=208, dmean=100, **IMOD)[:1024] + counts[:, ::-1].tobytes()
                yield same("mrc/imod-unsigned-big", bytewise, counts, **quiet)
            yield same(f"mrc/{kind}/{word}", data, values, **quiet)
    big, high = short.astype(">i2"), ramp("uint16")
    yield same("mrc/imod-unsigned", mrc(counts, **IMOD), counts, **quiet)
    # IMOD shows signed bytes from 0 to 255.
    yield same("mrc/imod-signed", mrc(ramp("int8"), **IMOD, flags=1), ramp("int8"),
        shown=ramp("int8").astype("int16") + 128, notes=["128"])
    yield same("mrc/image-stack", mrc(short, stack=True), short, **quiet)
    for shape in ((1, 5, 7), (3, 1, 7), (3, 5, 1), (4, 6, 8), (40, 2, 3), (3, 20, 37)):
        stack = ramp("int16", *shape)
        yield same("mrc/size/" + "x".join(map(str, shape)), mrc(stack), stack, **quiet)
    for name, data, stamp in (("44-00", mrc(short), b"\x44\0\0\0"),
            ("44-20", mrc(short), b"\x44\x20\x20\x20"), ("44-41", mrc(short), b"\x44\x41\0\0"),
            ("none", mrc(short), bytes(4)), ("big-as-44-44", mrc(big), b"\x44\x44\0\0"),
            ("little-as-11-11", mrc(short), b"\x11\x11\0\0"), ("big-none", mrc(big), bytes(4))):
        yield same(f"mrc/stamp/{name}", patch(data, machst=stamp), short, read=data)
    yield same("mrc/stamp/no-map", patch(mrc(short), map=bytes(4)), short)
    for name, voxel, sizes in (("cube", (33.6, 33.6, 33.6), (3.36, 3.36, 3.36)),
            ("not-square", (4.0, 5.0, 6.0), (0.4, 0.5, 0.6)), ("unknown", None, ())):
        yield same(f"mrc/cell/{name}", mrc(short, voxel=voxel), short,
            **dict(zip(("pixelSize", "rowSpacing", "pageSpacing"), sizes)))
    for count in (-1, 0, 2, 10, 11, 1 << 30):
        yield same(f"mrc/labels/{count}", patch(mrc(short), nlabl=count), short)
    unknown = {"dmin": 0, "dmax": -1, "dmean": -2, "rms": -1}
    for name, stack in (("float32", floats), ("int16", short), ("int8", ramp("int8"))):
        yield same(f"mrc/range/unknown-{name}", mrc(stack, **unknown), stack, **quiet)
    for name, fields in (("all-zero", {"dmin": 0, "dmax": 0, "dmean": 0}),
            ("axes-zero", {"mapc": 0, "mapr": 0, "maps": 0}),
            ("angles-zero", {"alpha": 0, "beta": 0, "gamma": 0})):
        yield same(f"mrc/range/{name}" if "dmin" in fields else f"mrc/{name}", mrc(short, **fields), short)
    yield same("mrc/unsigned/mode-0", mrc(counts), counts, notes=["unsigned"])
    yield same("mrc/unsigned/mode-1", mrc(high, mode=1), high, read=mrc(high), notes=["unsigned"])
    yield same("mrc/unsigned/mode-1-big", mrc(high.astype(">u2"), mode=1), high, read=mrc(high),
        notes=["unsigned"])
    yield same("mrc/signed/mode-6", mrc(short, mode=6), short, read=mrc(short), notes=["signed"])

    # What the header says against the length of the file: a page has 70 bytes.
    plain = mrc(short)
    sides = [(side, full, by) for side, full in (("nx", 7), ("ny", 5), ("nz", 3)) for by in (1, 2)]
    longer = {"one-page": (plain + bytes(70), 70), "part-of-a-page": (plain + bytes(40), 40),
        "3-bytes": (plain + b"abc", 3), "2048-before": (plain[:1024] + bytes(2048) + plain[1024:], 2048),
        "mode-0-in-place-of-1": (mrc(short, mode=0), 105), "mode-0-in-place-of-2": (mrc(floats, mode=0), 315),
        "mode-1-in-place-of-2": (mrc(floats, mode=1), 210),
        "mode-6-in-place-of-2": (mrc(floats, mode=6), 210)}
    for side, full, by in sides:
        longer[f"{side}-less-{by}"] = patch(plain, **{side: full - by}), 210 * by // full
    for name, (data, size) in longer.items():
        yield bent(f"mrc/left-over/{name}", data, "either", f"{size} bytes", *LEFT)
    shorter = {
        "mode-2-in-place-of-1": mrc(short, mode=2), "mode-1-in-place-of-0": mrc(counts, mode=1), "cut": plain[:-1]}
    for side, full, by in sides:
        shorter[f"{side}-more-{by}"] = patch(plain, **{side: full + by})
    for name, data in shorter.items():
        yield bent(f"mrc/too-short/{name}", data, "refused", "too early", "too short", "shorter")
    for name, size in (("not-there", 4096), ("part", 128), ("negative", -1024)):
        yield bent(f"mrc/nsymbt/{name}", patch(plain, nsymbt=size), "refused", "extended header", "nsymbt")
    long = headed(short, agard(2))
    yield bent("mrc/nsymbt/too-large", patch(long, nsymbt=48 + 70), "refused", "extended header", "nsymbt")
    yield bent("mrc/nsymbt/too-small", patch(long, nsymbt=32), "either", "16 bytes", *EXTENDED, *LEFT)
    for name, axes in (("1-3-2", (1, 3, 2)), ("2-1-3", (2, 1, 3)), ("3-2-1", (3, 2, 1)), ("1-1-3", (1, 1, 3)),
            ("1-2-7", (1, 2, 7))):
        yield bent(f"mrc/axes/{name}", mrc(short, **dict(zip(("mapc", "mapr", "maps"), axes))), "either",
            "axes", "axis", "mapc", "order of")
    named = (("cell-angle-60", {"gamma": 60}, "angle", "cell"),
        ("grid-1x1x1", {"mx": 1, "my": 1, "mz": 1}, "grid", "mx"),
        ("grid-14", {"mx": 14, "my": 10}, "grid", "mx"))
    for name, fields, *words in named:
        yield bent(f"mrc/{name}", mrc(short, **fields), "named", *words)
    yield bent("mrc/cell/negative", mrc(short, cellx=-31.5), "named", "cell")
    yield bent("mrc/imod-4-bit", mrc(counts, **IMOD, flags=16), "either", "4-bit", "4 bit", "four bits",
        "half bytes")
    yield bent("mrc/volume-stack", mrc(ramp("int16", 6, 5, 7), ispg=401, mz=3), "either", "401",
        "volume stack", "stack of volumes")
    yield bent("mrc/range/imod-signed-flag", mrc(counts, **IMOD, flags=1), "either", "signed", "range",
        "maximum")
    yield bent("mrc/range/imod-unsigned-flag", mrc(ramp("int8"), **IMOD), "either", "signed", "range",
        "minimum")
    yield bent("mrc/range/other-byte-order", mrc(short // 100)[:1024] + (short[:,
        ::-1] // 100).astype(">i2").tobytes(), "either", "byte order", "range", "minimum", "maximum")
    yield bent("mrc/range/int16-as-uint16", mrc(ramp("int16") // 2 - 9000, mode=6, dmin=0, dmax=30000),
        "either", "range", "minimum", "maximum", "signed")


def extended():
    """What stands between header and pages."""
    values = ramp("float32")
    doses, size = {"doses": [2.5] * 3}, {"pixelSize": 3.36, "rowSpacing": 3.36}
    known = {"tilts": list(TILTS), "quiet": True}
    fine = {"voxel": (33.6, 33.6, 33.6)}
    for order, word in (("<", "little"), (">", "big")):
        stored = values.astype(order + "f4")
        for kind in ("FEI1", "FEI2"):
            yield same(f"mrc/{kind}/{word}", headed(stored, fei(kind, order), **fine), values, **known,
                **doses, **size)
        for blocks in (1024, 2048, 8192):
            data = headed(stored, old_fei(order, blocks=blocks), **fine)
            yield same(f"mrc/old-fei-{blocks}/{word}", data, values, **known, **size)
        for integers in (0, 2, 8):
            yield same(f"mrc/agard-{integers}/{word}", headed(stored, agard(integers, order=order)), values,
                **known)
        for flags in (1, 3, 5, 33, 37, 55, 63, 127, 1 + 64 + 256, 2047):
            facts = {**known, **(doses if flags & 32 else {})}
            yield same(f"mrc/seri-{flags}/{word}", headed(stored, seri(flags, order)), values, **facts)
    yield same("mrc/seri-2", headed(values, seri(2)), values, quiet=True)
    yield same("mrc/seri-spare-room", headed(values, seri(37, spare=1024)), values, doses=[2.5] * 3, **known)
    yield same("mrc/seri-unnamed", headed(values, seri(1), exttyp=bytes(4)), values, **known)
    yield same("mrc/agard-unnamed", headed(values, agard(2), exttyp=bytes(4)), values, **known)
    yield same("mrc/extended-zeros", mrc(values, bytes(1024)), values)
    yield same("mrc/extended-ccp4", mrc(values, b"X,  Y,  Z".ljust(80), exttyp=b"CCP4"), values, quiet=True)

    yield bent("mrc/extended/fei1-two-pages", headed(values, fei("FEI1", pages=2)), "named", *EXTENDED)
    yield bent("mrc/extended/agard-two-pages", headed(values, agard(2, TILTS[:2])), "named", *EXTENDED)
    yield bent("mrc/extended/seri-two-pages", headed(values, seri(37, tilts=TILTS[:2])), "named", *EXTENDED)
    yield bent("mrc/extended/seri-odd-size", headed(values, seri(37), nint=7), "named", *EXTENDED, "SERI",
        "bytes a page")
    yield bent("mrc/extended/seri-other-flags", headed(values, seri(37), nreal=3), "named", *EXTENDED, "SERI",
        "bytes a page")
    wrong = (("nan", (-60.5, np.nan, 60.5), "finite", "not a number", "nan"),
        ("out-of-range", (-60.5, 0, 4e5), "400000", "range", "too large", "beyond"),
        ("equal", (12.5, 12.5, 12.5), "both", "equal", "same", "identical"),
        ("padded", (-60.5, -30.25, 0, 0, 0), "zero", "both", "equal", "same"))
    for name, tilts, *words in wrong:
        stack = ramp("float32", len(tilts), 5, 7)
        for kind, header in (("fei1", fei("FEI1", tilts=tilts)), ("agard", agard(2, tilts)),
                ("seri", None if name in ("nan", "out-of-range") else seri(1, tilts=tilts))):
            if header:
                yield bent(f"mrc/extended/{kind}-{name}", headed(stack, header), "either", *words)
    tilt_fields = {**IMOD, "idtype": 1}  # steps of vd1 / 100 degrees from vd2 / 100, around axis nd1
    for name, fields, *words in (("step", {"nd1": 2, "vd1": 300, "vd2": -6050}, "increment", "step"),
            ("start", {"nd1": 2, "vd1": 6050, "vd2": -3000}, "start", "first")):
        yield bent(f"mrc/imod-tilt-{name}", headed(values, seri(1), **tilt_fields, **fields), "named", *words)
    for axis, angle in ((1, 90), (2, 0)):
        yield same(f"mrc/imod-tilt-fields/{axis}", headed(values, seri(1), **tilt_fields, nd1=axis, vd1=6050,
            vd2=-6050), values, axisAngle=angle, **known)


def cases():
    for part in (headers, extended):
        yield from part()
