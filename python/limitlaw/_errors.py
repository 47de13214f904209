"""What can go wrong, by who can mend it."""

from __future__ import annotations

import re


class LimitlawError(Exception):
    """Any failure that this package tells of."""


class UsageError(LimitlawError, ValueError):
    """An argument is wrong; the message names it, the rule, the value received and the remedy."""


class NumericalError(LimitlawError, ArithmeticError):
    """A computation could not reach the accuracy that it promises."""


class ProgramError(LimitlawError, RuntimeError):
    """The program or the system failed: a folder that cannot be written, an end by a signal."""


class NotFoundError(LimitlawError, FileNotFoundError):
    """There is no program ``limitlaw`` to ask, or not one that this package can ask."""


def error_named(kind: str, message: str) -> LimitlawError:
    """The error of a refusal, its options spelled as arguments."""
    classes = {"usage": UsageError, "numerical": NumericalError}
    return classes.get(kind, ProgramError)(as_arguments(message))


def as_arguments(message: str) -> str:
    """A sentence of the program with its options spelled as arguments are."""
    message = re.sub(r"[;.] [Ss]ee limitlaw \w+ --help\.?", "", message)
    return re.sub(
        r"(?<![\w-])--([a-z][a-z-]*[a-z])",
        lambda option: option[1].replace("-", "_"),
        message,
    )
