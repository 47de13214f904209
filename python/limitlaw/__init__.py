"""Random-matrix limit laws of neural-network Hessians, and spectra held against them.

The answers are those of the program ``limitlaw``, to the last bit: it is started once, on the first call, and asked
over a pipe. Options are those of its commands, written ``aspect_ratio`` for ``--aspect-ratio``.
"""

from ._calls import blocks, check, compare, head, law, ratio, sample
from ._errors import (
    LimitlawError,
    NotFoundError,
    NumericalError,
    ProgramError,
    UsageError,
)
from ._law import Atom, Law, Outlier
from ._program import Program, Progress, close, program
from ._results import (
    Blocks,
    BlocksPoint,
    BlocksTensor,
    BlocksTrend,
    BulkFit,
    Cause,
    Check,
    Claim,
    Comparison,
    Head,
    HeadBlocks,
    LargestFit,
    LawFit,
    Measured,
    QuadratureFit,
    Ratio,
    RatioRow,
    Sample,
    Spike,
    Statement,
    Test,
)

__version__ = "0.1.0"

__all__ = [
    "Atom",
    "Blocks",
    "BlocksPoint",
    "BlocksTensor",
    "BlocksTrend",
    "BulkFit",
    "Cause",
    "Check",
    "Claim",
    "Comparison",
    "Head",
    "HeadBlocks",
    "LargestFit",
    "Law",
    "LawFit",
    "LimitlawError",
    "Measured",
    "NotFoundError",
    "NumericalError",
    "Outlier",
    "Program",
    "ProgramError",
    "Progress",
    "QuadratureFit",
    "Ratio",
    "RatioRow",
    "Sample",
    "Spike",
    "Statement",
    "Test",
    "UsageError",
    "blocks",
    "check",
    "close",
    "compare",
    "head",
    "law",
    "program",
    "ratio",
    "sample",
]
