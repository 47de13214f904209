"""Where the program is."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from typing import Iterator, List, Optional

from ._errors import NotFoundError

_HOW = (
    "limitlaw for Python asks the program limitlaw, which runs on Node.js 20.19 or later. Install it with "
    "'npm install -g limitlaw', or name it in the environment variable LIMITLAW: a path, or a command line "
    "such as 'npx limitlaw'."
)


def find_program() -> List[str]:
    """The words that start the program.

    The first of: the environment variable ``LIMITLAW``; the build of the repository that this file is in;
    ``limitlaw`` on the path; ``node_modules/.bin/limitlaw`` here or in a folder above.

    Raises ``NotFoundError``, which says how to install it.
    """
    named = os.environ.get("LIMITLAW", "").strip()
    if named:
        return _command_of(named)
    for candidate in (_of_repository(), _on_path(), *_of_projects()):
        if candidate is not None:
            return _started(candidate)
    raise NotFoundError(f"No limitlaw was found. {_HOW}")


def _command_of(named: str) -> List[str]:
    if Path(named).exists():
        return _started(named)
    words = shlex.split(named, posix=os.name != "nt")
    found = shutil.which(words[0])
    if found is None:
        raise NotFoundError(f"LIMITLAW names {words[0]!r}, which is not there. {_HOW}")
    return [*_started(found), *words[1:]]


def _started(path: str) -> List[str]:
    """A program as it is; a file of JavaScript by Node.js."""
    if not path.endswith((".js", ".mjs")):
        return [path]
    node = shutil.which("node")
    if node is None:
        raise NotFoundError(f"{path!r} needs Node.js, and there is no 'node' on the path. {_HOW}")
    return [node, path]


def _of_repository() -> Optional[str]:
    built = Path(__file__).resolve().parents[2] / "dist" / "src" / "cli" / "limitlaw.js"
    return str(built) if built.is_file() else None


def _on_path() -> Optional[str]:
    return shutil.which("limitlaw")


def _of_projects() -> Iterator[Optional[str]]:
    here = Path.cwd()
    for folder in (here, *here.parents):
        yield shutil.which("limitlaw", path=str(folder / "node_modules" / ".bin"))
