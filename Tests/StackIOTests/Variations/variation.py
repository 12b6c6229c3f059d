"""What both kinds of cases share: sample values, and how a case says what is expected of it."""

import hashlib

import numpy as np


def ramp(kind, *shape):
    """Values from the least to the greatest of an integer type; roots of 0, 1, 2, … less 3 as floats."""
    kind = np.dtype(kind)
    shape = shape or (3, 5, 7)
    index = np.arange(np.prod(shape)).reshape(shape)
    if kind.kind == "f":
        return (np.sqrt(index) - 3).astype(kind)
    low, high = np.iinfo(kind).min, np.iinfo(kind).max
    return (low + index * ((high - low) // max(1, index.size - 1))).astype(kind)


def exact(name, files, shown, **facts):
    """A case that must be read: `files` by name, the stack first; `shown` is [page][row][column]."""
    shown = np.asarray(shown).reshape((-1,) + np.shape(shown)[-2:])
    digest = hashlib.sha256(np.ascontiguousarray(shown, "<f4").tobytes()).hexdigest()
    return {"name": name, "files": files, "exact": {"shape": list(shown.shape), "sha256": digest, **facts}}


def told(name, files, kind, *words):
    """A case that contradicts itself: one of `words` must stand in the error or in a note."""
    assert kind in ("refused", "named", "either") and words
    return {"name": name, "files": files, "contradiction": {"words": list(words), "kind": kind}}
