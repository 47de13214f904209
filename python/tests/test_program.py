"""The process behind the calls: found, kept, restarted, left alone by children, ended."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock
from pathlib import Path

import limitlaw
from limitlaw import _find, _program

PACKAGE = str(Path(limitlaw.__file__).resolve().parents[1])


def pid():
    limitlaw.program()
    return _program._connection._process.pid


def running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def ends(process, seconds=20):
    until = time.monotonic() + seconds
    while running(process) and time.monotonic() < until:
        time.sleep(0.02)
    return not running(process)


def python(code, **environment):
    variables = {**os.environ, "PYTHONPATH": PACKAGE, **environment}
    return subprocess.Popen([sys.executable, "-c", code], env=variables, stdout=subprocess.PIPE, text=True)


class OneProcess(unittest.TestCase):
    def setUp(self):
        self.law = limitlaw.law(weights={1: 1}, aspect_ratio=0.5)

    def test_answers_all_calls(self):
        before = pid()
        with self.assertRaises(limitlaw.UsageError):
            limitlaw.law()
        limitlaw.ratio("linear", loss="ce", classes=2, aspect_ratio=1)
        self.assertEqual(pid(), before)

    def test_is_replaced_when_it_has_died_and_laws_go_on(self):
        before, value = pid(), self.law.pdf(1)
        os.kill(before, signal.SIGKILL)
        # Its threads may outlive its first one by a moment, in which it is not yet known as ended.
        _program._connection._process.wait(20)
        self.assertEqual(self.law.pdf(1), value)
        self.assertNotEqual(pid(), before)

    def test_that_dies_while_it_computes_is_told_of(self):
        victim = pid()
        threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
        with self.assertRaisesRegex(limitlaw.ProgramError, "ended by signal 9"):
            limitlaw.sample("linear", dimension=50, samples=100, classes=3, replicates=100000)
        self.assertGreater(self.law.pdf(1), 0)

    def test_after_ctrl_c_is_as_before(self):
        before = pid()
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            limitlaw.sample("linear", dimension=50, samples=100, classes=3, replicates=100000)
        self.assertGreater(self.law.pdf(1), 0)
        self.assertEqual(pid(), before)

    def test_that_computes_and_does_not_listen_is_ended_by_ctrl_c(self):
        before = pid()
        started = time.monotonic()
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        with unittest.mock.patch.object(_program, "_GRACE", 0.2), self.assertRaises(KeyboardInterrupt):
            # A million quantiles are half a minute of one request after the other, each some seconds.
            self.law.ppf([0.3] * 500000)
        self.assertLess(time.monotonic() - started, 10)
        self.assertTrue(ends(before))
        self.assertGreater(self.law.pdf(1), 0)

    def test_from_many_threads(self):
        expected = [self.law.pdf(0.5 + k / 10) for k in range(8)]
        found = [None] * 8

        def ask(k):
            found[k] = [self.law.pdf(0.5 + k / 10) for _ in range(20)]

        threads = [threading.Thread(target=ask, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [[value] * 20 for value in expected])

    def test_is_not_asked_within_a_call(self):
        with self.assertRaisesRegex(RuntimeError, "within a call"):
            limitlaw.sample(
                "linear",
                dimension=4,
                samples=8,
                classes=2,
                progress=lambda progress: limitlaw.law(weights={1: 1}, aspect_ratio=1),
            )
        self.assertGreater(self.law.pdf(1), 0)

    def test_forgets_laws_that_are_gone(self):
        handle = self.law.handle[1]
        del self.law
        limitlaw.program()
        answer = None
        with self.assertRaisesRegex(limitlaw.ProgramError, f"no law has the handle {handle}"):
            answer = _program.ask("evaluate", {"handle": handle, "function": "pdf", "at": [1]})
        self.assertIsNone(answer)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_is_left_alone_by_a_fork(self):
        before, value = pid(), self.law.pdf(1)
        child = os.fork()
        if child == 0:
            # Nothing of unittest may run in the child.
            same = self.law.pdf(1) == value and pid() != before
            limitlaw.close()
            os._exit(0 if same else 1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertEqual((self.law.pdf(1), pid()), (value, before))


class Ends(unittest.TestCase):
    CODE = "import limitlaw, time; limitlaw.program(); print(limitlaw._program._connection._process.pid, flush=True)"

    def test_with_python(self):
        started = python(self.CODE)
        child = int(started.stdout.readline())
        self.assertEqual(started.wait(30), 0)
        started.stdout.close()
        self.assertTrue(ends(child))

    def test_with_python_killed_while_it_draws(self):
        code = "; limitlaw.sample('linear', dimension=50, samples=100, classes=3, replicates=10**6)"
        started = python(self.CODE + code)
        child = int(started.stdout.readline())
        time.sleep(0.3)
        started.kill()
        started.wait()
        started.stdout.close()
        self.assertTrue(ends(child))

    def test_on_close_and_starts_again(self):
        before = pid()
        limitlaw.close()
        self.assertTrue(ends(before))
        self.assertNotEqual(pid(), before)


class Finding(unittest.TestCase):
    def test_what_the_environment_names(self):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "with space.js"
            script.write_text("")
            with unittest.mock.patch.dict(os.environ, LIMITLAW=str(script)):
                self.assertEqual(_find.find_program()[1:], [str(script)])
            with unittest.mock.patch.dict(os.environ, LIMITLAW="sh -c limitlaw"):
                self.assertEqual(_find.find_program()[1:], ["-c", "limitlaw"])
            with unittest.mock.patch.dict(os.environ, LIMITLAW=str(Path(folder) / "nothing")):
                with self.assertRaisesRegex(limitlaw.NotFoundError, "npm install -g limitlaw"):
                    _find.find_program()

    def test_nothing(self):
        with unittest.mock.patch.dict(os.environ, PATH="", LIMITLAW=""), unittest.mock.patch.object(
            _find, "_of_repository", lambda: None
        ):
            with self.assertRaisesRegex(FileNotFoundError, "npm install -g limitlaw"):
                _find.find_program()

    def test_a_program_that_is_not_limitlaw(self):
        for command in ("cat", "false", "echo no"):
            with self.subTest(command), unittest.mock.patch.dict(os.environ, LIMITLAW=f"sh -c '{command}'"):
                with self.assertRaisesRegex(limitlaw.NotFoundError, "is no limitlaw that this package can ask"):
                    _program.Connection()


class Version(unittest.TestCase):
    def test_is_that_of_the_program(self):
        settings = (Path(PACKAGE) / "pyproject.toml").read_text()
        self.assertIn(f'\nversion = "{limitlaw.__version__}"\n', settings)
        self.assertEqual(limitlaw.program().version, limitlaw.__version__)


if __name__ == "__main__":
    unittest.main()
