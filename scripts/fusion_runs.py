"""Runs of fuse by fusion-map-study, and its tables."""
import concurrent.futures, json, pathlib, subprocess, tempfile, time

import numpy as np
import tifffile


class Fusion:
    """One run of fuse: what it says (JSON), what it writes, in units of the maps' pixels, and its words if it refuses."""
    def __init__(self, binary, haadf, maps, *options):
        self.refusal, self.levels, self.elements, self.facts = None, {}, {}, {}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            tifffile.imwrite(folder / "h.tif", haadf.astype(np.float32))
            words = [binary, "fuse", "--haadf", folder / "h.tif", "--out", folder / "f.tif", "--json", "--force", "--threads", 1, *options]
            for element, counts in maps.items():
                tifffile.imwrite(folder / f"{element}.tif", counts.astype(np.float32))
                words += ["--map", f"{element}={folder / element}.tif"]
            start = time.monotonic()
            made = subprocess.run([str(word) for word in words], capture_output=True, text=True)
            self.seconds = time.monotonic() - start
            if made.returncode:
                self.refusal, self.consistent = (made.stderr.strip() or f"exit {made.returncode}").splitlines()[-1], None
                return
            told = json.loads(made.stdout)
            sidecars = [json.loads((folder / f"f.{element}.json").read_text())["settings"] for element in maps]
            fell_back = any(settings["fellBack"] for settings in sidecars)
            self.consistent = (told["consistent"] if "consistent" in told else not told["contradicted"]) and not fell_back
            self.elements = {element["symbol"]: element for element in told["elements"]}
            self.levels = {symbol: tifffile.imread(folder / f"f.{symbol}.tif").astype(float) * element["scale"]
                           for symbol, element in self.elements.items()}
            self.facts = {"model": sidecars[0]["haadfModel"], "contradicted": told.get("contradicted", []), "haadf": told["haadf"]}

    def said(self):
        if self.refusal:
            return f"**refused**: {self.refusal}"
        return "yes" if self.consistent else f"**no** ({', '.join(self.facts['contradicted']) or 'fell back'})"

    def chi2(self):
        """χ² of squares and of pixels, and the share of strange squares, of HAADF and of each map; the shift that was used."""
        if self.refusal:
            return self.refusal
        parts = {"HAADF": self.facts["haadf"], **{symbol: element["consistency"] for symbol, element in self.elements.items()}}
        words = [f"{name} {part['blockChi2']:.3g}, {part['pixelChi2']:.3g}, {part['strangeShare']:.3g}" for name, part in parts.items()]
        shifts = [element.get("shift") for element in self.elements.values()]
        return "; ".join(words) + "".join(f"; moved {s['right']:.2f}, {s['down']:.2f} ({s['source']})" for s in shifts[:1] if s)


def table(choice, head, jobs, row):
    """Prints a row for each job. `row` gives its cells, whether each of its figures is within the target, and what failed."""
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    verdicts, failures = [], []
    with concurrent.futures.ThreadPoolExecutor(choice.jobs) as pool:
        for cells, within, failure in pool.map(lambda job: row(choice, *job), jobs):
            verdicts += within
            failures += [failure] * bool(failure)
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    print("")
    for failure in failures:
        print(f"- outside: {failure}")
    print(f"{sum(verdicts)} of {len(verdicts)} within the target", flush=True)
