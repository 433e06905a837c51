# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One measured figure, and the report that keeps them."""

from collections.abc import Iterable
from dataclasses import asdict
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class BenchRow:
    """
    A figure with its unit, the budget it is held against, and how it was measured.

    ``value`` None: it could not be measured, ``how`` says why. ``budget`` None: no limit is set;
    ``most`` says whether the budget is the most (or the least) that is allowed.
    """

    name: str
    value: float | None
    unit: str
    how: str
    budget: float | None = None
    most: bool = True

    @property
    def is_met(self) -> bool | None:
        """Whether the budget is met; None without one."""
        if self.budget is None:
            return None
        if self.value is None:
            return False
        return self.value <= self.budget if self.most else self.value >= self.budget

    def to_json(self, measured: str, commit: str) -> dict[str, Any]:
        """Return the row as it stands in the report."""
        return {**asdict(self), 'is_met': self.is_met, 'measured': measured, 'commit': commit}

    def __str__(self) -> str:
        value = 'not measured' if self.value is None else f'{self.value:g} {self.unit}'
        sign = '<=' if self.most else '>='
        budget = '' if self.budget is None else (
            f'  ({"" if self.is_met else "NOT "}met: {sign} {self.budget:g})')
        return f'{self.name:<48} {value}{budget}'


def merge(
    path: Path, rows: Iterable[BenchRow], host: dict[str, Any], measured: str, commit: str,
) -> None:
    """Write rows into the report at ``path``; rows of the same name are replaced."""
    try:
        kept = json.loads(path.read_text(encoding='utf-8'))['rows']
    except FileNotFoundError:
        kept = []
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"'{path}' is no report ({error}); remove it, or give another") from error
    new = [row.to_json(measured, commit) for row in rows]
    names = {row['name'] for row in new}
    report = {
        'host': host,
        'rows': sorted(
            [*(row for row in kept if row['name'] not in names), *new],
            key=lambda row: row['name'])}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + '\n', encoding='utf-8')
