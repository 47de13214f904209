"""A folder for each test, gone after it."""

import tempfile
import unittest
from pathlib import Path


class Folders(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder, self.number = Path(temporary.name), 0

    def path(self, name, suffix=""):
        """A path in the folder that no other call gave."""
        self.number += 1
        return self.folder / f"{name}{self.number}{suffix}"
