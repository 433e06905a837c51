# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
One block of text that says how the wearer and the graph are, for a terminal that is refreshed.

The formatter reads attributes only, so it works on messages as well as on look-alikes.
"""

import math
from typing import Any

CATEGORIES = (
    'neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised')
VALIDITIES = ('UNKNOWN', 'DEGRADED', 'VALID')
CONTRIBUTION_STATES = ('dead', 'alive', 'evidence', 'rejected')
SAFETY_STATES = ('UNKNOWN', 'OK', 'WARNING', 'ALARM', 'FAULT')
INDICES = ('stress', 'fatigue', 'cognitive_load', 'attention')
Z_90 = 1.645  # half width of a 90 % interval in standard deviations, as in AffectEstimate
BAR_CELLS = 10
UNKNOWN = '?'


def format_status(
    emotion: Any = None, condition: Any = None, safety: Any = None, *, width: int = 78,
) -> str:
    """
    Return the status as lines of at most ``width`` characters, without a newline at the end.

    :param emotion: newest EmotionState, or None where none has come.
    :param condition: newest WearerCondition, or None.
    :param safety: newest SafetyStatus, or None.
    """
    lines = [_headline(emotion), *_affect_lines(emotion)]
    if emotion is not None:
        lines += [_modality_line(contribution) for contribution in emotion.contributions]
    lines.append(_condition_line(condition))
    lines.append(_safety_line(safety))
    return '\n'.join(_cut(line, width) for line in lines)


def refresh(block: str, previous: str = '') -> str:
    """Return what to print so that ``block`` takes the place of ``previous`` on a terminal."""
    up = previous.count('\n') + 1 if previous else 0
    back = f'\x1b[{up}A\r' if up else ''
    lines = ''.join(f'\x1b[2K{line}\n' for line in block.split('\n'))
    return f'{back}{lines}\x1b[J'


def quality_bar(quality: float, cells: int = BAR_CELLS) -> str:
    """Return a bar for a quality in [0, 1]; a NaN is drawn as question marks."""
    if not math.isfinite(quality):
        return UNKNOWN * cells
    full = round(min(max(quality, 0.0), 1.0) * cells)
    if quality > 0.0:
        full = max(full, 1)
    return '#' * full + '.' * (cells - full)


def interval(mean: float, variance: float) -> str:
    """Return a mean with its 90 % interval, cut to [-1, 1]; unknown is said, not drawn as 0."""
    if not math.isfinite(mean):
        return 'unknown'
    if not (math.isfinite(variance) and variance >= 0.0):
        return f'{mean:+.2f} [interval unknown]'
    half = Z_90 * math.sqrt(variance)
    return f'{mean:+.2f} [{max(mean - half, -1.0):+.2f}, {min(mean + half, 1.0):+.2f}]'


def _headline(emotion: Any) -> str:
    if emotion is None:
        return 'state     none yet: is the purpose research or medical, and does fusion run?'
    parts = [f'state     {_name(VALIDITIES, emotion.validity)}']
    if math.isfinite(emotion.latency_s):
        parts.append(f'latency {emotion.latency_s * 1e3:.0f} ms')
    if emotion.reason:
        parts.append(emotion.reason)
    return '  '.join(parts)


def _affect_lines(emotion: Any) -> list[str]:
    if emotion is None:
        return []
    affect = emotion.affect
    known = [
        (float(p), name) for p, name in zip(affect.probabilities, CATEGORIES, strict=True)
        if math.isfinite(p)]
    leading = ', '.join(f'{name} {p:.2f}' for p, name in sorted(known, reverse=True)[:3])
    return [
        f'emotion   {leading or "unknown"}',
        f'valence   {interval(affect.valence, affect.valence_variance)}   '
        f'arousal {interval(affect.arousal, affect.arousal_variance)}',
    ]


def _modality_line(contribution: Any) -> str:
    state = _name(CONTRIBUTION_STATES, contribution.state)
    line = (
        f'  {contribution.modality:<20}{state:<10}{quality_bar(contribution.quality)} '
        f'weight {contribution.weight:.2f}')
    if math.isfinite(contribution.evidence_age_s):
        line += f'  {contribution.evidence_age_s:.1f} s old'
    return line


def _condition_line(condition: Any) -> str:
    if condition is None:
        return 'condition none yet'
    values = []
    for name in INDICES:
        index = getattr(condition, name)
        if math.isfinite(index.value):
            value = f'{index.value:.2f}'
            if math.isfinite(index.standard_deviation):
                value += f'±{index.standard_deviation:.2f}'
        else:
            value = UNKNOWN
        values.append(f'{name} {value}')
    return 'condition ' + '  '.join(values)


def _safety_line(safety: Any) -> str:
    if safety is None:
        return 'safety    none yet: no heartbeat is unsafe'
    line = (
        f'safety    {_name(SAFETY_STATES, safety.state)}  {safety.active_alarms} active, '
        f'{safety.unacknowledged_alarms} unacknowledged')
    if safety.reasons:
        line += '  ' + '; '.join(safety.reasons)
    return line


def _name(names: tuple[str, ...], index: int) -> str:
    return names[index] if 0 <= index < len(names) else f'{UNKNOWN}{index}'


def _cut(line: str, width: int) -> str:
    # A control character in a reason must not move the cursor.
    line = ''.join(c if c.isprintable() else ' ' for c in line)
    return line if len(line) <= width else line[:max(width - 1, 0)] + '…'
