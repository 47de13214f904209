"""A limit law, asked on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._program import Handle, HasHandle, ask_law, forget
from ._table import Tabular
from ._values import number, read_array, sent_array

Values = Union[float, NDArray[np.float64]]
# Points that are asked at once: an interruption waits for no more.
_CHUNK = 1 << 19


@dataclass(frozen=True)
class Atom:
    """A point that carries mass."""

    at: float
    mass: float


@dataclass(frozen=True)
class Outlier:
    """Eigenvalues predicted outside the support: below it, above it, or in a gap."""

    at: float
    multiplicity: int
    side: str


class Law(Tabular, HasHandle):
    """A limit law of eigenvalues: a density on finitely many intervals, and atoms.

    Functions are named as in ``scipy.stats`` and take numbers or arrays of any shape. There is no ``rvs``: eigenvalues
    of a matrix repel each other, so that independent draws of their law are no spectrum; ``limitlaw.sample`` draws
    spectra. A law can be copied, pickled and used after a fork.
    """

    def __init__(
        self, naming: Dict[str, Any], folder: str, report: Mapping[str, Any], handle: Optional[Handle]
    ) -> None:
        self.naming = naming
        self.folder = folder
        self.handle = handle
        #: All that the program says of the law.
        self.data: Mapping[str, Any] = report

    def pdf(self, x: ArrayLike) -> Values:
        """Density of the part without atoms; infinite at a hard edge, 0 outside the support."""
        return self._at("pdf", x)

    def cdf(self, x: ArrayLike) -> Values:
        """Share of eigenvalues of at most x, atoms included."""
        return self._at("cdf", x)

    def sf(self, x: ArrayLike) -> Values:
        """Share of eigenvalues above x, with all its digits where it is small."""
        return self._at("sf", x)

    def ppf(self, q: ArrayLike) -> Values:
        """Quantile: the least x with cdf(x) >= q; NaN where q is no probability."""
        return self._at("ppf", q)

    def moment(self, order: ArrayLike) -> Values:
        """Raw moment, the mean of x to the power of ``order``, a whole number from 0 to 20."""
        return self._at("moment", order)

    def mean(self) -> float:
        return float(self.moment(1))

    def var(self) -> float:
        first, second = np.asarray(self.moment([1, 2]))
        return float(second - first * first)

    def std(self) -> float:
        return float(np.sqrt(self.var()))

    def median(self) -> float:
        return float(self.ppf(0.5))

    @property
    def aspect_ratio(self) -> Optional[float]:
        """d/N, of a law that has one."""
        found = self.data.get("aspectRatio")
        return None if found is None else number(found)

    @property
    def support(self) -> NDArray[np.float64]:
        """Intervals with a density, ascending, one a row."""
        return np.array(self.data["support"], dtype=np.float64).reshape(-1, 2)

    @property
    def atoms(self) -> Tuple[Atom, ...]:
        """Points that carry mass, ascending."""
        return tuple(Atom(number(atom["at"]), number(atom["mass"])) for atom in self.data["atoms"])

    @property
    def outliers(self) -> Tuple[Outlier, ...]:
        """Eigenvalues predicted outside the support, in addition to the law."""
        return tuple(
            Outlier(number(found["at"]), int(found["multiplicity"]), str(found["side"]))
            for found in self.data["outliers"]
        )

    @property
    def note(self) -> Optional[str]:
        """What to mind."""
        return self.data.get("note")

    @property
    def scale(self) -> Optional[str]:
        """What eigenvalues are measured in, where not themselves."""
        return self.data.get("scale")

    def _at(self, function: str, points: ArrayLike) -> Values:
        given = np.asarray(points)
        if np.iscomplexobj(given):
            raise TypeError(f"{function} takes real numbers, got complex ones")
        array = given.astype(np.float64)
        flat = array.reshape(-1)
        parts = [self._asked(function, flat[start : start + _CHUNK]) for start in range(0, flat.size, _CHUNK)]
        found = np.concatenate(parts).reshape(array.shape) if parts else np.empty(array.shape)
        return float(found) if found.ndim == 0 else found

    def _asked(self, function: str, points: NDArray[np.float64]) -> NDArray[np.float64]:
        answer = ask_law(self, {"function": function, "at": sent_array(points)})
        return read_array(answer["values"])

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "handle": None}

    def __del__(self) -> None:
        # At the end of Python nothing may be left of what this calls.
        if forget is not None:
            forget(getattr(self, "handle", None))

    def _title(self) -> str:
        named = ", ".join(f"{name}={_named(value)}" for name, value in self.naming.items())
        return f"limitlaw.law({named})"

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        facts: List[Tuple[str, Any]] = [("support", _intervals(self.support))]
        facts += [(f"atom at {atom.at:.6g}", f"mass {atom.mass:.6g}") for atom in self.atoms]
        facts += [
            ("outlier", f"{found.at:.6g} ({found.side}{_times(found.multiplicity)})")
            for found in self.outliers
        ]
        if self.scale is not None:
            facts.append(("in units of", self.scale))
        if self.note is not None:
            facts.append(("note", self.note))
        return facts


def _times(multiplicity: int) -> str:
    return f", {multiplicity} times" if multiplicity > 1 else ""


def _named(value: Any) -> str:
    return "array" if isinstance(value, dict) else repr(value)


def _intervals(support: NDArray[np.float64]) -> str:
    """Of many intervals the outer ones."""
    shown = [f"[{lower:.6g}, {upper:.6g}]" for lower, upper in support]
    if len(shown) > 12:
        shown[3:-3] = [f"… ({len(shown) - 6} more)"]
    return " ∪ ".join(shown) or "none"
