"""Exports what ``limitlaw head`` and ``limitlaw blocks`` read of a model in PyTorch or JAX.

One file, to copy or to install. It needs NumPy; ``export_head`` and ``export_blocks`` need PyTorch too,
``export_blocks_jax`` JAX, and none needs the program.

export_head: the head of a language model
-----------------------------------------

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

export_blocks: norms of the blocks of a Hessian
-----------------------------------------------

A tensor of a network, as a matrix, is cut into blocks of rows: a row each (the inputs of a neuron, a token), the rows
of a head of attention, all rows. H is the Hessian of the mean loss in that tensor alone, with a block H_ab for each
pair. With v of random signs on the entries of block b and 0 elsewhere, E |(H v)_a|^2 = |H_ab|_F^2 for every a at once:
one product of the Hessian with a vector measures a whole row of norms without bias. Nothing of the size of H is made.

========================  ===========  =========================================================================
about                     bytes        JSON: C, N, D, loss, what there is to say of each tensor
t/blocks                  P, int64     of tensor t, the blocks b that were probed
t/gauss_newton/diagonal   P x K        |(H v)_b|^2 for each of K probes of each of them, H of Gauss-Newton
t/gauss_newton/off        P x K        the sum of |(H v)_a|^2 over all a other than b
t/hessian/diagonal, off   P x K        the same of the full Hessian
t/partition               rows, int64  the block of each row, for a partition of the user's own
========================  ===========  =========================================================================
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
import zlib
from collections.abc import Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

__all__ = [
    "ExportError",
    "Part",
    "adam_mini_partition",
    "export_blocks",
    "export_blocks_jax",
    "export_head",
    "export_head_jax",
]


class ExportError(ValueError):
    """What is asked cannot be exported; the message says what to do instead."""


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


@dataclass(frozen=True)
class Part:
    """Which matrix of a parameter is meant, and which rows of it make a block.

    by: "rows": each row a block; "tokens": the same, of an embedding or a head; ("heads", h): rows in h equal groups,
        one after the other; "whole": one block; or an array with the block of each row, 0 ... B - 1. A vector is a
        matrix of one column, a tensor of more axes is flattened after its first.
    parameter: its name in the model; without it, the name that the part is given.
    rows: a slice or whole numbers, for a part of a fused weight: the rows of Q in one that holds Q, K and V.
    transposed: for a weight kept as inputs x outputs (Conv1D of Hugging Face, kernels of Flax): its columns are the
        rows.
    floor: what the ratio is known to fall to at initialisation once C is far above D, for ``limitlaw blocks`` to show:
        "value" (1/(D + 2)) of value projections, "last-down" of the last block's down projection, whose floor the final
        normalisation makes; None where none is known.
    """

    by: Any
    parameter: Optional[str] = None
    rows: Any = None
    transposed: bool = False
    floor: Optional[str] = None


def export_blocks(
    model,
    batch,
    targets,
    file,
    *,
    partitions,
    loss="ce",
    blocks=8,
    probes=4,
    seed=0,
    hessian=True,
    keep_rows=False,
    final_norm=None,
    initialisation=None,
    label=None,
    step=None,
):
    """Measures norms of blocks of a PyTorch model's Hessian on one batch, and writes them into a new .npz file.

    model: a module that returns logits (a tensor, the first of a tuple, or what is called logits). It is run in
        evaluation, so that dropout is off; modes and gradients are as before afterwards, also after an error. Its type
        of numbers is kept: ``model.double()`` for float64, where norms differ by more than float32 has digits.
    batch: a tensor, a mapping (``model(**batch)``, without its ``labels``) or a tuple (``model(*batch)``).
    targets: for "ce" a class for each position; those with a negative one (-100), or with 0 in the mapping's
        ``attention_mask``, are left out. For "mse" numbers like the outputs.
    file: must not exist, and ends in .npz.
    partitions: names to what is a block there: {"h.1.mlp.down.weight": "rows", "h.1.attn.q.weight": ("heads", 4),
        "h.1.v": Part("rows", "h.1.attn.qkv.weight", rows=slice(64, 96))}; ``adam_mini_partition(model, heads=4)`` makes
        Adam-mini's.
    loss: "ce", mean over the N positions of -log softmax(f)_y; or "mse", mean of |f - y|^2 / 2.
    blocks: of a tensor at most; which ones depends on the seed and the tensor's name. Blocks whose row of H is 0
        (tokens that the batch does not have, units that are off) add nothing to any sum and are not picked; the file
        counts the others, as ``live``.
    probes: vectors of random signs for each of them; an error of theirs needs 2.
    hessian: False leaves the full Hessian out and measures Gauss-Newton alone.
    keep_rows: True writes the norms |H_ab|^2 of every a too, means over probes, for pictures of single rows.
    final_norm: the module of the last normalisation before the head, or its name; False if there is none. From its
        input come D and the mean of cos^2 between positions; whether it is a LayerNorm or an RMSNorm is told by what
        it does.
    initialisation: number of the draw of the network, where several files with the same C are draws of one.
    label, step: said in the file, for figures of several.

    Gauss-Newton is J' (d^2 loss / df^2) J, the Hessian of the model made linear in the tensor; the full Hessian has the
    second derivatives of the logits too, weighted by the residuals. Below the head they are different matrices, so that
    both are measured. One forward pass a tensor is kept, with its N x C logits; a probe costs as much as two backward
    passes, and for the full Hessian two more below the head. Returns what ``about`` says. Raises ExportError for a
    model that answers differently twice, that PyTorch cannot differentiate twice, or whose logits a tensor does not
    reach; for half precision; for numbers that are not finite.
    """
    import torch

    asked = _Blocks(file, partitions, loss, blocks, probes, seed, hessian, keep_rows, initialisation, label, step)
    norm = None if final_norm is None or final_norm is False else _TorchNorm(model, final_norm)
    with _still(model, torch):
        first = _torch_logits(model, batch, torch)
        with norm.watched() if norm is not None else nullcontext():
            again = _torch_logits(model, batch, torch)
        _same(first, again, "the model", "dropout that evaluation does not switch off")
        positions = _Positions(first, targets, _mask(batch), loss)
        index = torch.as_tensor(positions.index, device=first.device)
        wanted = torch.as_tensor(positions.targets, device=first.device)
        for name, part in asked.parts.items():
            weight = _parameter(model, part.parameter, torch)
            partition = _Partition(name, part, tuple(weight.shape))
            weight.requires_grad_(True)
            with _differentiable(part.parameter):
                logits = _torch_logits(model, batch, torch).reshape(-1, first.shape[-1])[index]
                asked.measure(partition, _TorchProducts(name, logits, weight, loss, wanted, hessian, torch))
            weight.requires_grad_(False)
    facts = {"framework": f"torch {torch.__version__}", "dtype": str(first.dtype).replace("torch.", "")}
    kind = "none" if final_norm is False else None if norm is None else norm.kind()
    return asked.write(positions, kind, None if norm is None else norm.inputs, facts)


def export_blocks_jax(
    logits,
    parameters,
    targets,
    file,
    *,
    partitions,
    loss="ce",
    mask=None,
    norm=None,
    norm_inputs=None,
    blocks=8,
    probes=4,
    seed=0,
    hessian=True,
    keep_rows=False,
    initialisation=None,
    label=None,
    step=None,
):
    """Writes the same file from a function of JAX, by ``jax.jvp`` of ``jax.grad``.

    logits: a function of the parameters that returns logits, B x T x C or N x C, the same whenever it is called: the
        batch is in it, as in ``lambda parameters: model.apply(parameters, tokens)``.
    parameters: arrays in dictionaries, nested as Flax keeps them; partitions name them by their keys joined with dots.
        Flax keeps a kernel as inputs x outputs: ``Part("rows", transposed=True)``.
    mask: positions with 0 are left out.
    norm: "layer", "rms" or "none", what is before the head; norm_inputs: what it reads, B x T x D or N x D.

    The other arguments, what is returned and raised: as in ``export_blocks``. JAX computes in float32 unless
    ``jax_enable_x64`` says otherwise.
    """
    import jax

    asked = _Blocks(file, partitions, loss, blocks, probes, seed, hessian, keep_rows, initialisation, label, step)
    if norm not in (None, "layer", "rms", "none"):
        raise ExportError(f"norm must be 'layer', 'rms', 'none' or None, got {norm!r}")
    first = logits(parameters)
    _same(first, logits(parameters), "the function", "dropout, a key that changes")
    positions = _Positions(first, targets, mask, loss)
    own = _JaxLoss(loss, positions.targets, jax)
    for name, part in asked.parts.items():
        path = _path(parameters, part.parameter)
        weight = _at(parameters, path)
        partition = _Partition(name, part, tuple(weight.shape))

        def positions_of(value, path=path):
            return logits(_with(parameters, path, value)).reshape(-1, first.shape[-1])[positions.index]

        asked.measure(partition, _JaxProducts(positions_of, weight, own, hessian, jax))
    return asked.write(positions, norm, norm_inputs, {"framework": "jax", "dtype": str(first.dtype)})


def adam_mini_partition(model, *, heads, key_value_heads=None):
    """The blocks that Adam-mini (1.1 and later) gives a step size each, by the names of a PyTorch model's weights.

    Embeddings and head by token; Q and K by head; V, the output of attention and the layers of the MLP by output
    neuron. A bias, or the gain of a normalisation, is one block there, and one block has no ratio: they are left out.

    heads: heads of attention, of queries; key_value_heads: of keys and values, where they are fewer.

    Known are names as GPT-2, Llama, Mistral, OPT and PyTorch's own layers have them (``c_fc``, ``down_proj``, ``fc2``,
    ``linear1``), and fused weights whose rows are those of Q, then K, then V (``c_attn``, ``qkv_proj``,
    ``in_proj_weight``), which become three tensors. Other matrices are left out with a warning that names them: add
    them by hand. V and the last down projection carry the floor that they have at initialisation. A tied weight is one
    tensor, under the first of its names. Returns partitions for ``export_blocks``, to be changed as you like.
    """
    return _adam_mini(model, _whole(heads, "heads", 1), _whole(key_value_heads or heads, "key_value_heads", 1))


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
    """The positions of a batch as B x T, and what stands at them. who: has them, for messages."""

    def __init__(self, features_shape, tokens, targets, mask, who="the head reads"):
        lead, self.who = tuple(features_shape[:-1]), who
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
                f"{name} are {_shape(found.shape)} and {self.who} {_shape(self.shape)} positions, the other way "
                "round: let sequences come first in both"
            )
        raise ExportError(
            f"{name} are {_shape(found.shape)} and {self.who} {_shape(self.shape)} positions: give one for each, "
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


# --- blocks of a Hessian ----------------------------------------------------------------------------------------------


class _Blocks:
    """What is asked of every tensor, what was measured of each, and the file of it."""

    def __init__(self, file, partitions, loss, blocks, probes, seed, hessian, keep_rows, initialisation, label, step):
        self.file = _absent(file, "file")
        if self.file.suffix != ".npz":
            raise ExportError(f"the file must end in .npz, got {str(file)!r}: limitlaw knows arrays by their endings")
        if loss not in ("ce", "mse"):
            raise ExportError(f"loss must be 'ce' (cross-entropy) or 'mse' (half the squared error), got {loss!r}")
        if not isinstance(partitions, Mapping) or len(partitions) == 0:
            raise ExportError(
                "partitions must map names of parameters to what is a block there, as in {'mlp.down.weight': 'rows'}"
            )
        self.parts = {name: _part(name, each) for name, each in partitions.items()}
        self.loss, self.keep_rows = loss, bool(keep_rows)
        self.kinds = ("gauss_newton", "hessian") if hessian else ("gauss_newton",)
        self.blocks, self.probes = _whole(blocks, "blocks", 1), _whole(probes, "probes", 1)
        self.seed = _whole(seed, "seed", 0)
        self.mark = {
            "initialisation": None if initialisation is None else _whole(initialisation, "initialisation", 0),
            **_mark(label, step),
        }
        self.arrays, self.tensors = {}, []

    def measure(self, partition, products):
        """Probes of some blocks of a tensor; products give, for a vector, squares of a product's rows."""
        name = partition.name
        random = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
        # A row of the Hessian is 0 exactly if its product with a vector in general position is.
        vector = random.standard_normal(int(np.prod(products.shape)), dtype=np.float32)
        found = products.squares(slice(None), vector, partition.transposed)
        live = np.any([partition.norms(each) > 0 for each in found.values()], axis=0)
        if not live.any():
            raise ExportError(_independent(name))
        # All of them in one order first, so that taking fewer takes some of the same.
        picked = np.sort(random.permutation(np.flatnonzero(live))[: self.blocks])
        shape = (len(picked), self.probes)
        found = {kind: (np.empty(shape), np.empty(shape)) for kind in self.kinds}
        rows = {kind: np.zeros((len(picked), partition.blocks)) for kind in self.kinds if self.keep_rows}
        for at, block in enumerate(picked):
            entries = partition.entries(block)
            for probe in range(self.probes):
                signs = _signs(self.seed, name, int(block), probe, len(entries))
                for kind, squares in products.squares(entries, signs, partition.transposed).items():
                    norms = partition.norms(squares)
                    diagonal, off = found[kind]
                    diagonal[at, probe] = norms[block]
                    # Not the sum less the diagonal: an off-diagonal part may have fewer digits than that loses.
                    off[at, probe] = norms[:block].sum() + norms[block + 1 :].sum()
                    if self.keep_rows:
                        rows[kind][at] += norms / self.probes
        self.arrays[f"{name}/blocks"] = picked.astype(np.int64)
        for kind, (diagonal, off) in found.items():
            if not (np.isfinite(diagonal).all() and np.isfinite(off).all()):
                raise ExportError(f"second derivatives in {name!r} are not finite: scale the model, or use float64")
            self.arrays[f"{name}/{kind}/diagonal"], self.arrays[f"{name}/{kind}/off"] = diagonal, off
        for kind, means in rows.items():
            self.arrays[f"{name}/{kind}/row"] = means
        if partition.word == "custom":
            self.arrays[f"{name}/partition"] = partition.block_of
        self.tensors.append({**partition.about, "live": int(live.sum())})

    def write(self, positions, norm, norm_inputs, facts):
        """norm_inputs: what the final normalisation reads, ... x D."""
        dimension, cosine = None, None
        if norm_inputs is not None:
            read = _array(norm_inputs, np.float64)
            dimension = read.shape[-1]
            read = read.reshape(-1, dimension)
            read = read[positions.index] if len(read) == positions.all else read
            cosine = _cosine_square(read, norm)
        about = {
            "kind": "limitlaw-blocks",
            "version": 1,
            "classes": positions.classes,
            "samples": len(positions.index),
            "dimension": dimension,
            "loss": self.loss,
            "seed": self.seed,
            **self.mark,
            "finalNorm": norm,
            "cosineSquare": cosine,
            "sequence": positions.sequence,
            **facts,
            "tensors": self.tensors,
        }
        text = json.dumps(about, ensure_ascii=False).encode()
        partial = self.file.with_name(f"{self.file.name}.partial-{os.getpid()}")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(partial, "xb") as stream:
                np.savez_compressed(stream, about=np.frombuffer(text, np.uint8), **self.arrays)
            _absent(self.file, "file")
            partial.rename(self.file)
        finally:
            partial.unlink(missing_ok=True)
        return about


def _independent(name):
    return (
        f"the logits do not depend on {name!r} here (detached, under no_grad, behind units that are off, an expert "
        "that the batch does not call?), so that its Hessian is 0: leave it out of partitions"
    )


def _signs(seed, name, block, probe, count):
    """Signs of a probe. A stream of their own: the same whatever else is measured, and the first of more probes."""
    random = np.random.default_rng([seed, zlib.crc32(name.encode()), block + 1, probe + 1])
    return 2 * random.integers(0, 2, count, dtype=np.int8) - 1


def _part(name, given):
    if not isinstance(name, str) or name in ("", "about") or "/" in name or any(ord(letter) < 32 for letter in name):
        raise ExportError(f"a tensor's name must be text without '/', got {name!r}: name it, and the parameter in Part")
    part = given if isinstance(given, Part) else Part(given)
    if part.floor not in (None, "value", "last-down"):
        raise ExportError(f"the floor of {name!r} must be 'value', 'last-down' or None, got {part.floor!r}")
    return replace(part, parameter=name if part.parameter is None else part.parameter)


class _Partition:
    """The matrix that a part of a parameter is, and the block of each of its rows."""

    def __init__(self, name, part, shape):
        height, width = (shape[0] if len(shape) > 0 else 1), int(np.prod(shape[1:]))
        if part.transposed and len(shape) != 2:
            raise ExportError(f"{name!r} is {_shape(shape)}, and transposed is for a matrix: leave it out")
        self.name, self.shape, self.transposed = name, (height, width), part.transposed
        self.rows = _rows_of(name, part.rows, width if part.transposed else height)
        self.word, self.block_of = _blocks_of(name, part.by, len(self.rows))
        self.blocks = int(self.block_of.max()) + 1
        self.about = {
            "name": name,
            "parameter": part.parameter,
            "shape": [len(self.rows), height if part.transposed else width],
            "partition": self.word,
            "blocks": self.blocks,
            "floor": part.floor,
        }

    def entries(self, block):
        """Where the entries of a block stand in the flattened parameter, row by row."""
        (height, width), rows = self.shape, self.rows[self.block_of == block][:, None]
        return (np.arange(height) * width + rows if self.transposed else rows * width + np.arange(width)).ravel()

    def norms(self, squares):
        """Of squares of all rows of the parameter (columns, if transposed): their sums over each block."""
        return np.bincount(self.block_of, weights=squares[self.rows], minlength=self.blocks)


def _rows_of(name, given, count):
    if given is None:
        return np.arange(count)
    if isinstance(given, slice):
        rows = np.arange(count)[given]
    else:
        rows = np.asarray(given)
    whole = rows.ndim == 1 and rows.dtype.kind in "iu"
    if not whole or len(rows) == 0 or rows.min() < 0 or rows.max() >= count or len(np.unique(rows)) < len(rows):
        raise ExportError(
            f"rows of {name!r} must be a slice or different whole numbers below its {count} rows, got {given!r:.60}"
            + ("" if whole else "; transposed=True makes columns rows")
        )
    return rows.astype(np.int64)


def _blocks_of(name, by, count):
    """The word for a partition, and the block of each of count rows."""
    if isinstance(by, str) and by in ("rows", "tokens", "whole"):
        return by, np.zeros(count, np.int64) if by == "whole" else np.arange(count)
    if isinstance(by, tuple) and len(by) == 2 and by[0] == "heads":
        heads = _whole(by[1], f"heads of {name!r}", 1)
        if count % heads != 0:
            raise ExportError(
                f"{name!r} has {count} rows, which are no {heads} equal heads: give the number of its own heads (keys "
                "may have fewer), or transposed=True if its rows are inputs"
            )
        return "heads", np.arange(count) // (count // heads)
    block_of = None if isinstance(by, (str, tuple)) else np.asarray(by)
    if block_of is None or block_of.ndim != 1 or block_of.dtype.kind not in "iu":
        raise ExportError(
            f"the partition of {name!r} must be 'rows', 'tokens', ('heads', h), 'whole' or the block of each row, got "
            f"{by!r:.60}"
        )
    if len(block_of) != count or not np.array_equal(np.unique(block_of), np.arange(block_of.max(initial=-1) + 1)):
        raise ExportError(
            f"the partition of {name!r} must say for each of its {count} rows a block from 0 on, each of them in use, "
            f"got {len(block_of)} numbers up to {block_of.max(initial=-1)}"
        )
    return "custom", block_of.astype(np.int64)


class _Positions:
    """The positions that the loss is a mean over, and what is wanted there."""

    def __init__(self, logits, targets, mask, loss):
        shape = tuple(logits.shape)
        if len(shape) not in (2, 3):
            raise ExportError(f"logits must be B x T x C or N x C, got shape {_shape(shape)}: one position a row")
        if not np.isfinite(_array(logits, np.float64)).all():
            raise ExportError("logits have a number that is not finite: repair the model, or leave the batch out")
        self.classes, self.sequence = shape[-1], shape[1] if len(shape) == 3 else None
        wanted = _array(targets, None)
        if loss == "mse":
            if tuple(wanted.shape) != shape:
                raise ExportError(f"targets are {_shape(wanted.shape)} and the outputs {_shape(shape)}: give as many")
            places = _Places(shape, None, None, mask, "the logits have")
            wanted = wanted.reshape(-1, self.classes)
        else:
            if wanted.dtype.kind not in "iu":
                raise ExportError(f"targets must be whole numbers, the class at each position, got {wanted.dtype}")
            places = _Places(shape, None, wanted, mask, "the logits have")
            wanted = wanted.reshape(-1)
        self.all = int(np.prod(shape[:-1]))
        self.index = np.flatnonzero(places.valid())
        if len(self.index) == 0:
            raise ExportError("no position counts for the loss: give at least one target of 0 or more")
        self.targets = wanted[self.index]
        if loss == "ce" and self.targets.max() >= self.classes:
            raise ExportError(f"a target must be below C = {self.classes}, got {self.targets.max()}: give classes")


def _same(first, again, who, such_as):
    """That logits are the same a second time, up to sums in another order, and have digits enough."""
    kind = str(first.dtype).replace("torch.", "")
    if kind not in ("float32", "float64"):
        raise ExportError(
            f"{who} computes logits in {kind}, whose digits are too few for second derivatives: use float32 or float64 "
            "(model.float()), outside autocast"
        )
    if first.shape == again.shape:
        given, expected = _array(again, np.float64), _array(first, np.float64)
        # What is not finite is refused later, by its name.
        if not np.isfinite(expected).all() or not _far(given, expected, 1e3 * np.finfo(kind).eps):
            return
    raise ExportError(
        f"{who} gives other logits when it is called again with the same batch ({such_as}, noise, a random mask?): "
        "switch that off, or fix what is drawn"
    )


def _cosine_square(rows, norm):
    """Mean over pairs of positions of cos^2 between inputs of a normalisation: |sum_n x x'|^2 has all pairs."""
    if norm not in ("layer", "rms") or len(rows) < 2:
        return None
    rows = rows - rows.mean(axis=1, keepdims=True) if norm == "layer" else rows
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        return None
    unit = rows / lengths
    count = len(unit)
    return float((np.square(unit.T @ unit).sum() - count) / (count * (count - 1)))


# --- their products in PyTorch ----------------------------------------------------------------------------------------


class _TorchProducts:
    """Products with vectors of the Hessian in one parameter and of its Gauss-Newton part, from one forward pass.

    logits: N x C at the positions of the loss. The full Hessian is Gauss-Newton and what is left of it, the second
    derivatives of the logits weighted by the slope of the loss, which below a linear head costs nothing of size N x C.
    """

    def __init__(self, name, logits, weight, loss, targets, hessian, torch):
        self.logits, self.weight, self.shape, self.torch = logits, weight, tuple(weight.shape), torch
        if not logits.requires_grad:
            raise ExportError(_independent(name))
        values = logits.detach()
        self.probabilities = values.softmax(-1) if loss == "ce" else None
        # J' u is linear in u: its derivative there is J, without a forward mode.
        self.u = torch.zeros_like(logits, requires_grad=True)
        self.pulled = self.derivative(logits, weight, self.u, create_graph=True)
        if self.pulled is None:
            raise ExportError(_independent(name))
        if not hessian:
            self.slope = None
            return
        if loss == "ce":
            residual = self.probabilities.clone()
            residual[torch.arange(len(values), device=values.device), targets] -= 1
        else:
            residual = values - targets.to(values)
        self.slope = self.derivative(logits, weight, residual / len(values), create_graph=True)

    def derivative(self, of, by, along, **options):
        return self.torch.autograd.grad(of, by, along, retain_graph=True, allow_unused=True, **options)[0]

    def of(self, vector):
        pushed = self.derivative(self.pulled, self.u, vector)
        if pushed is None:
            raise RuntimeError("its derivative cannot be differentiated twice")
        curved = pushed
        if self.probabilities is not None:
            # (diag p - p p') J v at each position.
            curved = self.probabilities * pushed
            curved = curved - self.probabilities * curved.sum(-1, keepdim=True)
        gauss_newton = self.derivative(self.logits, self.weight, curved / len(curved))
        if self.slope is None:
            return {"gauss_newton": gauss_newton}
        # None of it where logits are linear in the parameter, as in the head.
        rest = self.derivative(self.slope, self.weight, vector) if self.slope.requires_grad else None
        return {"gauss_newton": gauss_newton, "hessian": gauss_newton if rest is None else gauss_newton + rest}

    def squares(self, entries, values, transposed):
        """Sums of squares over rows (columns, if transposed) of the products with a vector of these entries."""
        vector = self.torch.zeros_like(self.weight).reshape(-1)
        at = entries if isinstance(entries, slice) else self.torch.as_tensor(entries, device=vector.device)
        vector[at] = self.torch.as_tensor(values, dtype=vector.dtype, device=vector.device)
        found = {}
        for kind, product in self.of(vector.reshape(self.shape)).items():
            matrix = product.detach().reshape(self.shape[0] if len(self.shape) > 0 else 1, -1).double()
            found[kind] = matrix.square().sum(0 if transposed else 1).cpu().numpy()
        return found


@contextmanager
def _still(model, torch):
    """The model in evaluation and with no parameter differentiated in, until it is left as it was."""
    modes = [(module, module.training) for module in model.modules()]
    needed = [(each, each.requires_grad) for each in model.parameters()]
    try:
        model.eval()
        for each, _ in needed:
            each.requires_grad_(False)
        with torch.inference_mode(False), torch.enable_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training
        for each, requires_grad in needed:
            each.requires_grad_(requires_grad)


@contextmanager
def _differentiable(name):
    """What PyTorch says of a model that it cannot differentiate twice, with what helps."""
    try:
        yield
    except RuntimeError as error:
        said = str(error).strip().split("\n")[0]
        known = (
            "not implemented",
            "twice",
            "double backward",
            "checkpoint",
            "sparse",
            "not have been used in the graph",
        )
        if not any(each in said.lower() for each in known):
            raise
        raise ExportError(
            f"PyTorch cannot differentiate this model twice in {name!r}: {said[:90]}. Use plain attention "
            "(attn_implementation='eager'), no checkpointing, no sparse gradients, no fused or compiled layers"
        ) from error


def _torch_logits(model, batch, torch):
    found = _logits_in(_call(model, batch), torch)
    if found is None:
        raise ExportError("the model returns no logits: give a module that returns them, not the loss")
    return found


def _parameter(model, name, torch):
    try:
        found = model.get_parameter(name)
    except AttributeError:
        names = [each for each, _ in model.named_parameters()]
        near = [each for each in names if each.split(".")[-2:] == name.split(".")[-2:]] or names
        raise ExportError(f"the model has no parameter {name!r}: it has {', '.join(near[-4:]) or 'none'}") from None
    if found.dtype not in (torch.float32, torch.float64):
        raise ExportError(
            f"{name!r} is of type {found.dtype}, whose digits are too few for second derivatives: use float32 or "
            "float64 (model.float())"
        )
    return found


class _TorchNorm:
    """The last normalisation of a PyTorch model, and what it reads."""

    def __init__(self, model, given):
        self.module, self.name = _module_of(model, given)
        self.inputs = None

    @contextmanager
    def watched(self):
        read = []
        hook = self.module.register_forward_hook(lambda _module, inputs, _result: read.append(inputs[0]))
        try:
            yield
        finally:
            hook.remove()
        if len(read) != 1:
            raise ExportError(
                f"the model calls {self.name!r} {len(read)} times a batch: name the last normalisation before the "
                "head, or leave final_norm out"
            )
        self.inputs = read[0].detach()

    def kind(self):
        """Told by what it does: neither sees the length of its input, and a LayerNorm not its mean either."""
        read = self.inputs
        plain, scaled = self.module(read).detach(), self.module(2 * read).detach()
        shifted = self.module(read + read.square().mean().sqrt()).detach()
        differ = [_distance(_array(each, np.float64), _array(plain, np.float64)) for each in (scaled, shifted)]
        # Twice the length is seen by what is added to the variance, 1e-5 of it or so.
        if differ[0] > 0.05:
            raise ExportError(
                f"{self.name!r} is no LayerNorm or RMSNorm: an input of twice the length changes its output by "
                f"{100 * differ[0]:.0f} %. Name the last normalisation before the head, or leave final_norm out"
            )
        return "layer" if differ[1] <= 0.05 else "rms"


def _module_of(model, given):
    if not isinstance(given, str):
        return given, next((name for name, each in model.named_modules() if each is given), type(given).__name__)
    named = dict(model.named_modules())
    if given in named:
        return named[given], given
    norms = [name for name in named if "norm" in name.lower() or "ln" in name.lower()]
    raise ExportError(f"the model has no module {given!r}: its norms are {', '.join(norms[-4:]) or 'named otherwise'}")


# --- their products in JAX --------------------------------------------------------------------------------------------


class _JaxLoss:
    """The mean loss over positions as a function of their logits, and its second derivative times a vector."""

    def __init__(self, loss, targets, jax):
        self.loss, self.targets, self.jax = loss, jax.numpy.asarray(targets), jax

    def value(self, logits):
        if self.loss == "mse":
            return ((logits - self.targets) ** 2).sum() / (2 * len(self.targets))
        own = self.jax.nn.log_softmax(logits, -1)
        return -own[np.arange(len(self.targets)), self.targets].sum() / len(self.targets)

    def curvature(self, logits, vector):
        if self.loss == "mse":
            return vector / len(self.targets)
        probabilities = self.jax.nn.softmax(logits, -1)
        weighted = probabilities * vector
        return (weighted - probabilities * weighted.sum(-1)[:, None]) / len(self.targets)


class _JaxProducts:
    """Products with vectors of the Hessian in one array and of its Gauss-Newton part; logits: a function of it."""

    def __init__(self, logits, weight, loss, hessian, jax):
        def gauss_newton(vector):
            found, pushed = jax.jvp(logits, (weight,), (vector,))
            return jax.vjp(logits, weight)[1](loss.curvature(found, pushed))[0]

        def full(vector):
            return jax.jvp(jax.grad(lambda value: loss.value(logits(value))), (weight,), (vector,))[1]

        self.weight, self.shape, self.asarray = weight, tuple(weight.shape), jax.numpy.asarray
        self.kinds = {"gauss_newton": jax.jit(gauss_newton), **({"hessian": jax.jit(full)} if hessian else {})}

    def squares(self, entries, values, transposed):
        vector = np.zeros(int(np.prod(self.shape)))
        vector[entries] = values
        vector = self.asarray(vector.reshape(self.shape), dtype=self.weight.dtype)
        found = {}
        for kind, product in self.kinds.items():
            matrix = _array(product(vector), np.float64).reshape(self.shape[0] if len(self.shape) > 0 else 1, -1)
            found[kind] = np.square(matrix).sum(axis=0 if transposed else 1)
        return found


def _path(tree, name):
    """Keys of an array in nested dictionaries, by their names joined with dots; a key may have dots itself."""
    if not isinstance(tree, Mapping):
        raise ExportError(f"parameters must be arrays in dictionaries, got {type(tree).__name__}")
    for key in tree:
        if key == name and not isinstance(tree[key], Mapping):
            return (key,)
        if name.startswith(f"{key}.") and isinstance(tree[key], Mapping):
            return (key, *_path(tree[key], name[len(key) + 1 :]))
    raise ExportError(f"parameters have no {name!r}: there are {', '.join(sorted(map(str, tree))[:6])}")


def _at(tree, path):
    return _at(tree[path[0]], path[1:]) if path else tree


def _with(tree, path, value):
    """The same dictionaries with another array at one place."""
    return {**tree, path[0]: _with(tree[path[0]], path[1:], value)} if path else value


# --- Adam-mini's partition --------------------------------------------------------------------------------------------

# Last words of names that models give their layers.
_QUERY_KEY = {"q", "k", "q_proj", "k_proj", "wq", "wk", "query", "key", "c_q", "c_k"}
_VALUE = {"v", "v_proj", "wv", "value", "c_v"}
_FUSED = {"c_attn", "qkv_proj", "qkv", "wqkv", "in_proj_weight"}
_DOWN = {"down", "down_proj", "fc2", "w2", "c_proj", "fc_out", "linear2"}
_UP = {"up", "up_proj", "gate", "gate_proj", "fc1", "w1", "w3", "c_fc", "fc_in", "linear1"}
_ATTENTION_OUTPUT = {"o", "o_proj", "wo", "out_proj", "proj", "dense"}
_HEADS_OF_TOKENS = {"lm_head", "head", "output", "embed_out", "unembed"}
_EMBEDDINGS = {"wte", "wpe", "embed_tokens", "tok_embeddings", "embed_positions", "embedding", "word_embeddings"}


def _adam_mini(model, heads, key_value_heads):
    import torch

    found, unknown, downs = {}, [], []
    for name, weight in model.named_parameters():
        if weight.dim() != 2:
            continue
        *path, last = name.split(".")
        module = model.get_submodule(".".join(path))
        words = path if last == "weight" else [*path, last]
        word = words[-1].lower() if words else ""
        is_attention = any("attn" in each.lower() or "attention" in each.lower() for each in words[:-1])
        transposed = type(module).__name__ == "Conv1D"
        outputs = weight.shape[1 if transposed else 0]
        if isinstance(module, torch.nn.Embedding) or word in _EMBEDDINGS or word in _HEADS_OF_TOKENS:
            found[name] = Part("tokens", name)
        elif word in _FUSED:
            size = outputs // (heads + 2 * key_value_heads)
            ends = np.cumsum([0, size * heads, size * key_value_heads, size * key_value_heads])
            if size == 0 or ends[-1] != outputs:
                raise ExportError(
                    f"{name!r} has {outputs} outputs, which are not those of {heads} heads of queries and twice "
                    f"{key_value_heads} of keys and values: give heads and key_value_heads as the model has them"
                )
            rows = [slice(int(begin), int(end)) for begin, end in zip(ends, ends[1:])]
            kinds = (("heads", heads), None), (("heads", key_value_heads), None), ("rows", "value")
            for letter, own, (by, floor) in zip("qkv", rows, kinds):
                found[f"{name}.{letter}"] = Part(by, name, own, transposed, floor)
        elif word in _QUERY_KEY:
            is_key = word.replace("w", "").replace("c_", "").startswith("k")
            found[name] = Part(("heads", key_value_heads if is_key else heads), name, None, transposed)
        elif word in _VALUE:
            found[name] = Part("rows", name, None, transposed, "value")
        elif word in _DOWN | _UP | _ATTENTION_OUTPUT:
            found[name] = Part("rows", name, None, transposed)
            if word in _DOWN and not is_attention:
                downs.append(name)
        else:
            unknown.append(name)
    if unknown:
        more = f" and {len(unknown) - 4} more" if len(unknown) > 4 else ""
        warnings.warn(
            f"adam_mini_partition: left out, since their names are not known: {', '.join(unknown[:4])}{more}; add "
            "them by hand"
        )
    if downs:
        found[downs[-1]] = replace(found[downs[-1]], floor="last-down")
    return found


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


def _absent(folder, what="folder"):
    path = Path(folder)
    if path.exists() or path.is_symlink():
        raise ExportError(f"the {what} {str(folder)!r} is there already, and nothing is overwritten: name a new one")
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
