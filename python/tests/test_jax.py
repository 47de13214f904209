"""The exporters with JAX itself, against its own whole Hessians. Runs where JAX is installed: pip install jax."""

import unittest
from unittest import mock

import numpy as np

import limitlaw_export
from limitlaw_export import ExportError, Part, export_blocks_jax, export_head_jax

from .probes import Probes, block_norms, hadamard

try:
    import jax
except ImportError:
    jax = None

C, D, HIDDEN, B, T = 7, 4, 4, 3, 5


@unittest.skipIf(jax is None, "no JAX for this Python")
class WithJax(Probes):
    """With all rows of a Hadamard matrix for signs means over probes are norms, to rounding."""

    def setUp(self):
        super().setUp()
        precision = jax.config.jax_enable_x64
        jax.config.update("jax_enable_x64", True)
        self.addCleanup(jax.config.update, "jax_enable_x64", precision)
        random = np.random.default_rng(3)
        array = lambda *shape: jax.numpy.asarray(random.standard_normal(shape))
        self.inputs, self.targets = array(B, T, D), random.integers(C, size=(B, T))
        self.parameters = {
            "params": {"mlp": {"kernel": array(D, HIDDEN)}, "head": {"kernel": array(HIDDEN, C), "b": array(C)}}
        }

    def features(self, parameters):
        return jax.numpy.tanh(self.inputs @ parameters["params"]["mlp"]["kernel"])

    def logits(self, parameters):
        head = parameters["params"]["head"]
        return self.features(parameters) @ head["kernel"] + head["b"]

    def loss(self, kind, wanted, logits):
        flat = logits.reshape(-1, C)
        if kind == "mse":
            return ((flat - np.reshape(wanted, (-1, C))) ** 2).sum() / (2 * len(flat))
        return -jax.nn.log_softmax(flat)[np.arange(len(flat)), wanted.ravel()].mean()

    def whole(self, path, kind, wanted):
        """Hessian and Gauss-Newton matrix in one array of the parameters, by JAX's own functions of both."""

        def logits(flat):
            parameters = {name: dict(layer) for name, layer in self.parameters["params"].items()}
            layer, name = path
            parameters[layer][name] = flat.reshape(parameters[layer][name].shape)
            return self.logits({"params": parameters})

        flat = self.parameters["params"][path[0]][path[1]].ravel()
        hessian = jax.hessian(lambda value: self.loss(kind, wanted, logits(value)))(flat)
        jacobian = jax.jacobian(logits)(flat).reshape(B * T * C, -1)
        curvature = jax.hessian(lambda value: self.loss(kind, wanted, value.reshape(B, T, C)))(logits(flat).ravel())
        return {"hessian": np.asarray(hessian), "gauss_newton": np.asarray(jacobian.T @ curvature @ jacobian)}

    def export(self, partitions, targets, **options):
        file = self.new()
        with mock.patch.object(limitlaw_export, "_signs", hadamard):
            export_blocks_jax(self.logits, self.parameters, targets, file, partitions=partitions, **options)
        return self.load(file)[0]

    def test_norms_are_those_of_whole_hessians(self):
        columns = np.tile(np.arange(HIDDEN), D)
        wanted = np.random.default_rng(4).standard_normal((B, T, C))
        for kind, targets in (("ce", self.targets), ("mse", wanted)):
            found = self.export(
                {"mlp": Part("rows", "params.mlp.kernel", transposed=True)},
                targets,
                **dict(loss=kind, blocks=HIDDEN, probes=D, keep_rows=True),
            )
            for matrix, entries in self.whole(("mlp", "kernel"), kind, targets).items():
                self.holds(found, "mlp", matrix, block_norms(entries, columns))

    def test_the_residual_is_no_part_of_the_gauss_newton_matrix(self):
        matrices = self.whole(("mlp", "kernel"), "ce", self.targets)
        self.assertGreater(np.abs(matrices["hessian"] - matrices["gauss_newton"]).max(), 0.01)

    def test_a_head_of_device_arrays_is_what_the_same_numbers_give(self):
        features, head = self.features(self.parameters), self.parameters["params"]["head"]
        export = lambda folder, cast: export_head_jax(
            *(cast(features), cast(head["kernel"]), folder),
            **dict(bias=cast(head["b"]), logits=cast(self.logits(self.parameters))),
            **dict(targets=self.targets, samples=B * T),
        )
        ours, theirs = self.path("jax"), self.path("numpy")
        about = export(ours, jax.numpy.float32)
        export(theirs, lambda array: np.asarray(array, np.float32))
        self.assertEqual(about["checked"], "logits")
        self.assertEqual((ours / "head.json").read_text(), (theirs / "head.json").read_text())
        for file in theirs.glob("*.npy"):
            np.testing.assert_array_equal(np.load(ours / file.name), np.load(file))
        half = self.path("bfloat16")
        about = export_head_jax(features.astype("bfloat16"), head["kernel"], half, samples=B * T)
        wanted = np.asarray(features.astype("bfloat16").astype("float32")).reshape(-1, HIDDEN)
        np.testing.assert_array_equal(np.load(half / "h.npy").astype(np.float32), wanted)
        self.assertEqual(about["dimension"], HIDDEN)

    def test_a_function_that_draws_is_refused(self):
        keys = iter(jax.random.split(jax.random.key(0), 8))
        noisy = lambda parameters: self.logits(parameters) * jax.random.uniform(next(keys))
        with self.assertRaisesRegex(ExportError, "other logits when it is called again .* a key that changes"):
            export_blocks_jax(
                *(noisy, self.parameters, self.targets, self.new()),
                partitions={"params.mlp.kernel": "rows"},
            )


if __name__ == "__main__":
    unittest.main()
