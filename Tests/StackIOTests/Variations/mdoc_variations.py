"""Cases of SerialEM's notes (.mdoc) and of angles beside an MRC stack."""

from mrc_variations import TILTS, bent, headed, mrc, same, seri
from tiff_variations import tiff
from variation import exact, ramp


def mdoc(tilts=TILTS, key="ZValue", order=None, end="\n", size=45, image="s.mrc", pixels="7 5", mode=2,
        title="", more="", angle="{}", numbers=None):
    """SerialEM's notes: one section a page, with the dose 2.5 e/Å²."""
    lines = [f"PixelSpacing = {size}", "Voltage = 300", f"ImageFile = {image}", f"ImageSize = {pixels}",
        f"DataMode = {mode}", "", "[T = SerialEM: a title]", title, ""]
    for page in order or range(len(tilts)):
        lines += [f"[{key} = {numbers[page] if numbers else page}]",
            f"TiltAngle = {angle.format(tilts[page])}", "StagePosition = 1.5 -2.25", more,
            "ExposureDose = 2.5", ""]
    return (end.join(lines) + end).encode()


def notes():
    """SerialEM's notes beside a stack."""
    values = ramp("float32")
    plain = mrc(values, voxel=None)
    facts = {"tilts": list(TILTS), "doses": [2.5] * 3, "pixelSize": 4.5, "rowSpacing": 4.5, "quiet": True}
    drop = lambda text, line: b"\n".join(part for part in text.split(b"\n") if part != line)
    for name, text in (("plain", mdoc()), ("crlf", mdoc(end="\r\n")),
            ("odd-keys", mdoc(more="Größe = µ\nTiltAngleOffset = 3\nKey=Value=More\n= 7\nTiltAngle")),
            ("empty-values", mdoc(more="SubFramePath =\nNavigatorLabel = ")),
            ("turned-sections", mdoc(order=(2, 0, 1))), ("bom", b"\xef\xbb\xbf" + mdoc()),
            ("comments", b"# TiltAngle = 5\n; a comment\n" + mdoc(more="# TiltAngle = 5")),
            ("no-spaces", mdoc().replace(b" = ", b"=")),
            ("exponents", mdoc(tilts=(-60.5, 0.0, 60.5), angle="{:.4e}")),
            ("no-last-line-end", mdoc().rstrip())):
        yield same(f"mdoc/{name}", plain, values, beside={"s.mrc.mdoc": text}, **facts)
    for words, angle in (("    Tilt axis angle = 1.5, binning = 1  spot = 8  camera = 0", 1.5),
            ("    Tilt axis angle = 85.3, binning = 1  spot = 8  camera = 0", 85.3),
            ("Tilt axis angle = -94.5, binning = 2 bidir = 0.0", -94.5),
            ("TiltAxisAngle = -4.25, Binning = 1, SpotSize = 7", -4.25)):
        yield same(f"mdoc/axis/{angle}", plain, values, beside={"s.mrc.mdoc": mdoc(title=f"[T = {words}]")},
            axisAngle=angle, **facts)
    yield same("mdoc/short-name", plain, values, beside={"s.mdoc": mdoc()}, **facts)
    yield same("mdoc/st", plain, values, beside={"s.st.mdoc": mdoc(image="s.st")}, main="s.st", **facts)
    beside_tiff = {"s.tif": tiff(values), "s.tif.mdoc": mdoc(image="s.tif")}
    yield exact("mdoc/tiff", beside_tiff, values, **facts)
    yield same("mdoc/agrees", headed(values, seri(37), voxel=(45, 45, 45)), values,
        beside={"s.mrc.mdoc": mdoc()}, **facts)

    for name, text, kind, *words in (("frame-sets", mdoc(key="FrameSet"), "either", "FrameSet"),
            ("two-numbers", mdoc().replace(b"60.5", b"60 5"), "either", "60 5"),
            ("no-number", mdoc().replace(b"ZValue = 1", b"ZValue = one"), "either", "ZValue = one"),
            ("far-apart", mdoc(numbers=(-9e18, 0, 9e18)).replace(b"e+18", b"0" * 18), "either", "ZValue"),
            ("no-angle", drop(mdoc(), b"TiltAngle = 0.0"), "either", "TiltAngle", "section 1"),
            ("decimal-comma", mdoc().replace(b"60.5", b"60,5"), "either", "comma", "60,5"),
            ("four-sections", mdoc((*TILTS, 70.5)), "either", "sections"),
            ("two-sections", mdoc(TILTS[:2]), "either", "sections"),
            ("twice", mdoc(numbers=(0, 1, 1)), "either", "twice", "ZValue"),
            ("gap", mdoc(numbers=(0, 1, 5)), "either", "ZValue", "section"),
            ("image-size", mdoc(pixels="14 10"), "named", "ImageSize"),
            ("pixel-spacing", mdoc(size=90), "named", "PixelSpacing"),
            ("data-mode", mdoc(mode=1), "named", "DataMode"),
            ("image-file", mdoc(image="other.mrc"), "named", "ImageFile", "other.mrc"),
            ("nan-angle", mdoc((-60.5, float("nan"), 60.5)), "either", "TiltAngle", "finite", "nan"),
            ("equal-angles", mdoc((3.0, 3.0, 3.0)), "either", "both", "equal", "same", "identical"),
            ("empty", b"", "either", ".mdoc")):
        yield bent("mdoc/" + name, mrc(values, voxel=(45, 45, 45)), kind, *words, beside={"s.mrc.mdoc": text})
    differ = ("disagree", "differ", "contradict", "do not agree", "other angles")
    other, text = (-30.0, 0.0, 30.0), b"-30\n0\n30\n"
    header, bare = headed(values, seri(1), voxel=(45, 45, 45)), mrc(values, voxel=(45, 45, 45))
    for name, stack, beside in (("header-mdoc", header, {"s.mrc.mdoc": mdoc(other)}),
            ("header-rawtlt", header, {"s.rawtlt": text}),
            ("mdoc-rawtlt", bare, {"s.mrc.mdoc": mdoc(), "s.rawtlt": text}),
            ("all-three", header, {"s.mrc.mdoc": mdoc((-45.0, 0.0, 45.0)), "s.rawtlt": text}),
            ("sign", header, {"s.mrc.mdoc": mdoc(TILTS[::-1])}),
            ("rawtlt-of-two", header, {"s.rawtlt": b"-60.5\n0\n"})):
        yield bent("angles/" + name, stack, "either", *differ,
            *(["2 angles", "2 tilt angles"] if "two" in name else []), beside=beside)


def cases():
    yield from notes()
