"""What this package does, each with the options of the command of that name."""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Mapping, Optional, Union

import numpy as np
from numpy.typing import ArrayLike

from ._errors import UsageError
from ._law import Law
from ._program import Progress, ask, ask_for_law
from ._results import Blocks, Check, Comparison, Head, Ratio, Sample, comparison
from ._values import pairs_text, sent_options

Path_ = Union[str, "os.PathLike[str]"]
Number = Union[int, float]
#: Either what is called with each ``Progress``, or True for a line on stderr.
ShowProgress = Union[Callable[[Progress], None], bool, None]


def law(
    model: Optional[str] = None,
    *,
    aspect_ratio: Optional[Number] = None,
    loss: Optional[str] = None,
    block: Optional[str] = None,
    classes: Optional[Number] = None,
    weights: Union[Mapping[float, float], ArrayLike, None] = None,
    **options: Any,
) -> Law:
    """A limit law, named by a model and a block of it, by weights, or in another way of ``limitlaw law``.

    aspect_ratio
        d/N.
    weights
        In place of a model: a mapping value → mass, or an array of weights as drawn, of equal mass.
    options
        The rest as ``limitlaw law --help`` lists it: layer, width, logit_variance, activation, initialisation,
        scaling, dynamics, …

    Raises ``UsageError`` for options that are missing or contradict each other, and where there is no law.

    >>> limitlaw.law(model="linear", loss="mse", block="diagonal", aspect_ratio=0.25).support
    array([[0.25, 2.25]])
    """
    given = dict(model=model, loss=loss, block=block, classes=classes, aspect_ratio=aspect_ratio)
    given.update(_stated_weights(weights), **options)
    with sent_options(given, files=False) as naming:
        folder = os.getcwd()
        report, handle = ask_for_law(naming, folder)
    if handle is None:
        raise UsageError(report.get("note") or "there is no limit law for these settings")
    return Law(naming, folder, report, handle)


def ratio(
    model: str,
    *,
    loss: str,
    classes: Union[Number, Iterable[Number]],
    aspect_ratio: Optional[Number] = None,
    **options: Any,
) -> Ratio:
    """Ratios of expected squared Frobenius norms, off-diagonal over diagonal, at each number of classes.

    classes
        One number or several; ``math.inf`` for the limit.
    options
        As ``limitlaw ratio --help`` lists it: layer, width, logit_variance, activation, initialisation; of a head
        features, covariance, dimension; of a deep network depth, width, layer, dimension. Features as an array, N×D, say
        d/N by themselves.
    """
    counts = list(classes) if isinstance(classes, Iterable) else [classes]
    given = dict(model=model, loss=loss, classes=counts, aspect_ratio=aspect_ratio, **options)
    return Ratio.of(_asked("ratio", given))


def compare(
    eigenvalues: Union[ArrayLike, Path_, None] = None,
    *,
    matrix: Union[ArrayLike, Path_, None] = None,
    weights: Union[Mapping[float, float], ArrayLike, None] = None,
    **options: Any,
) -> Comparison:
    """Holds a spectrum against a law; with no law stated, fits noise and counts what stands outside it.

    eigenvalues
        Of one draw, or one draw a row; an array or the path of a file.
    matrix
        In place of them, a symmetric matrix.
    weights
        The weights a_n as drawn, an array, a row for each draw: the sharp test. Or their law, value → mass.
    options
        As ``limitlaw compare --help`` lists it: model, loss, block, classes, aspect_ratio, samples, fit, level,
        seed, … Arrays may stand where it wants files.
    """
    given = dict(eigenvalues=_array_or_path(eigenvalues), matrix=_array_or_path(matrix))
    given.update(_stated_weights(weights), **options)
    return comparison(_asked("compare", given))


def head(
    folder: Optional[Path_] = None,
    *,
    features: Union[ArrayLike, Path_, None] = None,
    output: Union[ArrayLike, Path_, None] = None,
    initialisation: bool = False,
    progress: ShowProgress = None,
    **options: Any,
) -> Head:
    """The Hessian of a language model's head: norms of all its C² blocks, and what is known of them.

    folder
        What ``limitlaw_export.export_head`` wrote. Or:
    features, output
        h, N×D, and V, C×D: arrays, paths, or a tensor of a checkpoint, ``model.safetensors#lm_head.weight``.
    initialisation
        V is as it was drawn: the law at initialisation is judged.
    options
        As ``limitlaw head --help`` lists it: bias, targets, counts, groups, tied, log_normaliser, tokens, seed, …
        Arrays may stand where it wants files.
    """
    given = dict(
        folder=folder,
        features=_array_or_path(features),
        output=_array_or_path(output),
        initialisation=initialisation or None,
        **options,
    )
    return Head.of(_asked("head", given, progress))


def blocks(*files: Path_, level: Optional[float] = None) -> Blocks:
    """Blocks of a network's Hessian: ratios of their norms, how they fall with the number of classes, their floors.

    files
        What ``limitlaw_export.export_blocks`` wrote of one network, at other numbers of classes, steps or
        initialisations.
    level
        Chance that an interval misses, 0.05 when left out.
    """
    return Blocks.of(_asked("blocks", dict(files=[os.fspath(file) for file in files], level=level)))


def sample(
    model: str,
    *,
    dimension: int,
    samples: int,
    classes: int,
    replicates: int = 10,
    out: Optional[Path_] = None,
    progress: ShowProgress = None,
    **options: Any,
) -> Sample:
    """Draws Hessian blocks at initialisation; their spectra, and on request weights and blocks, as arrays.

    out
        A folder that keeps the draws, and from which a call cut short goes on; none is kept when left out.
    options
        As ``limitlaw sample --help`` lists it: loss, width, activation, initialisation, logit_variance,
        save_weights, save_blocks, seed, workers, …
    """
    given = dict(model=model, dimension=dimension, samples=samples, classes=classes, replicates=replicates)
    if out is None:
        with tempfile.TemporaryDirectory(prefix="limitlaw-sample-") as folder:
            return _sampled(dict(given, out=folder, **options), folder, progress)
    return _sampled(dict(given, out=out, **options), out, progress)


def check(
    preset: Optional[str] = None,
    *,
    claims: Union[str, Iterable[str], None] = None,
    seed: Union[str, int, None] = None,
    level: Optional[float] = None,
    perturb: Optional[str] = None,
    strict_paper: bool = False,
    workers: Optional[int] = None,
    out: Optional[Path_] = None,
    progress: ShowProgress = None,
) -> Check:
    """Draws Hessians, compares them with the laws that the claims rest on, and gives the verdicts.

    preset
        quick, which is the default, paper or full.
    claims
        Ids of claims; all of them when left out.
    out
        Folder of the run, with its report; from one that was cut short the run goes on. When left out,
        ``limitlaw-runs/TIME-check-PRESET``.
    """
    folder = os.path.abspath(out if out is not None else _new_run(f"check-{preset or 'quick'}"))
    given = dict(
        preset=preset,
        claims=claims if claims is None or isinstance(claims, str) else list(claims),
        seed=seed,
        level=level,
        perturb=perturb,
        strict_paper=strict_paper,
        workers=workers,
        out=folder,
    )
    return Check.of(_asked("check", given, progress), folder)


def _asked(command: str, options: Dict[str, Any], progress: ShowProgress = None) -> Any:
    show = _show_on_stderr if progress is True else progress or None
    with sent_options(options) as params:
        try:
            return ask(command, params, on_progress=show)
        finally:
            if progress is True:
                sys.stderr.write("\n")


def _stated_weights(weights: Any) -> Dict[str, Any]:
    if weights is None:
        return {}
    if isinstance(weights, Mapping):
        return {"weights": pairs_text(weights)}
    if isinstance(weights, str):
        return {"weights": weights}
    return {"weights_file": _array_or_path(weights)}


def _array_or_path(given: Any) -> Any:
    return given if given is None or isinstance(given, (str, os.PathLike)) else np.asarray(given)


def _sampled(options: Dict[str, Any], folder: Path_, progress: ShowProgress) -> Sample:
    data = _asked("sample", options, progress)
    names = [file["name"] for file in data["files"]]
    return Sample.of(data, {name[: -len(".npy")]: np.load(Path(folder) / name) for name in names})


def _new_run(job: str) -> str:
    base = os.path.join("limitlaw-runs", f"{time.strftime('%Y-%m-%d_%H-%M-%S', time.gmtime())}-{job}")
    for count in itertools.count(1):
        folder = base if count == 1 else f"{base}-{count}"
        try:
            os.makedirs(folder)
            return folder
        except FileExistsError:
            pass
    raise AssertionError


def _show_on_stderr(progress: Progress) -> None:
    share = (progress.done + progress.begun) / max(1, progress.total)
    sys.stderr.write(f"\r{share:4.0%}  {progress.done}/{progress.total} draws  {progress.label:.50}\x1b[K")
    sys.stderr.flush()
