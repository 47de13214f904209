"""Files of probes: norms of blocks from their definition, and signs for which means over probes are exact."""

import json

import numpy as np

from .folders import Folders


def hadamard(_seed, _name, _block, probe, count):
    """Row `probe` of Sylvester's Hadamard matrix of `count`, a power of 2: (-1)^(bits that both have)."""
    assert count & (count - 1) == 0 and probe < count
    return np.array([(-1) ** bin(probe & entry).count("1") for entry in range(count)])


def block_norms(hessian, block_of_entry):
    """Squared Frobenius norms of the blocks of a matrix, from its definition."""
    blocks = [np.flatnonzero(block_of_entry == b) for b in range(block_of_entry.max() + 1)]
    return np.array([[np.square(hessian[np.ix_(a, b)]).sum() for b in blocks] for a in blocks])


class Probes(Folders):
    def new(self):
        return self.path("probes", ".npz")

    def load(self, file):
        with np.load(file) as arrays:
            found = dict(arrays)
        return found, json.loads(bytes(found.pop("about")).decode())

    def holds(self, found, name, kind, norms, tolerance=1e-10):
        """Means over all signs are the norms of each probed block, on the diagonal and beside it."""
        picked = found[f"{name}/blocks"]
        diagonal, off = (found[f"{name}/{kind}/{each}"].mean(axis=1) for each in ("diagonal", "off"))
        own = norms[picked, picked]
        np.testing.assert_allclose(diagonal, own, rtol=tolerance)
        np.testing.assert_allclose(off, norms[:, picked].sum(axis=0) - own, rtol=tolerance, atol=1e-30)
        np.testing.assert_allclose(found[f"{name}/{kind}/row"], norms[:, picked].T, rtol=tolerance, atol=1e-30)
