"""The exporter: what it writes against the model, and what it refuses. Needs no program; PyTorch for most of it."""

import json
import unittest
import warnings

import numpy as np

from limitlaw_export import ExportError, export_head, export_head_jax

from .folders import Folders

try:
    import torch
except ImportError:
    torch = None

C, D, B, T = 11, 5, 6, 9


class Exports(Folders):
    def new(self):
        return self.path("export")

    def load(self, folder):
        return {path.stem: np.load(path) for path in folder.glob("*.npy")}

    def refused(self, pattern, call, *arguments, **options):
        """The sentence has at most 300 characters, and nothing is left on the disk."""
        folder = self.new()
        with self.assertRaisesRegex(ExportError, pattern) as caught:
            call(*arguments, folder, samples=B * T, **options)
        self.assertLessEqual(len(str(caught.exception)), 300)
        self.assertEqual([path.name for path in self.folder.iterdir()], [])


class Arrays(Exports):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(5)
        self.features = random.standard_normal((B, T, D)).astype(np.float32)
        self.kernel = random.standard_normal((D, C)).astype(np.float32)
        self.bias = random.standard_normal(C).astype(np.float32)
        self.logits = self.features @ self.kernel + self.bias

    def test_a_kernel_is_written_as_rows_of_tokens(self):
        targets = np.arange(B * T).reshape(B, T) % C
        folder = self.new()
        about = export_head_jax(
            *(self.features, self.kernel, folder),
            **dict(
                bias=self.bias, targets=targets, tokens=targets, logits=self.logits, samples=B * T, label="a", step=3
            ),
        )
        found = self.load(folder)
        np.testing.assert_array_equal(found["h"], self.features.reshape(-1, D))
        np.testing.assert_array_equal(found["V"], self.kernel.T)
        np.testing.assert_array_equal(found["bias"], self.bias)
        np.testing.assert_array_equal(found["y"], targets.ravel())
        np.testing.assert_array_equal(found["tokens"], targets.ravel())
        np.testing.assert_array_equal(found["groups"], np.repeat(np.arange(B), T))
        wide = self.features.astype(float).reshape(-1, D) @ self.kernel.astype(float) + self.bias.astype(float)
        np.testing.assert_allclose(found["lse"], np.log(np.exp(wide).sum(axis=1)), rtol=1e-14)
        self.assertEqual({name: values.dtype for name, values in found.items()}["lse"], np.float64)
        self.assertEqual(found["h"].dtype, np.float32)
        self.assertEqual(json.loads((folder / "head.json").read_text()), about)
        self.assertEqual((about["samples"], about["classes"], about["dimension"]), (B * T, C, D))
        self.assertEqual((about["sequences"], about["checked"], about["label"], about["step"]), (B, "logits", "a", 3))
        self.assertIn("transposed", about["kernel"])
        self.assertEqual(about["files"]["V.npy"], [C, D])

    def test_rows_keep_the_sequences_that_are_given(self):
        folder = self.new()
        groups = np.repeat([4, 9], B * T // 2)
        about = export_head_jax(self.features.reshape(-1, D), self.kernel, folder, groups=groups, samples=B * T)
        np.testing.assert_array_equal(self.load(folder)["groups"], groups)
        self.assertEqual(about["sequences"], 2)

    def test_large_logits_do_not_overflow(self):
        folder = self.new()
        export_head_jax(1000 * self.features, self.kernel, folder, samples=B * T)
        wide = 1000 * self.features.reshape(-1, D).astype(float) @ self.kernel.astype(float)
        # Of such logits the largest one is all there is, to 1e-6 of 1.
        np.testing.assert_allclose(self.load(folder)["lse"], wide.max(axis=1), rtol=1e-4)

    def test_the_log_normaliser_is_the_same_by_tiles_of_any_height(self):
        import limitlaw_export

        tiles, folder = limitlaw_export._tiles, self.new()
        self.addCleanup(setattr, limitlaw_export, "_tiles", tiles)

        def narrow(output, count):
            for begin in range(0, C, 4):
                yield begin, min(C, begin + 4), output.rows(begin, min(C, begin + 4))

        limitlaw_export._tiles = narrow
        export_head_jax(self.features, self.kernel, folder, bias=self.bias, samples=B * T)
        wide = self.features.astype(float).reshape(-1, D) @ self.kernel.astype(float) + self.bias.astype(float)
        np.testing.assert_allclose(self.load(folder)["lse"], np.log(np.exp(wide).sum(axis=1)), rtol=1e-14)
        np.testing.assert_array_equal(self.load(folder)["V"], self.kernel.T)

    def test_what_does_not_fit_is_refused_with_the_remedy(self):
        refused = lambda pattern, *arguments, **options: self.refused(pattern, export_head_jax, *arguments, **options)
        refused(r"D x C with D = 5.*give kernel\.T", self.features, self.kernel.T)
        refused(r"give the kernel of the layer", self.features, self.kernel[:3])
        refused(r"bias must be C = 11 numbers", self.features, self.kernel, bias=self.bias[1:])
        refused(r"B x T x D or N x D", self.features[0, 0], self.kernel)
        refused(r"groups are for features N x D", self.features, self.kernel, groups=np.arange(B * T))
        refused(r"groups must be 54 whole numbers", self.features.reshape(-1, D), self.kernel, groups=np.arange(3))
        refused(r"the other way round", self.features, self.kernel, targets=np.zeros((T, B), int))
        refused(r"are 2 x 2 and the head reads 6 x 9", self.features, self.kernel, targets=np.zeros((2, 2), int))
        refused(r"below C = 11, got 11", self.features, self.kernel, targets=np.full((B, T), C))
        refused(r"no position to export", self.features, self.kernel, mask=np.zeros((B, T)))
        refused(r"are not h V\^T \+ b", self.features, self.kernel, bias=self.bias, logits=1.01 * self.logits)
        refused(r"logits are 6 x 9 x 10", self.features, self.kernel, logits=self.logits[..., 1:])
        refused(r"seed must be a whole number of at least 0, got -1", self.features, self.kernel, seed=-1)
        refused(r"per_sequence must be .* got 2\.5", self.features, self.kernel, per_sequence=2.5)
        refused(r"step must be a whole number", self.features, self.kernel, step="last")
        refused(r"label must be text", self.features, self.kernel, label=3)

    def test_numbers_that_are_not_finite_are_refused_and_named(self):
        features, kernel = self.features.copy(), self.kernel.copy()
        features[2, 3, 1] = np.nan
        self.refused(r"not finite at sequence 2, position 3", export_head_jax, features, self.kernel)
        kernel[0, 7] = np.inf
        self.refused(r"row 7 of V", export_head_jax, self.features, kernel)

    def test_nothing_is_overwritten(self):
        folder = self.new()
        folder.mkdir()
        (folder / "h.npy").write_text("mine")
        with self.assertRaisesRegex(ExportError, "is there already"):
            export_head_jax(self.features, self.kernel, folder)
        self.assertEqual((folder / "h.npy").read_text(), "mine")

    def test_few_positions_and_one_sequence_are_said(self):
        with self.assertWarnsRegex(UserWarning, "54 positions were found, and samples asks for 60"):
            export_head_jax(self.features, self.kernel, self.new(), samples=60)
        with self.assertWarnsRegex(UserWarning, "all positions are of one sequence"):
            export_head_jax(self.features[:1], self.kernel, self.new(), samples=T)


def layers():
    """Modules of the tests, which are made where PyTorch is."""

    class Model(torch.nn.Module):
        """Tokens in, logits out: an embedding, dropout, a squashing, the head. What comes after it is a parameter."""

        def __init__(self, after=lambda logits: logits, bias=True, features=lambda hidden: hidden):
            super().__init__()
            self.embedding = torch.nn.Embedding(C, D)
            self.dropout = torch.nn.Dropout(0.5)
            self.middle = torch.nn.Linear(D, D)
            self.lm_head = torch.nn.Linear(D, C, bias=bias)
            self.after, self.features = after, features

        def forward(self, input_ids, attention_mask=None):
            hidden = torch.tanh(self.middle(self.dropout(self.embedding(input_ids))))
            return self.after(self.lm_head(self.features(hidden)))

    return Model


@unittest.skipIf(torch is None, "no PyTorch for this Python")
class Models(Exports):
    def setUp(self):
        super().setUp()
        torch.manual_seed(3)
        self.Model = layers()
        self.model = self.Model()
        # No token twice in a sequence, so that a row of features tells its position.
        self.tokens = torch.stack([torch.randperm(C)[:T] for _ in range(B)])
        self.targets = torch.randint(C, (B, T))

    def export(self, model=None, batches=None, head="lm_head", **options):
        folder = self.new()
        model = self.model if model is None else model
        batches = [(self.tokens, self.targets)] if batches is None else batches
        about = export_head(model, head, batches, folder, **{"samples": B * T, **options})
        return self.load(folder), about

    def hidden(self, model=None):
        model = self.model if model is None else model
        with torch.no_grad():
            return torch.tanh(model.middle(model.embedding(self.tokens)))

    def test_the_files_hold_the_hessian_of_the_head(self):
        found, about = self.export(per_sequence=3, samples=16)
        self.assertEqual(
            (about["samples"], about["sequences"], about["checked"], about["tied"]), (16, 6, "model", False)
        )
        # 5 sequences with 3 positions each, and the last with 1.
        np.testing.assert_array_equal(np.bincount(found["groups"]), [3, 3, 3, 3, 3, 1])
        hidden = self.hidden().numpy()
        places = [
            next(t for t in range(T) if np.array_equal(hidden[group, t], row))
            for group, row in zip(found["groups"], found["h"])
        ]
        np.testing.assert_array_equal(found["tokens"], self.tokens.numpy()[found["groups"], places])
        np.testing.assert_array_equal(found["y"], self.targets.numpy()[found["groups"], places])
        self.assertTrue(all(a < b for k, (a, b) in enumerate(zip(places, places[1:])) if (k + 1) % 3 > 0))
        # Second derivatives of the mean cross-entropy at these positions, by PyTorch.
        h, y = torch.tensor(hidden[found["groups"], places]).double(), torch.tensor(found["y"])
        bias = self.model.lm_head.bias.detach().double()
        loss = lambda weight: torch.nn.functional.cross_entropy(h @ weight.T + bias, y)
        by_autograd = torch.autograd.functional.hessian(loss, self.model.lm_head.weight.detach().double()).numpy()
        wide = {name: values.astype(float) for name, values in found.items()}
        p = np.exp(wide["h"] @ wide["V"].T + wide["bias"] - wide["lse"][:, None])
        np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-13)
        weights = np.einsum("ni,ij->nij", p, np.eye(C)) - np.einsum("ni,nj->nij", p, p)
        by_files = np.einsum("nij,nd,ne->idje", weights, wide["h"], wide["h"]) / len(p)
        np.testing.assert_allclose(by_files, by_autograd, atol=1e-12)

    def test_positions_depend_on_the_seed_and_not_on_batches(self):
        pairs = list(zip(self.tokens, self.targets))
        batched = lambda size: [
            tuple(torch.stack(each) for each in zip(*pairs[k : k + size])) for k in range(0, len(pairs), size)
        ]
        one, two, other = (
            self.export(batches=batched(size), per_sequence=4, samples=24, seed=seed)[0]
            for size, seed in ((6, 1), (2, 1), (2, 2))
        )
        for name in one:
            np.testing.assert_allclose(one[name], two[name], rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(one["tokens"], two["tokens"])
        self.assertFalse(np.array_equal(one["h"], other["h"]))

    def test_the_model_is_left_as_it_was(self):
        self.model.train()
        self.model.dropout.eval()
        random = torch.get_rng_state()
        self.export()
        with self.assertRaises(ExportError):
            self.export(batches=[(self.tokens, self.targets + C)])
        with self.assertRaises(IndexError):
            self.export(batches=[(self.tokens + C, self.targets)])
        self.assertEqual(
            [each.training for each in (self.model, self.model.dropout, self.model.lm_head)], [True, False, True]
        )
        self.assertEqual(len(self.model.lm_head._forward_hooks), 0)
        self.assertTrue(all(each.grad is None for each in self.model.parameters()))
        seen = []
        self.model.after = lambda logits: seen.append(logits.requires_grad) or logits
        self.export()
        self.assertEqual(seen, [False])
        self.assertTrue(torch.equal(random, torch.get_rng_state()))

    def test_half_precision(self):
        found, about = self.export(self.Model().bfloat16())
        self.assertEqual(about["dtype"], {"features": "bfloat16", "output": "bfloat16"})
        # Each number has 8 bits: the last 16 of a float32 are zero.
        self.assertTrue(all((found[name].view(np.uint32) & 0xFFFF == 0).all() for name in ("h", "V", "bias")))
        wide = found["h"].astype(float) @ found["V"].T.astype(float) + found["bias"]
        np.testing.assert_allclose(found["lse"], np.log(np.exp(wide).sum(axis=1)), rtol=1e-13)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            self.assertEqual(self.export()[1]["checked"], "model")

    def test_a_tied_head_is_told(self):
        self.model.lm_head.weight = self.model.embedding.weight
        self.assertIs(self.export()[1]["tied"], True)

    def test_heads_without_a_bias_and_given_as_modules(self):
        model = self.Model(bias=False)
        found, about = self.export(model, head=model.lm_head)
        self.assertNotIn("bias", found)
        self.assertEqual(about["head"], "lm_head")

    def test_logits_log_probabilities_and_probabilities_are_recognised(self):
        class Answer:
            def __init__(self, logits):
                self.logits = logits

        for after in (
            lambda logits: logits.log_softmax(-1),
            lambda logits: logits.softmax(-1),
            lambda logits: (logits, None),
            lambda logits: {"logits": logits, "loss": None},
            Answer,
        ):
            self.assertEqual(self.export(self.Model(after))[1]["checked"], "model")
        with self.assertWarnsRegex(UserWarning, "is not checked"):
            self.assertEqual(self.export(self.Model(lambda logits: logits.sum()))[1]["checked"], "head")

    def test_mappings_masks_and_ignored_targets(self):
        mask = torch.ones(B, T, dtype=torch.long)
        mask[0, :4] = 0
        targets = self.targets.clone()
        targets[1, :] = -100
        with self.assertWarnsRegex(UserWarning, "41 positions"):
            found, _ = self.export(
                batches=[({"input_ids": self.tokens, "attention_mask": mask, "labels": self.tokens}, targets)]
            )
        np.testing.assert_array_equal(np.bincount(found["groups"]), [5, 0, 9, 9, 9, 9])
        np.testing.assert_array_equal(found["tokens"][:5], self.tokens[0, 4:])
        self.assertTrue((found["y"] >= 0).all())

    def test_positions_in_one_row_are_told_apart_by_the_targets(self):
        flat = self.Model(features=lambda hidden: hidden.reshape(-1, D))
        found, _ = self.export(flat)
        np.testing.assert_array_equal(found["groups"], np.repeat(np.arange(B), T))
        np.testing.assert_array_equal(found["tokens"], self.tokens.ravel())
        # One position of each sequence, the last.
        last = self.Model(features=lambda hidden: hidden[:, -1])
        found, _ = self.export(last, batches=[(self.tokens, self.targets[:, -1])], samples=B)
        np.testing.assert_array_equal(found["groups"], np.arange(B))
        np.testing.assert_array_equal(found["h"], self.hidden(last)[:, -1])

    def test_a_scale_after_the_head_is_named_and_can_be_taken_in(self):
        scaled = self.Model(lambda logits: logits * 0.25)
        refused = lambda: self.export(scaled)
        self.assertRaisesRegex(ExportError, r"by 0\.25 .* pass logit_scale=0\.25", refused)
        in_place = self.Model(lambda logits: logits.mul_(0.25))
        self.assertRaisesRegex(ExportError, r"pass logit_scale=0\.25", lambda: self.export(in_place))
        found, about = self.export(scaled, logit_scale=0.25)
        np.testing.assert_allclose(found["V"], 0.25 * scaled.lm_head.weight.detach().numpy(), rtol=1e-7)
        np.testing.assert_allclose(found["bias"], 0.25 * scaled.lm_head.bias.detach().numpy(), rtol=1e-7)
        self.assertEqual((about["checked"], about["logitScale"]), ("model", 0.25))
        self.assertRaisesRegex(ExportError, "pass logit_scale=1$", lambda: self.export(logit_scale=0.5))

    def test_what_is_no_softmax_of_a_linear_map_is_refused(self):
        Model = self.Model
        capped = lambda cap: Model(lambda logits: cap * torch.tanh(logits / cap))
        mixed = Model(lambda logits: (logits.softmax(-1) / 2 + logits.roll(1, -1).softmax(-1) / 2).log())
        twice = Model(features=lambda hidden: hidden)
        twice.forward = lambda tokens: twice.lm_head(twice.embedding(tokens)) + twice.lm_head(twice.embedding(tokens))
        adapted = Model()
        plain = torch.nn.Linear.forward
        adapted.lm_head.forward = lambda h: plain(adapted.lm_head, h) * (1 + 0.01 * h.sum(-1, keepdim=True))
        sides = Model()
        sides.forward = lambda tokens: torch.nn.functional.linear(sides.embedding(tokens), sides.lm_head.weight)
        several = Model(features=lambda hidden: torch.stack([hidden, hidden], 2), after=lambda logits: logits.mean(2))
        batches = [(self.tokens, self.targets)]
        for pattern, model in (
            ("a soft-cap", capped(2.0)),
            # Of a cap of 30 these logits, of a size near 0.7, keep all but a few 1e-4.
            ("a soft-cap", capped(30.0)),
            ("a mixture of softmaxes", mixed),
            ("2 times a batch", twice),
            (r"not h V\^T \+ b", adapted),
            ("does not call 'lm_head'", sides),
            ("more than one vector a position", several),
        ):
            self.refused(pattern, export_head, model, "lm_head", batches)

    def test_what_does_not_fit_is_refused_with_the_remedy(self):
        batches = [(self.tokens, self.targets)]
        refused = lambda pattern, model, head, batches, **options: self.refused(
            pattern, export_head, model, head, batches, **options
        )
        refused(r"has no module 'head'.*lm_head", self.model, "head", batches)
        refused("must have a weight of C x D, got Dropout", self.model, "dropout", batches)
        refused("the other way round", self.model, "lm_head", [(self.tokens, self.targets.T)])
        refused("below C = 11, got 12", self.model, "lm_head", [(self.tokens, torch.full((B, T), 12))])
        refused("3 members", self.model, "lm_head", [(self.tokens, self.tokens, self.targets)])
        refused("no position", self.model, "lm_head", [])
        refused("logit_scale must be", self.model, "lm_head", batches, logit_scale=0)
        refused(r"not finite at sequence 0, position 0", self.Model(features=lambda h: h / 0), "lm_head", batches)
        flat = self.Model()
        flat.lm_head.weight = torch.nn.Parameter(torch.zeros(C * D))
        refused("gather a sharded weight", flat, "lm_head", batches)
        whole = self.Model()
        del whole.lm_head.weight
        whole.lm_head.weight = torch.zeros(C, D, dtype=torch.int8)
        refused("unquantised", whole, "lm_head", batches)

    def test_a_checkpoint_can_stand_for_the_weight(self):
        found, about = self.export(save_output=False)
        self.assertEqual(sorted(found), ["bias", "groups", "h", "lse", "tokens", "y"])
        self.assertNotIn("V.npy", about["files"])
        self.assertNotIn("lse", self.export(log_normaliser=False)[0])

    def test_arrays_and_the_model_give_the_same_files(self):
        by_model, _ = self.export(per_sequence=4, samples=24)
        folder = self.new()
        head = self.model.lm_head
        export_head_jax(
            *(self.hidden().numpy(), head.weight.detach().numpy().T, folder),
            **dict(bias=head.bias.detach().numpy(), targets=self.targets.numpy(), tokens=self.tokens.numpy()),
            **dict(per_sequence=4, samples=24),
        )
        by_arrays = self.load(folder)
        self.assertEqual(sorted(by_model), sorted(by_arrays))
        for name, values in by_model.items():
            np.testing.assert_array_equal(values, by_arrays[name])


if __name__ == "__main__":
    warnings.simplefilter("error")
    unittest.main()
