"""The rows of scripts/memory-table for all commands but reconstruct: one function per command.

Each yields the words of its runs, and makes the files that they need in the present folder.
"""
import array
import os
import random
import struct
import subprocess

PHANTOMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "phantoms")
# Set by the table.
VOXTILT = ""


def phantom(name):
    return os.path.join(PHANTOMS, name + ".json")


def make(*words):
    subprocess.run([VOXTILT, *words, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def volume(name, size):
    path = f"{name}.tif"
    if not os.path.exists(path):
        make("phantom", phantom("particles"), "--size", size, "--out", path)
    return path


def series(name, size, tilts, recipe="particles", noise=("--noise", "2%")):
    path = f"{name}.tif"
    if not os.path.exists(path):
        make("simulate", phantom(recipe), "--size", size, "--tilts", tilts, *noise, "--out", path)
    return path


def pages(name, columns, rows, count):
    """Noise with spikes, as MRC."""
    path = f"{name}.mrc"
    if os.path.exists(path):
        return path
    chance = random.Random(1)
    values = array.array("f", [chance.gauss(10, 1) for _ in range(7 * columns)])
    header = bytearray(1024)
    struct.pack_into("<4i", header, 0, columns, rows, count, 2)
    struct.pack_into("<3i", header, 28, columns, rows, count)
    header[208:214] = b"MAP \x44\x44"
    with open(path, "wb") as file:
        file.write(header)
        for _ in range(count * rows):
            start = chance.randrange(6 * columns)
            row = values[start:start + columns]
            row[chance.randrange(columns)] = 500
            file.write(row.tobytes())
    return path


def signal(count):
    path = f"signal{count}.csv"
    if not os.path.exists(path):
        chance = random.Random(2)
        with open(path, "w") as file:
            file.write("x,y\n")
            for i in range(count):
                high = 50 if count // 3 < i < count // 2 else 0
                file.write(f"{i},{chance.gauss(10, 1) + high}\n")
    return path


def spectra():
    if not os.path.exists("counts"):
        make("simulate", phantom("spectral/particle"), "--spectral", "--counts", "20",
             "--tilts", "-70:70:10", "--size", "128,128,128", "--out", "counts")
    return "counts"


def check():
    yield ["check", series("s256", "256,256,256", "-70:70:5"), "--tilts", "-70:70:5"]
    yield ["check", pages("p2048", 2048, 2048, 5), "--tilts", "-60:60:30"]
    yield ["check", pages("p4096", 4096, 4096, 5), "--tilts", "-60:60:30", "--picture", "out.svg"]


def prepare():
    words = ["prepare", pages("p4096", 4096, 4096, 5), "--tilts", "-60:60:30"]
    yield [*words, "--out", "out.mrc"]
    yield [*words, "--dead-lines", "--hot-pixels", "--normalise", "total", "--out", "out.mrc"]
    yield [*words, "--background", "plane", "--bin", "2", "--out", "out.tif"]
    yield [*words, "--flat", pages("p4096", 4096, 4096, 5), "--out", "out.tif"]
    yield [*words, "--pad", "200", "--taper", "20", "--out", "out.tif"]


def align():
    quick = ["--rounds", "1", "--axis-range", "0", "--offset-range", "0", "--iterations", "1"]
    large = ["align", pages("p4096", 4096, 4096, 5), "--tilts", "-60:60:30", "--method", "sirt"]
    yield [*large, *quick, "--finest", "96", "--out", "out.mrc"]
    small = ["align", series("s256", "256,256,256", "-70:70:5"), "--tilts", "-70:70:5"]
    yield [*small, *quick, "--out", "out.tif"]
    yield [*small, *quick, "--method", "tv", "--out", "out.tif"]


def fuse():
    counts = ("--counts", "20", "--counts-as", "counts")
    for size, tilts, more, wait in [
        ("128,64,128", "-70:70:20", ["--tilts", "-70:70:20"], []),
        ("128,96,128", "-60:60:30", ["--tilts", "-60:60:30", "--lambda2", "1"], []),
        ("512,512,64", "0:0:1", [], []),
        ("1024,1024,64", "0:0:1", [], []),
        ("1024,1024,64", "0:0:1", ["--psf", "1.5"], []),
    ]:
        name = size.replace(",", "x")
        files = [series(f"{part}{name}{len(tilts)}", size, tilts, f"fusion-{part}", counts)
                 for part in ("haadf", "Au", "Ni")]
        yield ["fuse", "--haadf", files[0], "--map", "Au=" + files[1], "--map", "Ni=" + files[2],
               *more, "--out", "out.tif"]


def spectra_():
    data = spectra()
    window = ["--energies", "500:560"]
    yield ["spectra", "maps", data, "--elements", "O,Fe", "--out", "out"]
    yield ["spectra", "maps", data, "--elements", "O", "--background-scope", "pixel", "--out", "out"]
    yield ["spectra", "denoise", data, "--out", "out"]
    yield ["spectra", "reconstruct", data, "--method", "fbp", *window, "--out", "out"]
    yield ["spectra", "reconstruct", data, "--method", "sirt", "--iterations", "2", *window, "--out", "out"]
    yield ["spectra", "reconstruct", data, "--method", "cs", "--lambda", "1", "--iterations", "2",
           *window, "--out", "out"]
    yield ["spectra", "reconstruct", data, "--method", "cs", "--joint", "nuclear", "--lambda", "1",
           "--iterations", "2", *window, "--out", "out"]
    yield ["spectra", "reconstruct", data, "--method", "fbp", "--elements", "O,Fe", "--out", "out"]
    if not os.path.exists("volumes"):
        make("spectra", "reconstruct", data, "--method", "fbp", *window, "--out", "volumes")
    yield ["spectra", "extract", "volumes", "--box", "20:30,20:30,20:30", "--out", "out.csv"]


def deblur():
    image = ["deblur", pages("i2048", 2048, 2048, 1), "--psf", "gaussian:2px", "--out", "out.mrc"]
    for more in (
        ["--lambda", "0.01"], [], ["--lambda", "0.01", "--ends", "periodic"],
        ["--lambda", "0.01", "--ends", "zero", "--iterations", "3"], ["--method", "wiener"],
        ["--method", "tv", "--iterations", "3", "--lambda", "0.01"],
        ["--method", "tv", "--iterations", "3"],
        ["--method", "l1", "--iterations", "3", "--lambda", "0.01"],
        ["--method", "richardson-lucy", "--iterations", "3"],
        ["--method", "richardson-lucy-tv", "--iterations", "3"],
        ["--method", "z-map", "--iterations", "3", "--lambda", "0.01"],
    ):
        yield [*image, *more]
    yield ["deblur", pages("i4096", 4096, 4096, 1), "--psf", "gaussian:2px", "--lambda", "0.01",
           "--out", "out.mrc"]
    stack = ["deblur", pages("i1000", 1000, 1000, 8), "--psf", "gaussian:2px", "--lambda", "0.01",
             "--out", "out.mrc"]
    yield stack
    yield [*stack, "--volume"]
    yield [*stack, "--volume", "--method", "tv", "--iterations", "3"]
    line = ["deblur", signal(1500), "--psf", "gaussian:3px", "--out", "out.csv"]
    yield [*line, "--lambda", "0.1"]
    yield [*line, "--method", "tv", "--lambda", "0.1"]
    yield [*line, "--method", "richardson-lucy"]
    yield [*line[:1], signal(1000), *line[2:]]


def spectrum():
    if not os.path.exists("edge.csv"):
        with open("edge.csv", "w") as file:
            file.write("energy_eV,counts\n")
            for i in range(20000):
                energy = 300 + 0.01 * i
                file.write(f"{energy},{int(1e6 * (energy / 300) ** -3)}\n")
    yield ["spectrum", "edge.csv", "--method", "background", "--edge", "401", "--window", "340:398",
           "--out", "out.csv"]


def slices():
    file = volume("v256", "256,256,256")
    yield ["slices", file, "--out", "out.png"]
    yield ["slices", file, file, "--zoom", "4", "--out", "out.png"]
    yield ["slices", file, "--sequence", "film/"]
    yield ["slices", file, "--sequence", "film/", "--along", "y"]


def compare():
    file = volume("v256", "256,256,256")
    yield ["compare", file, file]
    yield ["compare", file, file, "--mask", file]


def fsc():
    for side in (128, 256):
        file = volume(f"v{side}", f"{side},{side},{side}")
        yield ["fsc", file, file, "--tilts", "-70:70:2"]


def quality():
    for method, more in (("fbp", []), ("sirt", ["--iterations", "3"]), ("cs", ["--iterations", "3", "--lambda", "0.01"])):
        path = f"r{method}.tif"
        if not os.path.exists(path):
            make("reconstruct", series("s192", "192,192,192", "-70:70:5"), "--tilts", "-70:70:5",
                 "--method", method, *more, "--out", path)
        yield ["quality", path, "--out", "out"]


def wedge():
    tilts = ["--tilts", "-70:70:2"]
    yield ["wedge", *tilts, "--out", "out"]
    yield ["wedge", *tilts, "--method", "sirt", "--iterations", "3", "--size", "193,193,193"]
    yield ["wedge", *tilts, "--method", "fbp", "--size", "193,193,193"]
    file = volume("v256", "256,256,256")
    yield ["wedge", file, *tilts, "--out", "out.tif"]
    yield ["wedge", file, *tilts, "--truth", file, "--out", "out.tif"]


def phantom_():
    for size in ("192,192,192", "320,256,320"):
        yield ["phantom", phantom("particles"), "--size", size, "--out", "out.tif"]


def simulate():
    words = ["simulate", phantom("particles"), "--size", "512,512,64", "--tilts", "-70:70:2"]
    yield [*words, "--out", "out.tif"]
    yield [*words, "--noise", "2%", "--out", "out.mrc"]
    yield ["simulate", phantom("sphere"), "--size", "8,8,8", "--tilts", "0:89:0.001", "--out", "out.tif"]
    yield ["simulate", volume("v256", "256,256,256"), "--tilts", "-70:70:2", "--noise", "2%",
           "--out", "out.tif"]
    scene = ["simulate", phantom("spectral/particle"), "--spectral", "--counts", "20", "--tilts",
             "-70:70:10", "--size", "160,160,160", "--out", "out"]
    yield scene
    yield [*scene, "--truth"]


def plan():
    words = ["plan", "--phantom", phantom("core-shell"), "--dose", "1e4", "--range", "70",
             "--counts", "11,21", "--size", "160,160,160", "--out", "out"]
    yield [*words, "--methods", "fbp"]
    yield [*words, "--methods", "sirt"]


def damage():
    if not os.path.exists("order.txt"):
        with open("order.txt", "w") as file:
            file.write("".join(f"{i}\n" for i in range(1, 30)))
    file = series("s512", "512,512,64", "-70:70:5")
    yield ["damage", file, "--tilts", "-70:70:5", "--order", "order.txt", "--out", "out"]


def report():
    yield ["report", next(iter(quality()))[1], "--quick", "--out", "out.html"]
    if not os.path.exists("r256.tif"):
        make("reconstruct", series("s256", "256,256,256", "-70:70:5"), "--tilts", "-70:70:5",
             "--method", "fbp", "--out", "r256.tif")
    yield ["report", "r256.tif", "--quick", "--out", "out.html"]


COMMANDS = {
    "check": check, "prepare": prepare, "align": align, "fuse": fuse, "spectra": spectra_,
    "deblur": deblur, "spectrum": spectrum, "slices": slices, "compare": compare,
    "quality": quality, "fsc": fsc, "wedge": wedge, "phantom": phantom_, "simulate": simulate,
    "plan": plan, "damage": damage, "report": report,
}


# Commands that take no --threads.
THREADLESS = {"slices", "damage", "spectrum"}


def takes_threads(words):
    is_signal = words[0] == "deblur" and words[1].endswith(".csv")
    return words[0] not in THREADLESS and not is_signal and words[1] != "extract"


def rows(binary, only):
    """The words of every run whose command and words hold all of `only`."""
    global VOXTILT
    VOXTILT = binary
    wanted = only.split()
    for name, runs in COMMANDS.items():
        # Files are made only for commands that are wanted.
        if any(word in COMMANDS or word == "reconstruct" for word in wanted) and name not in wanted:
            continue
        for words in runs():
            if all(word in " ".join(words) for word in wanted):
                yield words
