"""Results shown as tables, in a terminal and in a notebook."""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any, List, Sequence, Tuple

_WIDTH = 80


def shown(value: Any) -> str:
    """Six digits of a number; an interval by its ends; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple):
        return "[" + ", ".join(shown(entry) for entry in value) + "]"
    return str(value)


class Tabular:
    """Something with facts, name and value, and rows below them; either may be empty."""

    def _title(self) -> str:
        raise NotImplementedError

    def _facts(self) -> Sequence[Tuple[str, Any]]:
        return ()

    def _rows(self) -> Tuple[Sequence[str], Sequence[Sequence[Any]]]:
        return (), ()

    def __repr__(self) -> str:
        facts = [(name, shown(value)) for name, value in self._facts()]
        width = max((len(name) for name, _ in facts), default=0) + 2
        lines = [self._title()]
        for name, value in facts:
            folded = textwrap.wrap(value, max(20, _WIDTH - width - 2)) or [""]
            lines.append(f"  {name:<{width}}{folded[0]}")
            lines.extend(" " * (width + 2) + rest for rest in folded[1:])
        header, rows = self._rows()
        if rows:
            lines.extend(_aligned([list(header), *([shown(cell) for cell in row] for row in rows)]))
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        parts = [f"<b>{escape(self._title())}</b>"]
        facts = self._facts()
        if facts:
            body = "".join(
                f"<tr><th style='text-align:left'>{escape(name)}</th>"
                f"<td style='text-align:left'>{escape(shown(value))}</td></tr>"
                for name, value in facts
            )
            parts.append(f"<table>{body}</table>")
        header, rows = self._rows()
        if rows:
            head = "".join(f"<th>{escape(name)}</th>" for name in header)
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(shown(cell))}</td>" for cell in row) + "</tr>"
                for row in rows
            )
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
        return "\n".join(parts)


def _aligned(table: List[List[str]]) -> List[str]:
    """Columns as wide as they need; the last is folded where the line is full."""
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    start = sum(widths[:-1]) + 2 * len(widths)
    lines: List[str] = []
    for row in table:
        last = textwrap.wrap(row[-1], max(20, _WIDTH - start)) or [""]
        lead = "  " + "".join(f"{cell:<{width}}  " for cell, width in zip(row[:-1], widths))
        lines.append(lead + last[0])
        lines.extend(" " * len(lead) + rest for rest in last[1:])
    return lines
