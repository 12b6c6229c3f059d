"""The commands of scripts/pinned, and the keys of JSON that may differ."""
import re

# What belongs to the run and not to its result.
VOLATILE = {"seconds", "processor", "version", "voxtilt", "folder", "directory", "path", "started", "finished", "sha256", "modified", "machine", "bytes", "build",
            "compute", "total", "reading", "writing", "command", "schema", "threads", "memory", "byteCount", "peakMemory"}

# Where a key of today was before: (pattern, replacement), the first that fits.
MOVED = []
# Keys that older records had, or newer ones have, without a counterpart.
GONE = set()


def migrated(path):
    for pattern, old in MOVED:
        if re.fullmatch(pattern, path):
            return re.sub(pattern, old, path)
    return path


def without_times(text):
    return re.sub(r"[0-9.]+ (s|min|ms|MB|GB)\b", "#", text)


def without_seconds(table):
    """A CSV without its columns of seconds."""
    rows = [line.split(",") for line in table.splitlines()]
    kept = [i for i, name in enumerate(rows[0]) if "second" not in name] if rows else []
    return [[row[i] for i in kept if i < len(row)] for row in rows]


def prepare(folder):
    """Files that no command makes."""
    lines = ["energy,counts"]
    for i in range(256):
        energy = i - 20
        low = 10000 * 2.718281828**(-(energy / 2)**2 / 2) + (900 * 2.718281828**(-((energy - 16) / 3)**2 / 2) + 80 * 2.718281828**(-((energy - 32) / 4)**2 / 2))
        lines.append(f"{energy},{low:.4f}")
    (folder / "low.csv").write_text("\n".join(lines) + "\n")
    lines = ["energy,counts"]
    for i in range(256):
        energy = 400 + i
        lines.append(f"{energy},{5e9 * energy**-2.8 + (120 if energy > 500 else 0) * (energy / 500)**-3:.5f}")
    (folder / "core.csv").write_text("\n".join(lines) + "\n")
    signal = ["x,y"] + [f"{i},{10 + (50 if 40 < i < 60 else 0) + (i * 7919 % 13 - 6) * .2:.3f}" for i in range(128)]
    (folder / "signal.csv").write_text("\n".join(signal) + "\n")
    (folder / "order.txt").write_text("\n".join(str(i + 1) for i in range(29)) + "\n")


SERIES = "s.tif --tilts -70:70:5"
COMMANDS = [
    ("phantom", "phantom phantoms/particles.json --size 48,24,48 --out truth.tif --json", 0),
    ("series", "simulate phantoms/particles.json --size 48,24,48 --tilts -70:70:5 --noise 2% --seed 1 --out s.tif --json", 0),
    ("from-volume", "simulate truth.tif --tilts -60:60:10 --noise 5% --seed 2 --out v.tif --json", 0),
    ("counts", "simulate phantoms/particles.json --size 48,24,48 --tilts -70:70:5 --counts 20 --counts-as counts --seed 3 --out c.mrc --json", 0),
    ("info", "info s.tif --json", 0),
    ("check", f"check {SERIES} --json --out check.json", 0),
    ("fbp", f"reconstruct {SERIES} --method fbp --window hann --out fbp.tif --json", 0),
    ("sirt", f"reconstruct {SERIES} --method sirt --iterations 20 --non-negative --out sirt.tif --json", 0),
    ("sirt-stop", f"reconstruct {SERIES} --method sirt --iterations 50 --stop-change 1e-3 --multiresolution --out coarse.tif --json", 0),
    ("sart", f"reconstruct {SERIES} --method sart --iterations 3 --order random --seed 4 --out sart.tif --json", 0),
    ("os-sart", f"reconstruct {SERIES} --method os-sart --iterations 5 --subsets 4 --out ossart.mrc --json", 0),
    ("cgls", f"reconstruct {SERIES} --method cgls --iterations 8 --out cgls.tif --json", 0),
    ("mlem", "reconstruct c.mrc --tilts -70:70:5 --method mlem --iterations 10 --out mlem.tif --json", 0),
    ("osem", "reconstruct c.mrc --tilts -70:70:5 --method osem --iterations 4 --subsets 4 --out osem.tif --json", 0),
    ("tv-sart", f"reconstruct {SERIES} --method tv-sart --iterations 5 --out tvsart.tif --json", 0),
    ("halving", f"reconstruct {SERIES} --method tv-sart --choose halving --noise 0.5 --iterations 5 --out halved.tif --json", 0),
    ("dart", f"reconstruct {SERIES} --method dart --levels 2 --iterations 5 --out dart.tif --json", 0),
    ("cs", f"reconstruct {SERIES} --method cs --lambda 0.02 --iterations 60 --out cs.tif --json", 0),
    ("cs-auto", f"reconstruct {SERIES} --method cs --lambda auto --iterations 60 --out csauto.tif --json", 0),
    ("cs-rules", f"reconstruct {SERIES} --method cs --lambda auto --choose discrepancy --regulariser gradient --iterations 60 --out csrule.tif --json", 0),
    ("cs-priors", f"reconstruct {SERIES} --method cs --lambda auto --regulariser auto --iterations 40 --out cspriors.tif --json", 0),
    ("cs-wavelet", f"reconstruct {SERIES} --method cs --regulariser wavelet --lambda 0.02 --solver fista --unconstrained --iterations 40 --out cswavelet.tif --json", 0),
    ("cs-nlm", f"reconstruct {SERIES} --method cs --regulariser nlm --lambda 0.1 --nlm-freeze 12 --iterations 30 --out csnlm.tif --json", 0),
    ("cs-weights", f"reconstruct {SERIES} --method cs --lambda 1e-3 --weights transmission --iterations 40 --out csweights.tif --json", 0),
    ("cs-poisson", "reconstruct c.mrc --tilts -70:70:5 --method cs --fidelity poisson --lambda auto --iterations 60 --out cspoisson.tif --json", 0),
    ("cs-few", "reconstruct v.tif --tilts -60:60:10 --method cs --lambda auto --iterations 60 --out csfew.tif --json", 0),
    ("compare", "compare sirt.tif truth.tif --json", 0),
    ("slices", "slices sirt.tif fbp.tif --out slices.png --json", 0),
    ("sequence", "slices sirt.tif --sequence film/ --along x --json", 0),
    ("quality", "quality sirt.tif --json --out q", 0),
    ("fsc", "fsc sirt.tif fbp.tif --json --out fsc", 0),
    ("report", "report sirt.tif --out report.html --json", 0),
    ("wedge", "wedge --tilts -70:70:5 --out coverage --json", 0),
    ("wedge-psf", "wedge --tilts -70:70:5 --method sirt --iterations 10 --size 33,33,33 --out response --json", 0),
    ("wedge-split", "wedge sirt.tif --truth truth.tif --out inferred.tif --json", 0),
    ("wedge-mask", "wedge --tilts -70:70:5 --write-mask mask.tif --size 32,16,32 --soft 2 --json", 0),
    ("damage", "damage s.tif --tilts -70:70:5 --order order.txt --dose 1e4 --out damage --json", 0),
    ("plan", "plan --phantom phantoms/core-shell.json --size 32,16,32 --dose 1e4 --range 70 --counts 11,21 --methods fbp,sirt --repeats 2 --out plan --json", 0),
    ("prepare", "prepare s.tif --tilts -70:70:5 --hot-pixels --dead-lines --bin 2 --taper 4 --out prepared.tif --json", 0),
    ("prepare-log", "prepare c.mrc --tilts -70:70:5 --background vacuum --normalise total --exclude 3 --out background.mrc --json", 0),
    ("align", "align s.tif --tilts -70:70:5 --out aligned.tif --json", 0),
    ("deblur", "deblur v.tif --psf gaussian:1.5px --method tv --lambda auto --iterations 80 --out deblurred.tif --json", 0),
    ("deblur-tikhonov", "deblur v.tif --psf gaussian:1.5px --method tikhonov --lambda auto --choose gcv --out tikhonov.tif --json", 0),
    ("deblur-signal", "deblur signal signal.csv --psf gaussian:3px --method tikhonov --lambda auto --out signal-out.csv --json", 0),
    ("spectrum-log", "spectrum low.csv --method fourier-log --out single.csv --json", 0),
    ("spectrum-background", "spectrum core.csv --method background --edge 500 --window 420:490 --out edge.csv --json", 0),
    ("spectral", "simulate phantoms/spectral/particle.json --spectral --counts 20 --tilts -70:70:10 --size 24,12,24 --out counts --json", 0),
    ("spectra-info", "spectra info counts --json", 0),
    ("spectra-sirt", "spectra reconstruct counts --method sirt --iterations 10 --energies 500:560 --out channels --json", 0),
    ("spectra-cs", "spectra reconstruct counts --method cs --iterations 40 --energies 500:540 --out channels-cs --json", 0),
    ("spectra-joint", "spectra reconstruct counts --method cs --joint collaborative --energies 500:540 --iterations 40 --out joint --json", 0),
    ("spectra-maps", "spectra maps counts --elements O,Fe --out maps --json", 0),
    ("spectra-denoise", "spectra denoise counts --out denoised --json", 0),
    ("haadf-2d", "simulate phantoms/fusion-haadf.json --size 48,24,48 --tilts -70:70:5 --noise 2% --seed 5 --out h3.tif --json", 0),
    ("gold", "simulate phantoms/fusion-Au.json --size 48,24,48 --tilts -70:70:10 --counts 10 --counts-as counts --seed 6 --out au3.tif --json", 0),
    ("nickel", "simulate phantoms/fusion-Ni.json --size 48,24,48 --tilts -70:70:10 --counts 10 --counts-as counts --seed 7 --out ni3.tif --json", 0),
    ("fuse", "fuse --haadf h3.tif --tilts -70:70:5 --map Au=au3.tif:-70:70:10 --map Ni=ni3.tif:-70:70:10 --out fused.tif --json", 0),
    ("haadf", "simulate phantoms/fusion-haadf.json --size 64,48,64 --tilts 0:0:1 --noise 2% --seed 8 --out h2.tif --json", 0),
    ("gold-map", "simulate phantoms/fusion-Au.json --size 64,48,64 --tilts 0:0:1 --counts 10 --counts-as counts --seed 9 --out au2.tif --json", 0),
    ("nickel-map", "simulate phantoms/fusion-Ni.json --size 64,48,64 --tilts 0:0:1 --counts 10 --counts-as counts --seed 10 --out ni2.tif --json", 0),
    ("fuse-image", "fuse --haadf h2.tif --map Au=au2.tif --map Ni=ni2.tif --out image.tif --json", 0),
    ("lab", "lab u-curve --out lab --json", 0),
    ("pipeline", "pipeline c.mrc --tilts -70:70:5 --out piped --json", 0),
]
