# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading rules from YAML; what does not fit is told by file, rule, field and remedy."""

from collections.abc import Mapping
from collections.abc import Sequence
from importlib import resources
import math
from pathlib import Path
import re
from typing import Any

from affect_safety.rule import FITS
from affect_safety.rule import HEADSET_NOT_WORN
from affect_safety.rule import INDICES
from affect_safety.rule import Rule
import yaml

SCHEMA = 1
SUPPRESSIONS = (HEADSET_NOT_WORN,)
_LIMIT_COMPARISONS = ('above', 'below')
_TEXTS = ('message', 'consequence', 'response', 'basis')
_NUMBERS = {'on_delay_s': 86400.0, 'off_delay_s': 86400.0, 'max_shelve_s': 86400.0}
_REQUIRED = (
    'name', 'input', 'comparison', 'on', *_NUMBERS, 'severity', 'latching', *_TEXTS)
_OPTIONAL = ('off', 'suppress_when', 'enabled')
_NAME = re.compile(r'[a-z][a-z0-9_]*')
_MODALITY_DEAD = re.compile(r'modality\.([a-z][a-z0-9_]*|\*)\.dead')
_INPUTS = (
    *(f'condition.{index}' for index in INDICES), 'modality.<name>.dead', 'modality.*.dead',
    'fusion.dead', 'headset.fit', 'status.unknown')


class RulesError(ValueError):
    """Rules that can't be used; each complaint names file, rule, field and remedy."""

    def __init__(self, complaints: Sequence[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__('\n'.join(self.complaints))


def default_rules_file() -> Path:
    """Return the rules that come with this package."""
    return Path(str(resources.files('affect_safety') / 'rules' / 'default.rules.yaml'))


def load_rules(path: str | Path | None = None) -> tuple[Rule, ...]:
    """
    Read and check a rules file; None for the shipped one.

    :raises RulesError: the file can't be read or does not fit; all complaints at once.
    """
    path = default_rules_file() if path is None else Path(path).expanduser()
    try:
        document = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError([
            f'{path}: cannot be read ({error}); set parameter rules_file to an existing file, or '
            'leave it empty for the shipped rules']) from error
    except yaml.YAMLError as error:
        raise RulesError([f'{path}: is not YAML ({" ".join(str(error).split())})']) from error
    return parse_rules(document, str(path))


def parse_rules(document: Any, source: str) -> tuple[Rule, ...]:
    """
    Check a parsed rules file. ``source`` is its name, for complaints.

    :raises RulesError: with every complaint at once.
    """
    if not isinstance(document, Mapping):
        raise RulesError([f"{source}: should be a mapping with 'schema' and 'rules'"])
    complaints = []
    if document.get('schema') != SCHEMA:
        complaints.append(
            f"{source}: field 'schema' is {document.get('schema')!r} and should be {SCHEMA}")
    for name in sorted(set(map(str, document)) - {'schema', 'rules'}):
        complaints.append(f"{source}: unknown field '{name}'; remove it")  # noqa: PERF401
    items = document.get('rules')
    if not isinstance(items, list) or not items:
        complaints.append(f"{source}: field 'rules' should be a list with at least one rule")
        items = []
    rules: list[Rule] = []
    for number, item in enumerate(items, 1):
        reader = _RuleReader(item, number, source)
        rule = reader.read()
        if rule is not None and rule.name in {known.name for known in rules}:
            reader.complain('name', 'is used twice; give each rule its own name')
        complaints += reader.complaints
        if rule is not None:
            rules.append(rule)
    if complaints:
        raise RulesError(complaints)
    return tuple(rules)


def expand(rules: Sequence[Rule], modalities: Sequence[str]) -> tuple[Rule, ...]:
    """Replace each rule about all modalities by one rule per modality."""
    expanded: list[Rule] = []
    for rule in rules:
        if rule.input == 'modality.*.dead':
            expanded += [rule.for_modality(modality) for modality in modalities]
        else:
            expanded.append(rule)
    return tuple(expanded)


def watched_modalities(rules: Sequence[Rule], modalities: Sequence[str]) -> tuple[str, ...]:
    """Return ``modalities`` and those that a rule names besides."""
    named = (_MODALITY_DEAD.fullmatch(rule.input) for rule in rules)
    return tuple(dict.fromkeys([
        *modalities, *(match[1] for match in named if match and match[1] != '*')]))


class _RuleReader:
    """Reads one rule and collects complaints."""

    def __init__(self, item: Any, number: int, source: str) -> None:
        self._item = item
        self._where = f'{source}: rule {number}'
        self.complaints: list[str] = []

    def complain(self, field: str, text: str) -> None:
        self.complaints.append(f"{self._where}: field '{field}' {text}")

    def read(self) -> Rule | None:
        """Return the rule, or None after complaints."""
        item = self._item
        if not isinstance(item, Mapping):
            self.complaints.append(f'{self._where}: should be a mapping of fields')
            return None
        if isinstance(item.get('name'), str):
            self._where += f" '{item['name']}'"
        # YAML 1.1 reads a bare `on:` and `off:` as true and false.
        item = {{True: 'on', False: 'off'}.get(k, k) if isinstance(k, bool) else k: v
                for k, v in item.items()}
        for name in _REQUIRED:
            if name not in item:
                self.complain(name, 'is missing; add it')
        for name in sorted(set(map(str, item)) - set(_REQUIRED) - set(_OPTIONAL)):
            self.complain(name, f'is unknown; there are {", ".join(_REQUIRED + _OPTIONAL)}')
        if self.complaints:
            return None
        self._check_plain(item)
        on, off = self._limits(item)
        if self.complaints:
            return None
        rest: dict[str, Any] = {name: float(item[name]) for name in _NUMBERS}
        rest |= {name: ' '.join(item[name].split()) for name in _TEXTS}
        return Rule(
            name=item['name'], input=item['input'], comparison=item['comparison'], on=on, off=off,
            **rest, severity=item['severity'], latching=item['latching'],
            suppress_when=tuple(item.get('suppress_when', ())),
            enabled=item.get('enabled', True))

    def _check_plain(self, item: Mapping[str, Any]) -> None:
        if not (isinstance(item['name'], str) and _NAME.fullmatch(item['name'])):
            self.complain('name', f'is {item["name"]!r}; use lower case, digits and _')
        known = isinstance(item['input'], str) and (
            item['input'] in _INPUTS or _MODALITY_DEAD.fullmatch(item['input']))
        if not known:
            self.complain('input', f'is {item["input"]!r}; there are {", ".join(_INPUTS)}')
        for name, highest in _NUMBERS.items():
            if not (_is_number(item[name]) and 0.0 <= item[name] <= highest):
                self.complain(name, f'is {item[name]!r}; give seconds from 0 to {highest:g}')
        severity = item['severity']
        if not (isinstance(severity, int) and not isinstance(severity, bool)
                and 1 <= severity <= 1000):
            self.complain('severity', f'is {severity!r}; give a whole number from 1 to 1000')
        for name in ('latching', 'enabled'):
            if not isinstance(item.get(name, True), bool):
                self.complain(name, f'is {item[name]!r}; give true or false')
        for name in _TEXTS:
            if not (isinstance(item[name], str) and item[name].strip()):
                self.complain(name, 'is empty; write a sentence for the operator')
        suppress = item.get('suppress_when', [])
        if not isinstance(suppress, list) or any(s not in SUPPRESSIONS for s in suppress):
            self.complain(
                'suppress_when', f'is {suppress!r}; give a list out of {", ".join(SUPPRESSIONS)}')

    def _limits(self, item: Mapping[str, Any]) -> tuple[Any, float | None]:
        comparison: Any = item['comparison']
        on: Any = item['on']
        off: Any = item.get('off')
        is_index = isinstance(item['input'], str) and item['input'].startswith('condition.')
        if is_index:
            if comparison not in _LIMIT_COMPARISONS:
                self.complain(
                    'comparison', f"is {comparison!r}; an index takes 'above' or 'below'")
                return None, None
            for name, limit in (('on', on), ('off', off)):
                if not (_is_number(limit) and 0.0 <= limit <= 1.0):
                    self.complain(name, f'is {limit!r}; give a number from 0 to 1, as the index')
            if not self.complaints and (off > on if comparison == 'above' else off < on):
                self.complain(
                    'off', f"is {off!r}; with comparison '{comparison}' it must not be "
                    f"{comparison} 'on' ({on!r}), or the alarm would flutter")
            return on, off
        if comparison != 'is':
            self.complain('comparison', f"is {comparison!r}; this input takes 'is'")
        if off is not None:
            self.complain('off', "has no meaning with 'is'; remove it")
        values = tuple(on) if isinstance(on, list) else (on,)
        allowed: tuple[Any, ...] = FITS if item['input'] == 'headset.fit' else (True,)
        if not values or any(
                type(v) is not type(allowed[0]) or v not in allowed for v in values):
            self.complain('on', f'is {on!r}; give {" or ".join(map(str, allowed)).lower()}')
        return values, None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
