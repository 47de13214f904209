"""Laws: against closed forms, high precision, SciPy and the command line."""

import copy
import json
import pickle
import subprocess
import unittest
import unittest.mock
from pathlib import Path

import numpy as np

import limitlaw
from limitlaw import _law

try:
    from scipy import stats
except ImportError:
    stats = None

REPOSITORY = Path(__file__).resolve().parents[2]


def marchenko_pastur(ratio):
    return limitlaw.law(model="linear", loss="mse", block="diagonal", aspect_ratio=ratio)


class MarchenkoPastur(unittest.TestCase):
    """Density sqrt((b - x)(x - a))/(2 pi ratio x) on [a, b] = (1 -+ sqrt(ratio))^2."""

    def setUp(self):
        self.ratio = 0.3
        self.law = marchenko_pastur(self.ratio)
        self.a, self.b = (1 - self.ratio**0.5) ** 2, (1 + self.ratio**0.5) ** 2

    def density(self, x):
        inside = np.maximum((self.b - x) * (x - self.a), 0)
        return np.sqrt(inside) / (2 * np.pi * self.ratio * x)

    def test_support(self):
        np.testing.assert_allclose(self.law.support, [[self.a, self.b]], rtol=1e-14)
        self.assertEqual((self.law.atoms, self.law.outliers), ((), ()))
        self.assertEqual(self.law.aspect_ratio, self.ratio)

    def test_density(self):
        x = np.linspace(0.01, 4, 1000)
        np.testing.assert_allclose(self.law.pdf(x), self.density(x), rtol=1e-12, atol=1e-14)
        # A ratio wrong by a thousandth is seen.
        self.assertGreater(abs(marchenko_pastur(0.3003).pdf(1.0) / self.density(1.0) - 1), 1e-4)

    def test_distribution(self):
        # Gauss-Legendre in the angle of x = middle - half cos(angle), where the integrand is smooth.
        nodes, weights = np.polynomial.legendre.leggauss(60)
        half, middle = (self.b - self.a) / 2, (self.b + self.a) / 2
        for x in (0.3, 1.0, 2.0):
            last = np.arccos((middle - x) / half)
            angles = last * (nodes + 1) / 2
            at = middle - half * np.cos(angles)
            mass = np.sum(weights * self.density(at) * half * np.sin(angles)) * last / 2
            self.assertAlmostEqual(self.law.cdf(x), mass, delta=1e-13)
            self.assertAlmostEqual(self.law.sf(x), 1 - mass, delta=1e-13)
            self.assertAlmostEqual(self.law.ppf(mass), x, delta=1e-12)

    def test_moments(self):
        # Narayana: 1, 1 + y, 1 + 3y + y^2.
        y = self.ratio
        np.testing.assert_allclose(self.law.moment([0, 1, 2, 3]), [1, 1, 1 + y, 1 + 3 * y + y * y], rtol=1e-13)
        self.assertAlmostEqual(self.law.mean(), 1, delta=1e-13)
        self.assertAlmostEqual(self.law.var(), y, delta=1e-13)
        self.assertAlmostEqual(self.law.std(), y**0.5, delta=1e-13)
        self.assertAlmostEqual(self.law.cdf(self.law.median()), 0.5, delta=1e-12)

    def test_atom(self):
        (atom,) = marchenko_pastur(4).atoms
        self.assertEqual((atom.at, atom.mass), (0.0, 0.75))
        self.assertEqual(marchenko_pastur(4).cdf(0), 0.75)

    @unittest.skipIf(stats is None, "SciPy is not installed")
    def test_quarter_circle_of_scipy(self):
        # At d/N = 1 the root of an eigenvalue has the density of a semicircle of radius 2, folded.
        law, roots = marchenko_pastur(1), np.linspace(0.01, 1.99, 50)
        circle = stats.semicircular(scale=2)
        np.testing.assert_allclose(law.cdf(roots**2), 2 * circle.cdf(roots) - 1, rtol=1e-13)
        np.testing.assert_allclose(2 * roots * law.pdf(roots**2), 2 * circle.pdf(roots), rtol=1e-12)
        np.testing.assert_allclose(law.sf(roots**2), 2 * circle.sf(roots), rtol=1e-9)

    @unittest.skipIf(stats is None, "SciPy is not installed")
    def test_semicircle_of_scipy(self):
        # Variance 1/4 is radius 1.
        law, x = limitlaw.law(semicircle=0.25), np.linspace(-1.1, 1.1, 51)
        np.testing.assert_allclose(law.pdf(x), stats.semicircular.pdf(x), rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(law.cdf(x), stats.semicircular.cdf(x), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(law.ppf([0.1, 0.7]), stats.semicircular.ppf([0.1, 0.7]), rtol=1e-9)


class HighPrecision(unittest.TestCase):
    def test_laws_of_mpmath(self):
        """Densities and distribution functions to 24 digits (test/fixtures/mpmath/gmpLaws.py)."""
        compared = 0
        path = REPOSITORY / "test" / "fixtures" / "mpmath" / "gmpLaws.json"
        for fixture in json.loads(path.read_text())["laws"]:
            with self.subTest(fixture["name"]):
                weights = dict(zip(fixture["nodes"], fixture["masses"]))
                law = limitlaw.law(weights=weights, aspect_ratio=fixture["aspectRatio"])
                # Points close to an edge are nearly as sensitive to it as to themselves.
                support = np.array([[float(x) for x in ends] for ends in fixture["support"]])
                np.testing.assert_allclose(law.support, support, rtol=1e-12, atol=1e-15)
                points = [p for p in fixture["points"] if abs(p["x"] - support).min() > 1e-3 * abs(support).max()]
                x = np.array([p["x"] for p in points])
                density = np.array([float(p["density"]) for p in points])
                np.testing.assert_allclose(law.pdf(x), density, rtol=1e-10, atol=1e-13)
                known = [p for p in points if "cdf" in p]
                compared += len(points) + len(known)
                found = law.cdf([p["x"] for p in known])
                np.testing.assert_allclose(found, [float(p["cdf"]) for p in known], rtol=1e-11)
        self.assertGreater(compared, 50)


class CommandLine(unittest.TestCase):
    def test_numbers_are_those_of_the_command_bit_by_bit(self):
        law = limitlaw.law(model="linear", loss="ce", classes=10, block="off-diagonal", aspect_ratio=0.5)
        x, q = [-0.1, -0.03, -1e-3, 0.1], [0.0, 0.05, 1 / 3, 1.0]
        words = ["law", "--model", "linear", "--loss", "ce", "--block", "off-diagonal", "--json"]
        words += ["--classes", "10", "--aspect-ratio", "0.5", "--moments", "4"]
        words += [f"--at={','.join(map(repr, x))}", f"--quantiles={','.join(map(repr, q))}"]
        command = [*limitlaw.program().command, *words]
        report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        self.assertEqual(law.pdf(x).tolist(), [point["density"] for point in report["points"]])
        self.assertEqual(law.cdf(x).tolist(), [point["cdf"] for point in report["points"]])
        self.assertEqual(law.sf(x).tolist(), [point["survival"] for point in report["points"]])
        self.assertEqual(law.ppf(q).tolist(), [quantile["x"] for quantile in report["quantiles"]])
        self.assertEqual(law.moment([1, 2, 3, 4]).tolist(), report["moments"])
        self.assertEqual(law.support.tolist(), report["support"])


class Arrays(unittest.TestCase):
    def setUp(self):
        self.law = marchenko_pastur(0.5)

    def test_numbers_give_numbers_and_arrays_their_shape(self):
        self.assertIsInstance(self.law.pdf(1), float)
        self.assertEqual(self.law.pdf(np.ones((2, 0, 3))).shape, (2, 0, 3))
        grid = np.arange(6, dtype=np.float32).reshape(2, 3)[:, ::-1]
        np.testing.assert_array_equal(self.law.cdf(grid), [[self.law.cdf(x) for x in row] for row in grid])

    def test_as_scipy_outside(self):
        nan, inf = np.nan, np.inf
        np.testing.assert_array_equal(self.law.pdf([nan, -inf, inf, -1]), [nan, 0, 0, 0])
        np.testing.assert_array_equal(self.law.cdf([inf, nan, -inf]), [1, nan, 0])
        np.testing.assert_array_equal(self.law.sf([inf, nan, -inf]), [0, nan, 1])
        np.testing.assert_array_equal(np.isnan(self.law.ppf([-0.1, 1.1, nan, 0.5])), [1, 1, 1, 0])

    def test_long_arrays_are_asked_in_parts(self):
        x = np.random.default_rng(0).uniform(0, 3, 50)
        whole = self.law.pdf(x)
        with unittest.mock.patch.object(_law, "_CHUNK", 7):
            np.testing.assert_array_equal(self.law.pdf(x), whole)

    def test_what_is_no_real_number(self):
        for wrong in (1j, "x"):
            with self.assertRaises((TypeError, ValueError)):
                self.law.pdf(wrong)
        with self.assertRaisesRegex(limitlaw.UsageError, "order .* 0 to 20, got 21"):
            self.law.moment(21)


class Naming(unittest.TestCase):
    def test_drawn_weights_are_those_of_equal_mass(self):
        drawn = limitlaw.law(weights=np.array([1, 1, 3]), aspect_ratio=0.5)
        listed = limitlaw.law(weights=[3.0, 1, 1], aspect_ratio=0.5)
        stated = limitlaw.law(weights={1: 2 / 3, 3: 1 / 3}, aspect_ratio=0.5)
        self.assertEqual(drawn.pdf(1.5), listed.pdf(1.5))
        self.assertAlmostEqual(drawn.pdf(1.5), stated.pdf(1.5), delta=1e-14)

    def test_an_array_where_the_command_wants_a_file(self):
        population = limitlaw.law(population=np.array([1.0, 4.0]), aspect_ratio=0.5)
        # The law of Sigma is that of weights 1 and 4 with the sides exchanged; its mean is that of Sigma.
        self.assertAlmostEqual(population.mean(), 2.5, delta=1e-10)

    def test_errors_name_arguments(self):
        with self.assertRaisesRegex(ValueError, "^aspect_ratio must be given"):
            limitlaw.law(model="linear", loss="mse", block="diagonal")
        with self.assertRaisesRegex(limitlaw.UsageError, r"no option logit_varianc \(did you mean logit_variance\?\)$"):
            limitlaw.law(model="linear", logit_varianc=1)
        with self.assertRaisesRegex(limitlaw.UsageError, "tends to a matrix"):
            limitlaw.law("hidden", loss="ce", layer="output", block="diagonal", classes=3, width=4, aspect_ratio=1)

    def test_copies(self):
        law = limitlaw.law(weights={1: 0.5, 2: 0.5}, aspect_ratio=0.25)
        for other in (pickle.loads(pickle.dumps(law)), copy.copy(law), copy.deepcopy(law)):
            self.assertEqual(other.pdf(1), law.pdf(1))
            self.assertEqual(repr(other), repr(law))

    def test_tables(self):
        law = marchenko_pastur(4)
        expected = [
            "limitlaw.law(model='linear', loss='mse', block='diagonal', aspect_ratio=4)",
            "  support    [1, 9]",
            "  atom at 0  mass 0.75",
        ]
        self.assertEqual(repr(law).splitlines()[:3], expected)
        self.assertIn("<td style='text-align:left'>mass 0.75</td>", law._repr_html_())


if __name__ == "__main__":
    unittest.main()
