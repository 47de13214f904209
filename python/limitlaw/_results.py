"""What calls return: the main numbers by name, and in ``data`` all that the program says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from ._errors import as_arguments
from ._table import Tabular, shown
from ._values import interval, number

Interval = Tuple[float, float]


@dataclass(frozen=True, repr=False)
class RatioRow:
    """At one number of classes: r with its standard error, C^exponent r, and what that tends to."""

    classes: float
    ratio: float
    error: float
    scaled: float
    limit: float


@dataclass(frozen=True, repr=False)
class Ratio(Tabular):
    """Squared Frobenius norms, off-diagonal over diagonal; ``ratio`` falls like C^-exponent."""

    aspect_ratio: float
    exponent: int
    rows: Tuple[RatioRow, ...]
    note: Optional[str]
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Ratio":
        names = ("classes", "ratio", "ratioError", "scaled", "limit")
        rows = tuple(RatioRow(*(number(row[name]) for name in names)) for row in data["rows"])
        return Ratio(number(data["aspectRatio"]), data["exponent"], rows, data.get("note"), data)

    @property
    def classes(self) -> NDArray[np.float64]:
        return np.array([row.classes for row in self.rows])

    @property
    def ratio(self) -> NDArray[np.float64]:
        return np.array([row.ratio for row in self.rows])

    @property
    def scaled(self) -> NDArray[np.float64]:
        return np.array([row.scaled for row in self.rows])

    @property
    def limit(self) -> float:
        return self.rows[0].limit

    def _title(self) -> str:
        return f"Ratio of squared Frobenius norms, off-diagonal over diagonal, d/N = {shown(self.aspect_ratio)}"

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        return [] if self.note is None else [("note", self.note)]

    def _rows(self) -> Tuple[Sequence[str], Sequence[Sequence[Any]]]:
        scaled = "C r" if self.exponent == 1 else "C² r"
        rows = [(row.classes, row.ratio, row.error, row.scaled, row.limit) for row in self.rows]
        return ("C", "r", "error", scaled, "limit"), rows


@dataclass(frozen=True)
class Test:
    """One test; ``adjusted`` is its p-value after Holm's correction over the tests beside it."""

    id: str
    p_value: float
    adjusted: float
    rejected: bool


@dataclass(frozen=True)
class Spike:
    """An eigenvalue outside the bulk; ``strength`` is the variance in its direction over that of the noise."""

    eigenvalue: float
    strength: float


@dataclass(frozen=True)
class Cause:
    """Why a spectrum may disagree, and what fits when that is allowed for."""

    name: str
    sentence: str
    refit: Optional[str]


@dataclass(frozen=True, repr=False)
class Comparison(Tabular):
    """A spectrum held against a law: ``agree``, ``disagree`` or ``undecided``, and why."""

    verdict: str
    reason: str
    source: str
    notes: Tuple[str, ...]
    #: Likeliest first; empty where none is known, or nothing disagrees.
    causes: Tuple[Cause, ...]
    data: Mapping[str, Any] = field(repr=False, compare=False)

    def _title(self) -> str:
        return f"Comparison: {self.verdict}"

    def _closing(self) -> List[Tuple[str, Any]]:
        facts: List[Tuple[str, Any]] = [("verdict", f"{self.verdict}. {self.reason}")]
        for cause in self.causes:
            facts.append(("likely cause", cause.sentence))
            if cause.refit is not None:
                facts.append(("refit", cause.refit))
        return [*facts, *(("note", note) for note in self.notes)]


@dataclass(frozen=True, repr=False)
class LawFit(Comparison):
    """Against a stated law, or the law of given weights."""

    hypothesis: str
    #: None for a law without samples, the semicircle.
    aspect_ratio: Optional[float]
    #: What was fitted: scale, aspect-ratio.
    fitted: Mapping[str, float]
    support: NDArray[np.float64] = field(compare=False)
    #: Kolmogorov distance, and its p-value by draws of the hypothesis.
    kolmogorov: float
    p_value: float
    tests: Tuple[Test, ...]
    #: Eigenvalues further outside the support than an edge fluctuates, predicted ones aside.
    outside: Tuple[float, ...]

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        ends = [f"[{lower:.6g}, {upper:.6g}]" for lower, upper in self.support]
        return [
            ("spectrum", self.source),
            ("hypothesis", self.hypothesis),
            *((f"fitted {name}", value) for name, value in self.fitted.items()),
            *_ratio(self.aspect_ratio),
            ("support", " ∪ ".join(ends if len(ends) < 13 else [*ends[:3], "…", *ends[-3:]])),
            ("Kolmogorov", self.kolmogorov),
            *_tests(self.tests),
            *self._closing(),
        ]


@dataclass(frozen=True, repr=False)
class LargestFit(Comparison):
    """The largest eigenvalues alone against the edge of a law: how many lie beyond what it reaches. Never ``agree``."""

    hypothesis: str
    aspect_ratio: Optional[float]
    edge: float
    #: What the largest eigenvalue of the law passes with half the chance of a false alarm.
    reach: float
    beyond: Tuple[float, ...]
    tests: Tuple[Test, ...]

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        return [
            ("spectrum", self.source),
            ("hypothesis", self.hypothesis),
            *_ratio(self.aspect_ratio),
            ("edge", self.edge),
            ("reach", self.reach),
            ("beyond it", f"{len(self.beyond)}: {', '.join(map(shown, self.beyond[:10]))}" if self.beyond else "none"),
            *_tests(self.tests),
            *self._closing(),
        ]


@dataclass(frozen=True, repr=False)
class QuadratureFit(Comparison):
    """Nodes and weights of Lanczos against a law, by the same quadrature of its draws."""

    hypothesis: str
    aspect_ratio: Optional[float]
    fitted: Mapping[str, float]
    probes: int
    #: One standard deviation by which the probes blur a share of the spectrum, at most.
    probe_error: float
    tests: Tuple[Test, ...]

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        return [
            ("quadrature", self.source),
            ("hypothesis", self.hypothesis),
            *((f"fitted {name}", value) for name, value in self.fitted.items()),
            *_ratio(self.aspect_ratio),
            *_tests(self.tests),
            *self._closing(),
        ]


@dataclass(frozen=True, repr=False)
class BulkFit(Comparison):
    """No law was stated: noise is fitted, and eigenvalues outside it counted. Numbers are None where it is no noise."""

    noise_variance: Optional[float]
    noise_variance_interval: Optional[Interval]
    aspect_ratio: Optional[float]
    aspect_ratio_interval: Optional[Interval]
    edges: Optional[Interval]
    spikes_above: Optional[Tuple[Spike, ...]]
    spikes_below: Optional[Tuple[Spike, ...]]
    #: p-values: of the largest eigenvalues and the smallest, if there are no spikes; of the shape without them.
    p_above: Optional[float]
    p_below: Optional[float]
    p_shape: Optional[float]

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        facts = [
            ("spectrum", self.source),
            ("noise variance", _with_interval(self.noise_variance, self.noise_variance_interval)),
            ("aspect ratio d/N", _with_interval(self.aspect_ratio, self.aspect_ratio_interval)),
            ("bulk", self.edges),
            ("spikes above", _spikes(self.spikes_above)),
            ("spikes below", _spikes(self.spikes_below)),
            ("p (above)", self.p_above),
            ("p (below)", self.p_below),
            ("p (shape)", self.p_shape),
        ]
        return [*((name, value) for name, value in facts if value is not None), *self._closing()]


def comparison(data: Mapping[str, Any]) -> Comparison:
    notes = tuple(as_arguments(note) for note in data["notes"])
    causes = tuple(
        Cause(cause["name"], as_arguments(cause["sentence"]), (cause.get("refit") or {}).get("sentence"))
        for cause in data.get("causes", ())
    )
    common = (data["verdict"], as_arguments(data["reason"]), data["source"], notes, causes, data)
    if data["kind"] == "bulk":
        fit = data["fit"]
        tests = fit.get("tests") or {}
        return BulkFit(
            *common,
            noise_variance=_optional(number, fit.get("variance")),
            noise_variance_interval=_optional(interval, fit.get("varianceInterval")),
            aspect_ratio=_optional(number, fit.get("aspectRatio")),
            aspect_ratio_interval=_optional(interval, fit.get("aspectRatioInterval")),
            edges=_optional(interval, fit.get("edges")),
            spikes_above=_optional(_found, fit.get("above")),
            spikes_below=_optional(_found, fit.get("below")),
            p_above=_optional(number, tests.get("largest")),
            p_below=_optional(number, tests.get("smallest")),
            p_shape=_optional(number, tests.get("shape")),
        )
    against = dict(
        hypothesis=data["hypothesis"],
        aspect_ratio=_optional(number, data.get("aspectRatio")),
        tests=tuple(
            Test(test["id"], number(test["pValue"]), number(test["adjusted"]), test["rejected"])
            for test in data["tests"]
        ),
    )
    if data["kind"] == "largest":
        return LargestFit(
            *common,
            **against,
            edge=number(data["edge"]),
            reach=number(data["reach"]),
            beyond=tuple(number(value) for value in data["beyond"]),
        )
    against["fitted"] = {name: number(value) for name, value in data["fitted"].items()}
    if data["kind"] == "quadrature":
        return QuadratureFit(*common, **against, probes=data["probes"], probe_error=number(data["probeError"]))
    return LawFit(
        *common,
        **against,
        support=np.array(data["support"], dtype=np.float64).reshape(-1, 2),
        kolmogorov=number(data["distances"]["kolmogorov"]),
        p_value=number(data["pValue"]),
        outside=tuple(number(value) for value in data["outside"]),
    )


def _ratio(aspect_ratio: Optional[float]) -> List[Tuple[str, Any]]:
    return [] if aspect_ratio is None else [("aspect ratio d/N", aspect_ratio)]


def _tests(tests: Tuple[Test, ...]) -> List[Tuple[str, Any]]:
    return [(f"p ({test.id})", f"{shown(test.p_value)} (adjusted {shown(test.adjusted)})") for test in tests]


def _optional(read: Any, value: Any) -> Any:
    return None if value is None else read(value)


def _found(spikes: Sequence[Mapping[str, Any]]) -> Tuple[Spike, ...]:
    return tuple(Spike(number(spike["eigenvalue"]), number(spike["strength"])) for spike in spikes)


def _with_interval(value: Optional[float], ends: Optional[Interval]) -> Optional[str]:
    if value is None:
        return None
    return shown(value) if ends is None else f"{shown(value)}   95 % interval {shown(ends)}"


def _spikes(spikes: Optional[Tuple[Spike, ...]]) -> Optional[str]:
    if spikes is None:
        return None
    listed = [f"{shown(spike.eigenvalue)} (strength {shown(spike.strength)})" for spike in spikes[:10]]
    more = [f"… ({len(spikes) - 10} more)"] if len(spikes) > 10 else []
    return f"{len(spikes)}: {', '.join([*listed, *more])}" if spikes else "none"


@dataclass(frozen=True)
class Claim:
    """A statement of the theory, what was predicted for its main quantity, and what the draws say."""

    id: str
    verdict: str
    reason: str
    quantity: Optional[str]
    predicted: Any
    measured: Any
    interval: Optional[Interval]


@dataclass(frozen=True, repr=False)
class Check(Tabular):
    """Claims and their verdicts; ``folder`` holds report.html and the draws."""

    claims: Tuple[Claim, ...]
    preset: str
    seed: str
    folder: str
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @staticmethod
    def of(data: Mapping[str, Any], folder: str) -> "Check":
        claims = tuple(
            Claim(
                claim["id"],
                claim["verdict"],
                claim["reason"],
                claim.get("quantity"),
                claim["predicted"],
                claim["measured"],
                _optional(interval, claim["interval"]),
            )
            for claim in data["claims"]
        )
        return Check(claims, data["preset"], data["seed"], folder, data)

    def __getitem__(self, claim: str) -> Claim:
        """The claim of that id."""
        for found in self.claims:
            if found.id == claim:
                return found
        raise KeyError(claim)

    def _title(self) -> str:
        return f"Check, preset {self.preset}, seed {self.seed}, in {self.folder}"

    def _rows(self) -> Tuple[Sequence[str], Sequence[Sequence[Any]]]:
        rows = [
            (claim.id, claim.verdict, claim.predicted, claim.measured, claim.interval, claim.quantity)
            for claim in self.claims
        ]
        return ("claim", "verdict", "predicted", "measured", "interval", "quantity"), rows


@dataclass(frozen=True)
class Measured:
    """A number and its standard error, None where none can be told."""

    value: float
    error: Optional[float]

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Measured":
        return Measured(number(data["value"]), _optional(number, data["error"]))

    def __str__(self) -> str:
        return shown(self.value) if self.error is None else f"{shown(self.value)} ± {self.error:.2g}"


@dataclass(frozen=True)
class HeadBlocks:
    """Blocks off the diagonal against those on it: t of their sums, C² r of their means."""

    t: Measured
    scaled: Measured
    #: C where predictions are even; None for these positions alone.
    effective_classes: Optional[Measured]

    @staticmethod
    def of(data: Mapping[str, Any]) -> "HeadBlocks":
        effective = _optional(Measured.of, data.get("effectiveClasses"))
        return HeadBlocks(Measured.of(data["t"]), Measured.of(data["scaled"]), effective)


@dataclass(frozen=True)
class Statement:
    """A statement that has a law, and what came of it."""

    id: str
    statement: str
    verdict: str
    reason: str


@dataclass(frozen=True, repr=False)
class Head(Tabular):
    """The head of a language model. All but ``statements`` is measured: no law of it is known."""

    classes: int
    dimension: int
    samples: int
    loss: Optional[float]
    #: Of the Hessian on these positions.
    sample: HeadBlocks
    #: Of the text that they come from, without pairs of one sequence; None where all are of one.
    population: Optional[HeadBlocks]
    #: Columns rank, token, frequency, ratio and unigram; at most 400 tokens.
    rows: NDArray[np.float64] = field(compare=False)
    statements: Tuple[Statement, ...]
    notes: Tuple[str, ...]
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Head":
        names = ("rank", "token", "frequency", "ratio", "unigram")
        rows = [[number(row[name]) for name in names] for row in data["rows"]]
        return Head(
            data["classes"],
            data["dimension"],
            data["samples"],
            _optional(number, data["loss"]),
            HeadBlocks.of(data["sample"]),
            _optional(HeadBlocks.of, data["population"]),
            np.array(rows, dtype=np.float64).reshape(len(rows), len(names)),
            tuple(
                Statement(found["id"], found["statement"], found["verdict"], found["reason"])
                for found in data["statements"]
            ),
            tuple(data["notes"]),
            data,
        )

    def _title(self) -> str:
        return f"Head: C = {self.classes}, D = {self.dimension}, N = {self.samples}"

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        judged = [(found.verdict, f"{found.statement}. {found.reason}") for found in self.statements]
        return [("loss", self.loss), *judged, *(("note", note) for note in self.notes)]

    def _rows(self) -> Tuple[Sequence[str], Sequence[Sequence[Any]]]:
        found = [("these positions", self.sample), ("population", self.population)]
        rows = [
            (name, blocks.t, blocks.scaled, blocks.effective_classes)
            for name, blocks in found
            if blocks is not None
        ]
        return ("off over diagonal", "t", "C² r", "C_eff"), rows


@dataclass(frozen=True)
class BlocksPoint:
    """A tensor at one number of classes C, of samples N and one step; ratios are of Gauss-Newton unless they say full."""

    classes: int
    samples: int
    step: Optional[int]
    #: r with the error that exponents take: over initialisations, else of probes and blocks. None for one block.
    ratio: Optional[Measured]
    #: Its standard errors of the probes, of which blocks were probed, and over initialisations.
    errors: Tuple[Optional[float], Optional[float], Optional[float]]
    ratio_full: Optional[Measured]
    #: Mean squared norm of the diagonal blocks of the full Hessian over that of Gauss-Newton.
    full_over_gauss_newton: Optional[Measured]
    #: What the ratio tends to as C grows, to leading order in 1/D, where it is known.
    floor: Optional[Interval]

    @staticmethod
    def of(data: Mapping[str, Any]) -> "BlocksPoint":
        ratio, full = data["gaussNewton"]["ratio"], data["hessian"]
        errors = [None] * 3 if ratio is None else [ratio["errors"][name] for name in _ERRORS]
        return BlocksPoint(
            data["classes"],
            data["samples"],
            data["step"],
            _optional(Measured.of, ratio),
            (errors[0], errors[1], errors[2]),
            None if full is None else _optional(Measured.of, full["ratio"]),
            _optional(Measured.of, data["fullOverGaussNewton"]),
            _optional(interval, data["floor"]),
        )


_ERRORS = ("probes", "blocks", "initialisations")


@dataclass(frozen=True)
class BlocksTrend:
    """How r depends on C at one N and step: falls, saturated, rises or not enough, by the interval over the larger C."""

    #: gauss-newton or full.
    hessian: str
    verdict: str
    reason: str
    #: Over the larger half of all C; None with one C, and without an interval where no error is known.
    exponent: Optional[float]
    interval: Optional[Interval]

    @staticmethod
    def of(data: Mapping[str, Any]) -> "BlocksTrend":
        large = data["large"] or {"exponent": None, "interval": None}
        return BlocksTrend(
            data["hessian"],
            data["verdict"],
            data["reason"],
            _optional(number, large["exponent"]),
            _optional(interval, large["interval"]),
        )


@dataclass(frozen=True)
class BlocksTensor:
    """A tensor of the network, cut into blocks."""

    name: str
    partition: str
    #: By step, then N, then C.
    points: Tuple[BlocksPoint, ...]
    trends: Tuple[BlocksTrend, ...]

    @staticmethod
    def of(data: Mapping[str, Any]) -> "BlocksTensor":
        return BlocksTensor(
            data["name"],
            data["partition"],
            tuple(BlocksPoint.of(point) for point in data["points"]),
            tuple(BlocksTrend.of(trend) for trend in data["trends"]),
        )


@dataclass(frozen=True, repr=False)
class Blocks(Tabular):
    """Norms of blocks of a network's Hessian; a tensor by its name: ``found["head.weight"]``."""

    dimension: Optional[int]
    tensors: Tuple[BlocksTensor, ...]
    notes: Tuple[str, ...]
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Blocks":
        tensors = tuple(BlocksTensor.of(tensor) for tensor in data["tensors"])
        return Blocks(data["dimension"], tensors, tuple(data["notes"]), data)

    def __getitem__(self, name: str) -> BlocksTensor:
        for tensor in self.tensors:
            if tensor.name == name:
                return tensor
        raise KeyError(f"there is no tensor {name!r}: there are {', '.join(tensor.name for tensor in self.tensors)}")

    def _title(self) -> str:
        width = "" if self.dimension is None else f", D = {self.dimension}"
        return f"Blocks: {len(self.tensors)} tensors in {len(self.data['files'])} files{width}"

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        return [("note", note) for note in self.notes]

    def _rows(self) -> Tuple[Sequence[str], Sequence[Sequence[Any]]]:
        several = len({(point.samples, point.step) for tensor in self.tensors for point in tensor.points}) > 1
        rows = []
        for tensor in self.tensors:
            verdicts = [trend.verdict for trend in tensor.trends if trend.hessian == "gauss-newton"]
            for at, point in enumerate(tensor.points):
                place = (point.samples, point.step) if several else ()
                last = ", ".join(verdicts) if at == len(tensor.points) - 1 else ""
                rows.append(
                    (
                        tensor.name,
                        *place,
                        point.classes,
                        point.ratio,
                        None if point.ratio_full is None else point.ratio_full.value,
                        None if point.full_over_gauss_newton is None else point.full_over_gauss_newton.value,
                        last,
                    )
                )
        places = ("N", "step") if several else ()
        return ("tensor", *places, "C", "r", "r, full", "full/GN", "as C grows"), rows


@dataclass(frozen=True, repr=False)
class Sample(Tabular):
    """Draws: arrays by name, such as ``output-diagonal_eigenvalues``, a draw a row."""

    arrays: Mapping[str, NDArray[np.float64]] = field(compare=False)
    #: What each array holds.
    contents: Mapping[str, str]
    settings: Mapping[str, Any]
    seed: str
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @staticmethod
    def of(data: Mapping[str, Any], arrays: Dict[str, NDArray[np.float64]]) -> "Sample":
        contents = {_stem(file["name"]): file["content"] for file in data["files"]}
        return Sample(arrays, contents, data["settings"], data["seed"], data)

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self.arrays[name]

    def _title(self) -> str:
        return f"Sample, seed {self.seed}: " + ", ".join(
            f"{name} {shown(value)}" for name, value in self.settings.items()
        )

    def _rows(self) -> Tuple[Sequence[str], Sequence[Sequence[Any]]]:
        return ("array", "shape", "content"), [
            (name, array.shape, self.contents[name]) for name, array in self.arrays.items()
        ]


def _stem(file: str) -> str:
    return file[: -len(".npy")]
