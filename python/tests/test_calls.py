"""The other calls, and what they return."""

import json
import math
import os
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import numpy as np

import limitlaw
from limitlaw import _values
from limitlaw._results import Check


def wishart(dimension, samples, seed, scales=()):
    """Eigenvalues of (1/N) X^T X; the first columns of X are multiplied by the scales."""
    x = np.random.default_rng(seed).standard_normal((samples, dimension))
    x[:, : len(scales)] *= scales
    return np.linalg.eigvalsh(x.T @ x / samples)


class Ratios(unittest.TestCase):
    def test_two_classes_and_the_limit(self):
        found = limitlaw.ratio("linear", loss="ce", classes=[2, 10, math.inf], aspect_ratio=0.5)
        # Of two classes the weights are p(1 - p) and -p(1 - p): the norms are equal.
        self.assertEqual(found.exponent, 2)
        self.assertAlmostEqual(found.ratio[0], 1, delta=1e-14)
        self.assertEqual(found.rows[2].classes, math.inf)
        self.assertEqual(found.scaled[2], found.limit)
        np.testing.assert_allclose(found.scaled[:2], found.classes[:2] ** 2 * found.ratio[:2], rtol=1e-12)
        self.assertIn("C² r", repr(found))
        self.assertIn("<th>C² r</th>", found._repr_html_())

    def test_one_number(self):
        self.assertEqual(len(limitlaw.ratio("linear", loss="ce", classes=3, aspect_ratio=1).rows), 1)

    def test_ratio_of_a_head_with_its_features_as_an_array(self):
        features = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 2.0]])
        found = limitlaw.ratio("head", loss="ce", classes=[2, math.inf], features=features)
        self.assertAlmostEqual(found.aspect_ratio, 2 / 3)
        self.assertAlmostEqual(found.scaled[0], 4)
        # Sum over pairs of (h·h')² exp(h·h') over that of (h·h')² exp(h·h'/2), as tau = 1/D.
        gram = features @ features.T
        limit = np.sum(gram**2 * np.exp(gram)) / np.sum(gram**2 * np.exp(gram / 2))
        self.assertAlmostEqual(found.limit, limit, delta=1e-12)


class Heads(unittest.TestCase):
    def test_sums_over_all_blocks_written_out(self):
        draws = np.random.default_rng(3)
        h, v, sequence = draws.standard_normal((12, 3)), draws.standard_normal((5, 3)), np.repeat(np.arange(4), 3)
        found = limitlaw.head(features=h, output=v, groups=sequence)
        logits = h @ v.T
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        weights = p[:, :, None] * (np.eye(5) - p[:, None, :])
        blocks = np.einsum("nij,nk,nl->ijkl", weights, h, h) / 12
        norms = (blocks**2).sum(axis=(2, 3))
        on = np.trace(norms)
        self.assertAlmostEqual(found.sample.t.value, (norms.sum() - on) / on, delta=1e-12)
        self.assertIsNone(found.sample.t.error)
        self.assertGreater(found.population.t.error, 0)
        self.assertEqual(found.rows.shape, (5, 5))
        self.assertIn("population", repr(found))

    def test_a_folder_of_an_export_and_what_is_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            np.save(os.path.join(folder, "h.npy"), np.eye(3))
            with self.assertRaisesRegex(limitlaw.UsageError, "V.npy"):
                limitlaw.head(folder)
            np.save(os.path.join(folder, "V.npy"), np.ones((4, 3)))
            # Even predictions of four classes: t = 3·(1/16)²/(3/16)² = 1/3.
            self.assertAlmostEqual(limitlaw.head(folder).sample.t.value, 1 / 3, delta=1e-12)


def write_probes(path, classes, initialisation, ratios):
    """Norms of two blocks of eight, two probes of each, whose ratios are these but for 2 % of noise that cancels."""
    tensors = [
        {"name": name, "shape": [8, 4], "partition": "rows", "blocks": 8, "floor": "value" if name == "v" else None}
        for name in ratios
    ]
    about = {
        **{"kind": "limitlaw-blocks", "version": 1, "classes": classes, "samples": 64, "dimension": 32, "loss": "ce"},
        **{"initialisation": initialisation, "step": 0, "label": None, "finalNorm": "layer", "cosineSquare": 0.1},
        **{"sequence": 16, "tensors": tensors},
    }
    arrays = {"about": np.frombuffer(json.dumps(about).encode(), np.uint8)}
    for name, ratio in ratios.items():
        arrays[f"{name}/blocks"] = np.array([1, 6])
        arrays[f"{name}/gauss_newton/diagonal"] = np.ones((2, 2))
        arrays[f"{name}/gauss_newton/off"] = 7 * ratio * np.array([[1.02, 0.98], [0.98, 1.02]])
    np.savez_compressed(path, **arrays)


class BlocksOfNetworks(unittest.TestCase):
    def test_several_files_and_one(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for classes in (64, 256, 1024):
                for draw, factor in enumerate((0.97, 1.03)):
                    paths.append(Path(folder) / f"c{classes}-{draw}.npz")
                    write_probes(paths[-1], classes, draw, {"head": 9 * factor / classes**2, "v": 0.03 * factor})
            found = limitlaw.blocks(*paths, level=0.1)
            one = limitlaw.blocks(str(paths[0]))
            with self.assertRaisesRegex(limitlaw.UsageError, "both are initialisation 0"):
                limitlaw.blocks(paths[0], paths[0])
        head, values = found["head"], found["v"]
        self.assertEqual([point.classes for point in head.points], [64, 256, 1024])
        # Of 0.97 and 1.03 the mean is 1, and its standard error 0.03.
        self.assertAlmostEqual(head.points[0].ratio.value * 64**2, 9, delta=1e-12)
        self.assertAlmostEqual(head.points[0].ratio.error * 64**2, 9 * 0.03, delta=1e-12)
        self.assertEqual(head.trends[0].verdict, "falls")
        self.assertAlmostEqual(head.trends[0].exponent, -2, delta=1e-12)
        self.assertEqual(values.points[0].floor, (1 / 34, 1 / 34))
        self.assertIsNone(values.points[0].ratio_full)
        with self.assertRaisesRegex(KeyError, "there are head, v"):
            found["down"]
        self.assertIn("falls", repr(found))
        self.assertIn("<th>as C grows</th>", found._repr_html_())
        # 2 % of noise in each of two probes of two blocks.
        self.assertAlmostEqual(one["v"].points[0].errors[0] / (0.03 * 0.97), 0.02 * math.sqrt(2) / 2, delta=1e-12)
        self.assertEqual((one["v"].trends[0].verdict, one["v"].trends[0].interval), ("not enough", None))


class Comparisons(unittest.TestCase):
    def test_noise_and_a_spike(self):
        # A spike of strength 9, far above the threshold 1.5: it is found with probability 1 to many digits; a second
        # or third one is found by mistake with probability 0.01 each side.
        found = limitlaw.compare(wishart(100, 400, 2, [3]), samples=400, null_replicates=199)
        self.assertIsInstance(found, limitlaw.BulkFit)
        self.assertEqual((len(found.spikes_above), found.spikes_below), (1, ()))
        self.assertGreater(found.spikes_above[0].strength, 6)
        low, high = found.noise_variance_interval
        self.assertTrue(low < 1 < high, "the 95 % interval misses 1 with seed 2")
        self.assertIn("spikes above", repr(found))

    def test_a_law_agrees_and_another_is_rejected(self):
        spectra = np.array([wishart(60, 120, seed) for seed in range(20)])
        options = dict(weights={1: 1}, null_replicates=99)
        right = limitlaw.compare(spectra, aspect_ratio=0.5, **options)
        self.assertIsInstance(right, limitlaw.LawFit)
        # False alarm: 0.01 by level.
        self.assertNotEqual(right.verdict, "disagree")
        self.assertEqual(right.aspect_ratio, 0.5)
        wrong = limitlaw.compare(spectra, aspect_ratio=0.6, **options)
        self.assertEqual(wrong.verdict, "disagree")
        self.assertTrue(any(test.rejected for test in wrong.tests))

    def test_a_disagreement_has_its_cause(self):
        found = limitlaw.compare(400 * wishart(60, 400, 2), samples=400, noise_variance=1, null_replicates=199)
        self.assertEqual((found.verdict, [cause.name for cause in found.causes]), ("disagree", ["factor"]))
        self.assertIn("A factor N = 400", found.causes[0].sentence)
        self.assertIn("likely cause", repr(found))

    def test_the_largest_alone_and_quadratures_and_a_law_without_samples(self):
        known = dict(dimension=60, samples=120, noise_variance=1, null_replicates=99)
        values = wishart(60, 120, 4)
        largest = limitlaw.compare(values[-20:], top=True, **known)
        self.assertIsInstance(largest, limitlaw.LargestFit)
        # Never that of a whole spectrum; false alarm: 0.01.
        self.assertEqual((largest.verdict, largest.beyond), ("undecided", ()))
        far = limitlaw.compare(np.append(values[-19:], 9.0), top=True, **known)
        self.assertEqual((far.verdict, far.beyond), ("disagree", (9.0,)))
        # The whole spectrum as the quadrature of one probe with equal components: all its weights are 1/60.
        quadrature = limitlaw.compare(ritz_values=values, ritz_weights=np.full(60, 1 / 60), **known)
        self.assertIsInstance(quadrature, limitlaw.QuadratureFit)
        self.assertEqual(quadrature.probes, 1)
        normal = np.random.default_rng(1).standard_normal((40, 40))
        law = limitlaw.compare(matrix=(normal + normal.T) / math.sqrt(80), semicircle=1, null_replicates=99)
        self.assertIsInstance(law, limitlaw.LawFit)
        self.assertIsNone(law.aspect_ratio)
        for found in (largest, quadrature, law):
            self.assertIn("verdict", repr(found))

    def test_array_list_file_and_large_array_say_the_same(self):
        values = wishart(10, 20, 3)
        options = dict(weights={1.0: 1.0}, aspect_ratio=0.5, null_replicates=19)
        array = limitlaw.compare(values, **options)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "eigenvalues.npy"
            np.save(path, values)
            there = os.getcwd()
            os.chdir(folder)
            try:
                relative = limitlaw.compare(Path("eigenvalues.npy"), **options)
            finally:
                os.chdir(there)
        with unittest.mock.patch.object(_values, "_LARGE", 0):
            large = limitlaw.compare(values, **options)
        self.assertEqual(limitlaw.compare(list(values), **options).data, array.data)
        self.assertEqual(relative.data, array.data)
        self.assertEqual(large.data, array.data)

    def test_what_is_no_spectrum(self):
        with self.assertRaisesRegex(limitlaw.UsageError, "Use matrix"):
            limitlaw.compare(np.eye(3))
        with self.assertRaisesRegex(limitlaw.UsageError, "entry 1 is NaN"):
            limitlaw.compare([1.0, math.nan])


class Samples(unittest.TestCase):
    def test_blocks_have_their_spectra(self):
        drawn = limitlaw.sample(
            "linear", dimension=12, samples=24, classes=3, replicates=2, save_blocks=True, save_weights=True
        )
        self.assertEqual(drawn["output-diagonal_eigenvalues"].shape, (2, 12))
        self.assertEqual(drawn["output-diagonal_weights"].shape, (2, 24))
        found = np.linalg.eigvalsh(drawn["output-diagonal_0001"])
        np.testing.assert_allclose(found, drawn["output-diagonal_eigenvalues"][1], rtol=1e-10, atol=1e-14)
        self.assertIn("one replicate a row", repr(drawn))

    def test_are_kept_in_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            options = dict(dimension=4, samples=8, classes=2, replicates=1, seed=5)
            kept = limitlaw.sample("linear", out=Path(folder) / "draws", **options)
            again = limitlaw.sample("linear", **options)
            names = set(os.listdir(Path(folder) / "draws"))
        self.assertIn("output-diagonal_eigenvalues.npy", names)
        np.testing.assert_array_equal(
            kept["output-diagonal_eigenvalues"], again["output-diagonal_eigenvalues"]
        )


class Checks(unittest.TestCase):
    @unittest.skipUnless("LIMITLAW_CHECK_JSON" in os.environ, "no summary of a check is given")
    def test_a_summary(self):
        data = json.loads(Path(os.environ["LIMITLAW_CHECK_JSON"]).read_text())
        found = Check.of(data, "RUN")
        self.assertEqual(found[found.claims[0].id].verdict, data["claims"][0]["verdict"])
        self.assertIn(found.claims[0].id, repr(found))
        with self.assertRaises(KeyError):
            found["nothing"]

    def test_progress_an_exception_within_it_and_a_run_to_go_on_with(self):
        with tempfile.TemporaryDirectory() as folder:
            seen = []

            def stop(progress):
                seen.append(progress)
                if progress.done >= 2:
                    raise StopIteration("enough")

            with self.assertRaisesRegex(StopIteration, "enough"):
                limitlaw.check(claims=["output-mse"], workers=1, out=Path(folder) / "run", progress=stop)
            self.assertGreater(seen[-1].total, 100)
            self.assertIn("journal.jsonl", os.listdir(Path(folder) / "run"))
        self.assertEqual(len(limitlaw.ratio("linear", loss="ce", classes=2, aspect_ratio=1).rows), 1)

    def test_no_such_claim(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(limitlaw.UsageError, "^claims must list claims among"):
                limitlaw.check(claims="nothing", out=folder)


if __name__ == "__main__":
    unittest.main()
