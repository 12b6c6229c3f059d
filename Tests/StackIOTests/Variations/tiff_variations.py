"""TIFF files in many spellings, by tifffile."""

import io
import logging
import struct

import numpy as np
import tifffile

from variation import exact, ramp, told

logging.disable()  # tifffile tells of files that an OME note names and that are not there
ORDERS = (("<", "little"), (">", "big"))
WIDE = (2, 18, 19)  # neither strips of 4 rows nor tiles of 16 × 16 divide it
LEFT = ("left over", "longer", "more bytes", "behind", "no directory")


def tiff(data, **options):
    """A greyscale stack with one directory a page, without a date."""
    options = {"metadata": None, "software": False, "photometric": "minisblack", **options}
    file = io.BytesIO()
    tifffile.imwrite(file, data, **options)
    return file.getvalue()


def tiff_pages(pages, numbers=None):
    """The same page by page, with their PageNumber tags where `numbers` are given."""
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as out:
        for index, page in enumerate(pages):
            tag = [(297, 3, 2, numbers[index], False)] if numbers else []
            out.write(page, photometric="minisblack", metadata=None, software=False, extratags=tag,
                contiguous=False)
    return file.getvalue()


def directories(data):
    """Byte order, form of an entry, and of each directory its place and its entries by tag."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    count, entry, pointer = ("Q", "HHQ8s", "Q") if big else ("H", "HHI4s", "I")
    (at,) = struct.unpack_from(order + pointer, data, 8 if big else 4)
    out = []
    while at:
        (entries,) = struct.unpack_from(order + count, data, at)
        first, size = at + struct.calcsize(order + count), struct.calcsize(order + entry)
        fields = [struct.unpack_from(order + entry, data, first + size * i) for i in range(entries)]
        out.append((at, {field[0]: field[1:] for field in fields}))
        (at,) = struct.unpack_from(order + pointer, data, first + size * entries)
    return order, (count, entry, pointer), out


def retag(data, tags, page=None):
    """Changes, adds (a number, or two of 16 bits) or drops (None) tags in place, of one page or of all."""
    data = bytearray(data)
    order, (count, entry, pointer), pages = directories(data)
    for index, (at, fields) in enumerate(pages):
        if page not in (None, index):
            continue
        room = len(fields)
        first, size = at + struct.calcsize(order + count), struct.calcsize(order + entry)
        following = data[first + size * room : first + size * room + struct.calcsize(order + pointer)]
        for tag, value in tags.items():
            kind, values = fields.pop(tag, (4 if tag == 254 else 3, 1, b""))[0], np.atleast_1d(value)
            if value is not None:
                letter = {3: "H", 4: "I", 16: "Q"}[kind]
                fields[tag] = kind, len(values), struct.pack(f"{order}{len(values)}{letter}", *values)
        assert len(fields) <= room, "drop 296 to make room"
        struct.pack_into(order + count, data, at, len(fields))
        for i, (tag, rest) in enumerate(sorted(fields.items())):
            struct.pack_into(order + entry, data, first + size * i, tag, *rest)
        end = first + size * len(fields)
        data[end : end + len(following)] = following
    return bytes(data)


def swap(data, old, new):
    """Changes the description in place; what is shorter is filled with `new`'s last byte."""
    assert data.count(old) == 1 and len(new) <= len(old), old
    return data.replace(old, new + new[-1:] * (len(old) - len(new)))


def least_bit_first(data):
    """FillOrder 2: the bits of every strip turned round, byte for byte."""
    data = bytearray(retag(data, {266: 2, 296: None}))
    for page in read(data).pages:
        for at, count in zip(page.dataoffsets, page.databytecounts):
            data[at : at + count] = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data[at : at + count])
    return bytes(data)


def read(data):
    return tifffile.TiffFile(io.BytesIO(data))


def same(name, data, stored, shown=None, raw=False, **facts):
    """An exact case; tifffile must find `stored` in it, or behind its first directory where the notes are strange."""
    with read(data) as file:
        found = file.series[0].asarray()
        if raw:
            found = np.frombuffer(data, file.byteorder + stored.dtype.str[1:], stored.size,
                file.pages[0].dataoffsets[0])
    assert found.dtype == stored.dtype, name
    assert np.array_equal(found.ravel(), np.ravel(stored)), name
    return exact("tiff/" + name, {"s.tif": data}, stored if shown is None else shown, **facts)


def bent(name, data, kind, *words):
    return told("tiff/" + name, {"s.tif": data}, kind, *words)


def samples():
    """Sample types, byte orders, sizes, packing, predictors."""
    quiet = {"quiet": True}
    for kind in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float16", "float32", "float64"):
        for order, word in ORDERS:
            values = ramp(kind)
            yield same(f"{kind}/{word}/none/strip", tiff(values, byteorder=order), values, **quiet)
    for shape in ((1, 1, 1), (3, 1, 1), (1, 5, 7), (3, 1, 7), (3, 5, 1), (4, 6, 8), (3, 4, 7), (40, 2, 3)):
        values = ramp("uint16", *shape)
        yield same("size/" + "x".join(map(str, shape)), tiff(values), values, **quiet)
    layouts = {"row-strips": {"rowsperstrip": 1}, "strips": {"rowsperstrip": 4},
        "one-strip": {"rowsperstrip": 18}, "tiles": {"tile": (16, 16)}}
    packings = {"none": None, "lzw": "lzw", "deflate-8": 8, "deflate-32946": 32946, "packbits": "packbits"}
    values = ramp("uint16", *WIDE) // 512 * 256  # equal neighbours, for PackBits
    for packing, compression in packings.items():
        for layout, options in layouts.items():
            data = tiff(values, compression=compression, **options)
            yield same(f"uint16/little/{packing}/{layout}", data, values, **quiet)
    # Predictors: 2 for integers, 3 for floats.
    for kind, order, packing, layout in (("uint8", "<", "lzw", "strips"), ("int8", "<", 8, "row-strips"),
            ("uint16", "<", "lzw", "strips"), ("uint16", ">", 8, "tiles"), ("int16", ">", "lzw", "tiles"),
            ("uint32", "<", 8, "one-strip"), ("int32", ">", 8, "strips"), ("float16", "<", 8, "strips"),
            ("float16", ">", "lzw", "tiles"), ("float32", "<", "lzw", "tiles"), ("float32", ">", 8, "strips"),
            ("float64", "<", 8, "tiles"), ("float64", ">", "lzw", "row-strips")):
        values, predictor = ramp(kind, *WIDE), 3 if "float" in kind else 2
        data = tiff(values, byteorder=order, compression=packing, predictor=predictor, **layouts[layout])
        yield same(f"{kind}/{dict(ORDERS)[order]}/{packing}-predictor-{predictor}/{layout}", data, values,
            **quiet)
    for order, word in ORDERS:
        for kind, options in (("int16", {}), ("float32", {"tile": (16, 16), "compression": 8}),
                ("uint8", {"rowsperstrip": 4, "compression": "lzw"})):
            values = ramp(kind, *WIDE)
            yield same(f"bigtiff/{kind}/{word}", tiff(values, byteorder=order, bigtiff=True, **options),
                values, **quiet)
    for name, kind, options in (("uint8", "uint8", {}), ("uint16", "uint16", {}),
            ("uint16-big", "uint16", {"byteorder": ">"}), ("float32", "float32", {}),
            ("lzw", "uint16", {"compression": "lzw"}),
            ("deflate-tiles", "uint16", {"compression": 8, "tile": (16, 16)}),
            ("packbits", "uint8", {"compression": "packbits"})):
        values = ramp(kind, *WIDE)
        yield same(f"fill-order-2/{name}", least_bit_first(tiff(values, **options)), values)


def tags():
    """Photometric, orientation, absent tags, sizes of pixels, pages that are not pages."""
    for name, kind, options in (("uint8", "uint8", {}), ("uint16", "uint16", {}),
            ("uint16-big-lzw", "uint16", {"byteorder": ">", "compression": "lzw"}),
            ("uint8-tiles", "uint8", {"compression": 8, "tile": (16, 16)}), ("uint32", "uint32", {})):
        values = ramp(kind, *WIDE)
        if kind == "uint32":
            values = values // 2048 * 1024  # differences that round alike in single precision
        data = tiff(values, **{"photometric": "miniswhite", **options})
        yield same(f"zero-is-white/{name}", data, values, np.iinfo(kind).max - values, notes=["white"])
    for kind in ("int16", "float32"):
        yield bent(f"zero-is-white/{kind}", retag(tiff(ramp(kind)), {262: 0}), "either", "white",
            "photometric")

    values = ramp("uint16")
    plain = tiff(values)
    turned = {1: values, 2: values[:, :, ::-1], 3: values[:, ::-1, ::-1], 4: values[:, ::-1]}
    for orientation, shown in turned.items():
        data = retag(plain, {274: orientation, 296: None})
        yield same(f"orientation/{orientation}", data, values, shown,
            **({"quiet": True} if orientation == 1 else {}))
    wide = ramp("int16", *WIDE)
    data = retag(tiff(wide, tile=(16, 16), compression=8), {274: 4, 296: None})
    yield same("orientation/4-tiles", data, wide, wide[:, ::-1])
    for orientation in (5, 6, 7, 8):
        data = retag(plain, {274: orientation, 296: None})
        yield bent(f"orientation/{orientation}", data, "either", "orientation", "rotated", "transposed",
            "turned")

    absent = {"rows-per-strip": (278,), "photometric": (262,), "compression": (259,),
        "samples-per-pixel": (277,), "resolution": (282, 283, 296),
        "all": (278, 262, 259, 277, 282, 283, 296)}
    for name, dropped in absent.items():
        yield same(f"absent/{name}", retag(plain, dict.fromkeys(dropped)), values)
    yield same("present/sample-format", retag(plain, {339: 1, 296: None}), values, quiet=True)
    yield same("present/page-number", tiff_pages(values, [(0, 3), (1, 3), (2, 3)]), values, quiet=True)
    yield same("present/subfile-type-2", tiff(values, subfiletype=2), values, quiet=True)
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as out:
        for page in values:  # a smaller picture below each page
            out.write(page, subifds=1, photometric="minisblack", metadata=None, software=False)
            out.write(page[::2, ::2], subfiletype=1, photometric="minisblack", metadata=None, software=False)
    yield same("present/sub-directories", file.getvalue(), values)

    for name, resolution, unit, size in (("centimetre", 1e7 / 3.2, "CENTIMETER", 3.2),
            ("inch", 2.54e7 / 12.7, "INCH", 12.7), ("centimetre-fine", 2e8, "CENTIMETER", 0.05)):
        data = tiff(values, resolution=(resolution, resolution), resolutionunit=unit)
        yield same(f"resolution/{name}", data, values, pixelSize=size, rowSpacing=size, quiet=True)
    yield same("resolution/300-dpi", tiff(values, resolution=(300, 300), resolutionunit="INCH"), values,
        quiet=True)
    data = tiff(values, resolution=(2.5e6, 2e6), resolutionunit="CENTIMETER")
    yield bent("resolution/not-square", data, "named", "square", "differ", "rows", "4 nm")

    for number, kind, *words in ((4, "either", "mask"), (5, "refused", "cmyk", "separated", "ink"),
            (6, "refused", "ycbcr", "samples"), (8, "refused", "lab"),
            (32803, "either", "cfa", "colour filter", "color filter", "bayer")):
        yield bent(f"photometric/{number}", retag(plain, {262: number}), kind, *words)
    preview = retag(plain, {254: 1, 296: None}, page=1)
    yield bent("pages/preview", preview, "either", "preview", "reduced", "thumbnail", "subfile")
    numbered = tiff_pages(values, [(2, 3), (0, 3), (1, 3)])
    yield bent("pages/page-numbers", numbered, "either", "PageNumber", "page number", "numbered")
    yield bent("pages/other-type", tiff_pages([*values[:2], values[2].astype("uint8")]), "refused", "page 3",
        "alike")
    yield bent("pages/other-size", tiff_pages([*values[:2], values[2, :, :6]]), "refused", "page 3", "alike")
    curve = [(291, 3, 256, list(range(256))[::-1], True)]
    yield bent("response-curve", tiff(ramp("uint8"), extratags=curve), "named", "response")
    yield bent("bits-12", retag(plain, {258: 12}), "refused", "12-bit", "12 bit")
    void = retag(tiff(ramp("uint32")), {339: 4, 296: None})
    yield bent("void-32-bit", void, "either", "void", "undefined", "SampleFormat", "sample format")
    yield bent("strips/byte-count-short", retag(plain, {279: 35}, page=1), "either", "strip", "35")
    yield bent("strips/no-rows", retag(plain, {278: 0}), "either", "RowsPerStrip", "rows per strip", "0 rows",
        "strip")
    for shape in ((1, 5, 7), (2, 5, 7)):  # planes behind the last strip, of one page and of three
        stack = tiff(values[:1] if shape[0] == 1 else values)
        yield bent(f"left-behind/{shape[0]}", stack + ramp("uint16", *shape).tobytes(), "either", *LEFT)
    for number, name, *words in ((50000, "zstd", "zstd", "zstandard"), (34925, "lzma", "lzma"),
            (7, "jpeg", "jpeg"), (50001, "webp", "webp"), (34712, "jpeg-2000", "jpeg 2000", "jpeg2000"),
            (34887, "lerc", "lerc"), (65000, "eer", "eer"), (32809, "thunderscan", "thunderscan"),
            (4, "fax", "fax", "group 4", "ccitt", "t.6")):
        whole = {50000, 34925, 34712, 34887}  # these tifffile can write
        data = tiff(values, compression=number) if number in whole else retag(plain, {259: number})
        yield bent(f"compression/{number}-{name}", data, "refused", *words)


def cases():
    yield from samples()
    yield from tags()
