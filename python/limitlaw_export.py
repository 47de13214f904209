"""Exports the head of a language model as the files that ``limitlaw head`` reads.

One file, to copy or to install. It needs NumPy, ``export_head`` PyTorch too, and neither needs the program.

The head is the last linear map of a model, logits f = V h + b with h in R^D and V in R^{C x D}, and the probabilities
are softmax(f). Its Hessian is made of h, V and b at N positions alone, whatever lies below: these are what is kept.

==========  ==============  ==================================================================================
h.npy       N x D, float32  inputs of the head, one position a row
V.npy       C x D, float32  its weight, one token a row
bias.npy    C, float32      its bias, if it has one
y.npy       N, int64        the token to be predicted there, if the batches say it
tokens.npy  N, int64        the token that is read there, if the inputs are tokens
groups.npy  N, int64        the sequence that the position is of
lse.npy     N, float64      log sum_c exp(f_c) of the numbers in h.npy, V.npy and bias.npy
head.json   one object      shapes, types, seed, label, step; whether the weight is the embedding's too
==========  ==============  ==================================================================================

Positions of one sequence depend on each other, so that few are taken of each, at random: which ones depends on the seed
and on the place of the sequence in the data, and not on how the data are batched.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np

__all__ = ["ExportError", "export_head", "export_head_jax"]


class ExportError(ValueError):
    """The head cannot be exported as asked; the message says what to do instead."""


def export_head(
    model,
    head,
    batches,
    folder,
    *,
    samples=2048,
    per_sequence=16,
    seed=0,
    label=None,
    step=None,
    logit_scale=1.0,
    save_output=True,
    log_normaliser=True,
):
    """Runs a PyTorch model on batches and writes what its head reads and is into a new folder.

    model: a module. It is run as in evaluation and without gradients; modes and hooks are as before afterwards, also
        after an error.
    head: the module that makes the logits, or its name in the model ("lm_head"): a ``Linear``, or any module that has a
        ``weight`` of C rows and computes ``h @ weight.T`` with or without a ``bias``. That it does is checked.
    batches: an iterable of inputs, or of pairs (inputs, targets), sequences first. Inputs are a tensor, a mapping
        (``model(**inputs)``) or a tuple (``model(*inputs)``, as in ``((a, b), targets)``); targets have a number for
        each position. Positions with a negative target (-100), or with 0 in the mapping's ``attention_mask``, are
        left out. ``labels`` in a mapping are not used: models shift them in ways of their own.
    folder: must not exist.
    samples: positions at most; per_sequence: of one sequence at most, picked by the seed.
    label, step: said in head.json, for figures of several exports.
    logit_scale: what the model multiplies the head's output by, if it does; V.npy and bias.npy are multiplied by it.
    save_output: False leaves V.npy out, for a checkpoint that is read itself
        (``--output model.safetensors#lm_head.weight``).
    log_normaliser: False leaves lse.npy out, 2 N C D operations in double precision.

    Half precision is exported as the float32 numbers that it is. Returns what head.json says. Raises ExportError for a
    head that is not called, or more than once a batch; for one whose logits are not h V^T + b; for a model that makes
    something else of them (soft-cap, mixture of softmaxes), as far as its output shows it; for numbers that are not
    finite.
    """
    import torch

    folder, mark = _absent(folder), _mark(label, step)
    sample = _Sample(samples, per_sequence, seed)
    scale = _number(logit_scale, "logit_scale")
    head, name = _head_of(model, head)
    output = _TorchRows(head, name, scale)
    kept, checked, dtype = _Kept(output.shape), None, None
    modes = [(module, module.training) for module in model.modules()]
    calls = []

    def take(_module, inputs, result):
        # What is checked is kept from a model that goes on in place.
        calls.append((inputs, result.clone() if checked is None and isinstance(result, torch.Tensor) else result))

    hook = head.register_forward_hook(take)
    try:
        model.eval()
        with torch.no_grad():
            for batch in batches:
                inputs, targets = _pair(batch, torch)
                calls.clear()
                answer = _call(model, inputs)
                features, logits = _captured(calls, name, torch)
                places = _Places(features.shape, _tokens(inputs, torch), targets, _mask(inputs))
                rows, columns, groups = sample.pick(places.valid())
                at = (torch.as_tensor(rows), torch.as_tensor(columns))
                own = _array(features.detach().reshape(*places.shape, -1)[at])
                kept.add(own, groups, places, rows, columns)
                if checked is None and len(rows) > 0:
                    dtype = str(features.dtype).replace("torch.", "")
                    first = tuple(each[: _Checked.positions] for each in at)
                    seen = _Seen(logits, places, first, output.shape[0])
                    _Checked.linear(own[: _Checked.positions], output, seen.values, seen.precision, name)
                    checked = _Checked.answer(seen, _logits_in(answer, torch), scale)
                if sample.full:
                    break
    finally:
        hook.remove()
        for module, training in modes:
            module.training = training
    if checked == "head":
        warnings.warn(
            "export_head: the model returns no logits, so that what it makes of the head's output is not checked"
        )
    about = {
        "head": name,
        "framework": f"torch {torch.__version__}",
        "dtype": {"features": dtype, "output": str(head.weight.dtype).replace("torch.", "")},
        "tied": _is_tied(model, head, torch),
        "checked": checked,
        "logitScale": scale,
    }
    return _write(folder, kept, output, sample, {**about, **mark}, save_output, log_normaliser)


def export_head_jax(
    features,
    kernel,
    folder,
    *,
    bias=None,
    targets=None,
    tokens=None,
    groups=None,
    mask=None,
    logits=None,
    tied=None,
    samples=2048,
    per_sequence=16,
    seed=0,
    label=None,
    step=None,
    log_normaliser=True,
):
    """Writes the same files from arrays, of JAX, Flax or NumPy, without running a model.

    features: inputs of the head, B x T x D (B sequences; positions are picked) or N x D (all are taken, up to
        ``samples``).
    kernel: D x C as Flax keeps it, the transpose of V: head.json says so. An ``Embed`` used as the head has C x D: give
        its transpose, and ``tied=True``.
    bias: C. targets, tokens, mask: as the features without D; positions with a negative target or mask 0 are left out.
    groups: N numbers for features N x D, the sequence of each row; without them each row counts as its own sequence.
    logits: what the model made of these features (features' axes, then C), to be checked against h V^T + b.

    The other arguments, what is returned and raised: as in ``export_head``.
    """
    folder, mark = _absent(folder), _mark(label, step)
    sample = _Sample(samples, per_sequence, seed)
    features = np.asarray(features)
    if features.ndim not in (2, 3):
        raise ExportError(
            f"features must be B x T x D or N x D, got shape {features.shape}: "
            "give the inputs of the head, one position a row"
        )
    output = _ArrayRows(kernel, bias, features.shape[-1])
    places = _Places(
        features.shape if features.ndim == 3 else (*features.shape[:1], 1, features.shape[-1]),
        *(None if each is None else np.asarray(each) for each in (tokens, targets, mask)),
    )
    named = _groups(groups, features)
    rows, columns, own_groups = sample.pick(places.valid())
    kept = _Kept(output.shape)
    at = (rows, columns)
    own = _array(features.reshape(*places.shape, -1)[at])
    kept.add(own, own_groups if named is None else named[rows], places, rows, columns)
    checked = None
    if logits is not None and len(rows) > 0:
        first = tuple(each[: _Checked.positions] for each in at)
        seen = _Seen(np.asarray(logits), places, first, output.shape[0])
        _Checked.linear(own[: _Checked.positions], output, seen.values, seen.precision, "logits")
        checked = "logits"
    about = {
        "framework": "arrays",
        "dtype": {"features": str(features.dtype), "output": str(output.dtype)},
        "kernel": "given as D x C, transposed",
        "tied": tied,
        "checked": checked,
    }
    return _write(folder, kept, output, sample, {**about, **mark}, True, log_normaliser)


# --- positions --------------------------------------------------------------------------------------------------------


class _Sample:
    """Which positions are taken: of each sequence a few, by the seed and the number of the sequence."""

    def __init__(self, samples, per_sequence, seed):
        self.samples = _whole(samples, "samples", 1)
        self.per_sequence = _whole(per_sequence, "per_sequence", 1)
        self.seed = _whole(seed, "seed", 0)
        # Of what is taken, and of sequences seen.
        self.taken = self.sequences = 0

    @property
    def full(self):
        return self.taken >= self.samples

    def pick(self, valid):
        """valid: B x T. Rows and columns of what is taken, in order, and the number of each one's sequence."""
        rows, columns, groups = [], [], []
        for row, own in enumerate(valid):
            if self.full:
                break
            random = np.random.default_rng([self.seed, self.sequences])
            there = np.flatnonzero(own)
            count = min(self.per_sequence, len(there), self.samples - self.taken)
            # All of them in one order first, so that taking fewer takes some of the same.
            picked = np.sort(random.permutation(there)[:count])
            rows += [row] * count
            columns += picked.tolist()
            groups += [self.sequences] * count
            self.taken += count
            self.sequences += 1
        return tuple(np.array(each, dtype=np.int64) for each in (rows, columns, groups))


class _Places:
    """The positions of a batch as B x T, and what stands at them."""

    def __init__(self, features_shape, tokens, targets, mask):
        lead = tuple(features_shape[:-1])
        if len(lead) > 2:
            raise ExportError(
                f"the head reads {_shape(features_shape)}, more than one vector a position (a mixture of softmaxes?): "
                "limitlaw head knows models of one softmax of one linear map, so there is nothing to export"
            )
        if len(lead) == 1:
            # Positions in one row, as models make them that flatten before the head; else one position a sequence.
            known = [each for each in (targets, tokens) if each is not None and each.ndim == 2]
            flattened = [tuple(each.shape) for each in known if each.shape[0] * each.shape[1] == lead[0]]
            lead = flattened[0] if flattened else (lead[0], 1)
        if len(lead) == 0:
            raise ExportError("the head reads a single vector: give batches, B x T x D or B x D where it is called")
        self.shape = lead
        self.targets = self._like(targets, "targets")
        self.mask = self._like(mask, "the mask")
        fits = tokens is not None and int(np.prod(tokens.shape)) == lead[0] * lead[1]
        self.tokens = self._like(tokens, "tokens") if fits else None

    def _like(self, values, name):
        if values is None:
            return None
        found = _array(values, None)
        if found.shape == self.shape or (found.ndim == 1 and found.size == self.shape[0] * self.shape[1]):
            return found.reshape(self.shape)
        if found.shape == self.shape[::-1]:
            raise ExportError(
                f"{name} are {_shape(found.shape)} and the head reads {_shape(self.shape)} positions, the other way "
                "round: let sequences come first in both"
            )
        raise ExportError(
            f"{name} are {_shape(found.shape)} and the head reads {_shape(self.shape)} positions: give one for each, "
            "and have the model compute logits at all of them"
        )

    def valid(self):
        ones = np.ones(self.shape, bool)
        masked = ones if self.mask is None else self.mask != 0
        return masked if self.targets is None else masked & (self.targets >= 0)


class _Kept:
    """What is taken of each batch."""

    def __init__(self, output_shape):
        self.classes, self.dimension = output_shape
        self.parts = []

    def add(self, features, groups, places, rows, columns):
        if features.shape[-1] != self.dimension:
            raise ExportError(
                f"the head reads {features.shape[-1]} numbers a position and V has {self.dimension} columns (C x D = "
                f"{self.classes} x {self.dimension}): give the module that makes the logits"
            )
        bad = np.flatnonzero(~np.isfinite(features).all(axis=1))
        if len(bad) > 0:
            raise ExportError(
                f"the head reads a number that is not finite at sequence {groups[bad[0]]}, position {columns[bad[0]]}: "
                "leave that position out (a target of -100), or repair the model"
            )
        at = (rows, columns)
        own = {"h": features, "groups": groups}
        for name, values in (("y", places.targets), ("tokens", places.tokens)):
            if values is None:
                continue
            own[name] = values[at].astype(np.int64)
            over = np.flatnonzero((own[name] < 0) | (own[name] >= self.classes))
            if len(over) > 0 and name == "y":
                raise ExportError(
                    f"a target must be at least 0 and below C = {self.classes}, got {own[name][over[0]]}: give the "
                    "number of the token to be predicted, -100 where there is none"
                )
            if len(over) > 0:
                del own[name]
        self.parts.append(own)

    def joined(self):
        """Every kind that all batches have."""
        names = [name for name in self.parts[0] if all(name in part for part in self.parts)]
        return {name: np.concatenate([part[name] for part in self.parts]) for name in names}


def _groups(groups, features):
    if groups is None:
        return None
    found = np.asarray(groups)
    if features.ndim == 3:
        raise ExportError("groups are for features N x D: B x T x D say by their first axis what the sequences are")
    if found.shape != features.shape[:1] or found.dtype.kind not in "iu":
        raise ExportError(
            f"groups must be {len(features)} whole numbers, the sequence of each row of features, got {found.dtype} of "
            f"shape {found.shape}"
        )
    return found.astype(np.int64)


# --- the weight, by tiles of rows -------------------------------------------------------------------------------------


class _TorchRows:
    """Weight and bias of a module as float32, some rows at a time: half precision is never widened as a whole."""

    def __init__(self, head, name, scale):
        weight, bias = getattr(head, "weight", None), getattr(head, "bias", None)
        if weight is None or weight.dim() != 2:
            raise ExportError(
                f"the head {name!r} must have a weight of C x D, got {type(head).__name__} with "
                f"{'none' if weight is None else _shape(weight.shape)}: give the Linear that makes the logits; gather "
                "a sharded weight first"
            )
        if not weight.is_floating_point():
            raise ExportError(
                f"the head {name!r} has a weight of type {weight.dtype}: give the model with its head unquantised"
            )
        self.weight, self.scale, self.shape = weight, scale, tuple(weight.shape)
        self.bias = None if bias is None else _array(bias.detach() * scale)

    def rows(self, begin, end):
        return _array(self.weight[begin:end].detach()) * np.float32(self.scale)


class _ArrayRows:
    """A kernel D x C of arrays, as the rows of V."""

    def __init__(self, kernel, bias, dimension):
        kernel = np.asarray(kernel)
        if kernel.ndim != 2 or kernel.shape[0] != dimension:
            transposed = kernel.ndim == 2 and kernel.shape[1] == dimension
            raise ExportError(
                f"kernel must be D x C with D = {dimension} as in features, got shape {kernel.shape}: "
                + (
                    "that is V, C x D; give kernel.T"
                    if transposed
                    else "give the kernel of the layer that makes the logits"
                )
            )
        self.kernel, self.dtype, self.shape = kernel, kernel.dtype, kernel.shape[::-1]
        self.bias = None if bias is None else _array(np.asarray(bias))
        if self.bias is not None and self.bias.shape != self.shape[:1]:
            raise ExportError(f"bias must be C = {self.shape[0]} numbers, got shape {self.bias.shape}")

    def rows(self, begin, end):
        return np.ascontiguousarray(_array(self.kernel[:, begin:end]).T)


def _tiles(output, count):
    """Begin, end and float32 rows of V, so many that tile times features stays small."""
    classes, dimension = output.shape
    height = max(1, 2**22 // max(dimension, count))
    for begin in range(0, classes, height):
        end = min(classes, begin + height)
        tile = output.rows(begin, end)
        bad = np.flatnonzero(~np.isfinite(tile).all(axis=1))
        if len(bad) > 0:
            raise ExportError(f"row {begin + bad[0]} of V has a number that is not finite: repair or reload the model")
        yield begin, end, tile


def _logits(features, tile, output, begin, end):
    found = features @ tile.T.astype(np.float64)
    return found if output.bias is None else found + output.bias[begin:end]


# --- what the model makes of them -------------------------------------------------------------------------------------


class _Seen:
    """Logits of the first positions as the model computed them, and the relative precision of the computation."""

    def __init__(self, logits, places, at, classes):
        if (
            tuple(logits.shape[-1:]) != (classes,)
            or int(np.prod(logits.shape[:-1])) != places.shape[0] * places.shape[1]
        ):
            raise ExportError(
                f"logits are {_shape(logits.shape)} at {_shape(places.shape)} positions and V has C = {classes} rows: "
                "give the module, or the logits, of a softmax over C tokens at each"
            )
        self.places, self.at, self.classes = places, at, classes
        self.precision, self.values = self.of(logits)

    def of(self, logits):
        picked = logits.reshape(*self.places.shape, self.classes)[self.at]
        return _precision(picked), _array(picked, np.float64)


class _Checked:
    """That the logits are h V^T + b, and that they are what the softmax is of."""

    positions = 8

    @staticmethod
    def linear(features, output, given, precision, name):
        wide = features.astype(np.float64)
        found = np.concatenate(
            [_logits(wide, tile, output, begin, end) for begin, end, tile in _tiles(output, len(wide))], axis=1
        )
        # The head's output is not scaled yet.
        expected = found / getattr(output, "scale", 1.0)
        # Inputs, weights and sums are each rounded once in half precision, so that rounding leaves below one unit.
        if not _far(given, expected, max(2 * precision, 1e-4)):
            return
        raise ExportError(
            f"the logits of {name!r} are not h V^T + b: they are off by {_distance(given, expected):.2g} of their "
            "size (an adapter, a quantised weight, a scale inside?). Merge it into the weight, or give the Linear "
            "that makes the logits"
        )

    @staticmethod
    def answer(seen, returned, scale):
        """'model' if the model returns these logits, their log-probabilities or probabilities; 'head' if neither."""
        if returned is None or tuple(returned.shape[-1:]) != (seen.classes,):
            return "head"
        if int(np.prod(returned.shape[:-1])) != seen.places.shape[0] * seen.places.shape[1]:
            return "head"
        precision, given = seen.of(returned)
        tolerance = max(precision / 2, 1e-5)
        logits = seen.values * scale
        if (given >= 0).all() and np.allclose(given.sum(axis=1), 1, atol=0.02):
            odds = np.exp(logits - logits.max(axis=1, keepdims=True))
            if not _far(given, odds / odds.sum(axis=1, keepdims=True), tolerance):
                return "model"
        # A softmax does not see what is added to all logits of a position.
        size = _size(given)
        centred, own = (each - each.mean(axis=1, keepdims=True) for each in (given, logits))
        if _size(centred - own) <= tolerance * max(size, _size(logits)):
            return "model"
        ratio = float((centred * own).sum() / ((own * own).sum() or 1))
        if ratio > 0 and _size(centred - ratio * own) <= tolerance * size:
            raise ExportError(
                f"the model multiplies the head's output by {ratio * scale:.6g} before the softmax, and logit_scale "
                f"says {scale:g}: pass logit_scale={ratio * scale:.6g}"
            )
        raise ExportError(
            "the model returns other logits than its head makes (a soft-cap, a mixture of softmaxes, a mask?): "
            "limitlaw head knows softmax(h V^T + b) alone. Switch that off, if the model without it is of interest"
        )


def _far(given, expected, tolerance):
    return not _distance(given, expected) <= tolerance


def _distance(given, expected):
    return _size(given - expected) / (_size(expected) or 1)


def _size(values):
    return float(np.sqrt(np.mean(np.square(values))))


def _precision(values):
    """Spacing of numbers near 1. On other devices than the processor float32 may be multiplied with 10 bits (TF32)."""
    kind = str(values.dtype).replace("torch.", "")
    spacing = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}.get(kind, 2.0**-7)
    device = getattr(values, "device", None)
    return max(spacing, 2.0**-10) if getattr(device, "type", "cpu") not in ("cpu",) else spacing


# --- of a PyTorch model -----------------------------------------------------------------------------------------------


def _head_of(model, head):
    if not isinstance(head, str):
        return head, next((name for name, each in model.named_modules() if each is head), type(head).__name__)
    named = dict(model.named_modules())
    if head in named:
        return named[head], head
    wide = [name for name, each in named.items() if getattr(getattr(each, "weight", None), "ndim", 0) == 2]
    raise ExportError(
        f"the model has no module {head!r}: its last ones with a matrix are {', '.join(wide[-5:]) or 'none'}"
    )


def _pair(batch, torch):
    """Inputs and targets of a batch."""
    if isinstance(batch, (tuple, list)):
        if len(batch) == 1:
            return batch[0], None
        if len(batch) == 2 and (batch[1] is None or isinstance(batch[1], torch.Tensor)):
            return batch[0], batch[1]
        raise ExportError(
            f"a batch must be inputs or a pair (inputs, targets), got {len(batch)} members: give ((a, b, ...), "
            "targets) for a model of several inputs"
        )
    return batch, None


def _call(model, inputs):
    if isinstance(inputs, Mapping):
        return model(**{name: value for name, value in inputs.items() if name != "labels"})
    return model(*inputs) if isinstance(inputs, (tuple, list)) else model(inputs)


def _captured(calls, name, torch):
    if len(calls) == 0:
        raise ExportError(
            f"the model does not call {name!r} (a fused loss, a compiled model, its weight used by another?): give "
            "the module that it calls, the model uncompiled, or h and V to export_head_jax"
        )
    if len(calls) > 1:
        raise ExportError(
            f"the model calls {name!r} {len(calls)} times a batch, so that its inputs are no one set of positions: "
            "run it without chunks, replicas or further predictions"
        )
    inputs, result = calls[0]
    if len(inputs) == 0 or not isinstance(inputs[0], torch.Tensor) or not isinstance(result, torch.Tensor):
        raise ExportError(f"{name!r} must read one tensor and return one: give the Linear that makes the logits")
    return inputs[0], result


def _tokens(inputs, torch):
    found = inputs.get("input_ids") if isinstance(inputs, Mapping) else inputs
    found = found[0] if isinstance(found, (tuple, list)) and len(found) > 0 else found
    is_whole = isinstance(found, torch.Tensor) and not found.is_floating_point() and not found.is_complex()
    return found if is_whole else None


def _mask(inputs):
    found = inputs.get("attention_mask") if isinstance(inputs, Mapping) else None
    return found if found is not None and found.ndim == 2 else None


def _logits_in(answer, torch):
    """The logits in what a model returns: a tensor, the first of a tuple, or what is called so."""
    if isinstance(answer, Mapping):
        answer = answer.get("logits")
    elif hasattr(answer, "logits"):
        answer = answer.logits
    elif isinstance(answer, (tuple, list)) and len(answer) > 0:
        answer = answer[0]
    return answer if isinstance(answer, torch.Tensor) and answer.is_floating_point() else None


def _is_tied(model, head, torch):
    return any(
        isinstance(each, torch.nn.Embedding)
        and tuple(each.weight.shape) == tuple(head.weight.shape)
        and each.weight.data_ptr() == head.weight.data_ptr()
        for each in model.modules()
    )


# --- files ------------------------------------------------------------------------------------------------------------


def _write(folder, kept, output, sample, about, save_output, log_normaliser):
    """All files, in a folder that has its name only once it is whole."""
    if sample.taken == 0:
        raise ExportError(
            "the batches have no position to export: give at least one, with a target of 0 or more if any"
        )
    arrays = kept.joined()
    groups = len(np.unique(arrays["groups"]))
    if sample.taken < sample.samples:
        warnings.warn(f"export: {sample.taken} positions were found, and samples asks for {sample.samples}")
    if groups < 2:
        warnings.warn("export: all positions are of one sequence, so that no error of a result can be given")
    if output.bias is not None:
        arrays["bias"] = output.bias
        if not np.isfinite(output.bias).all():
            raise ExportError("the bias has a number that is not finite: repair or reload the model")
    partial = folder.with_name(f"{folder.name}.partial-{os.getpid()}")
    partial.mkdir(parents=True)
    try:
        if save_output or log_normaliser:
            lse = _write_output(partial if save_output else None, output, arrays["h"], log_normaliser)
            if log_normaliser:
                arrays["lse"] = lse
        for name, values in arrays.items():
            np.save(partial / f"{name}.npy", values)
        shapes = {f"{name}.npy": list(values.shape) for name, values in sorted(arrays.items())}
        if save_output:
            shapes["V.npy"] = list(output.shape)
        facts = {
            "kind": "limitlaw-head",
            "version": 1,
            "samples": sample.taken,
            "dimension": output.shape[1],
            "classes": output.shape[0],
            "sequences": groups,
            "perSequence": sample.per_sequence,
            "seed": sample.seed,
            **{name: value for name, value in about.items() if value is not None},
            "files": shapes,
        }
        (partial / "head.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        if folder.exists():
            raise ExportError(
                f"the folder {str(folder)!r} has appeared meanwhile, and nothing is overwritten: export again"
            )
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return facts


def _write_output(folder, output, features, log_normaliser):
    """V.npy, and the log-sum-exp over its rows: one pass over V. The largest logit is taken out: nothing overflows."""
    file = None
    if folder is not None:
        file = np.lib.format.open_memmap(folder / "V.npy", mode="w+", dtype=np.float32, shape=output.shape)
    wide = features.astype(np.float64)
    largest, total = np.full(len(wide), -np.inf), np.zeros(len(wide))
    for begin, end, tile in _tiles(output, len(wide)):
        if file is not None:
            file[begin:end] = tile
        if log_normaliser:
            logits = _logits(wide, tile, output, begin, end)
            before, largest = largest, np.maximum(largest, logits.max(axis=1))
            total = total * np.exp(before - largest) + np.exp(logits - largest[:, None]).sum(axis=1)
    if file is not None:
        file.flush()
    return largest + np.log(total) if log_normaliser else None


def _absent(folder):
    path = Path(folder)
    if path.exists() or path.is_symlink():
        raise ExportError(f"the folder {str(folder)!r} is there already, and nothing is overwritten: name a new one")
    return path


def _array(values, dtype=np.float32):
    """A NumPy array of a tensor or an array; NumPy has no bfloat16, so tensors are widened first."""
    if hasattr(values, "detach"):
        values = values.detach()
        values = (
            (values.double() if dtype == np.float64 else values.float() if dtype == np.float32 else values)
            .cpu()
            .numpy()
        )
    found = np.asarray(values)
    if dtype is None:
        return found
    with np.errstate(over="ignore"):
        return found.astype(dtype)


def _whole(value, name, least):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ExportError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def _mark(label, step):
    if label is not None and not isinstance(label, str):
        raise ExportError(f"label must be text, got {label!r}")
    return {"label": label, "step": None if step is None else _whole(step, "step", 0)}


def _number(value, name):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        raise ExportError(f"{name} must be a number above 0, got {value!r}")
    return float(value)


def _shape(shape):
    return " x ".join(str(each) for each in shape) or "one number"
