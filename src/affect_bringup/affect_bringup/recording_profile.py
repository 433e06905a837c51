# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A recording profile: which topics, and under which purposes not."""

from dataclasses import dataclass
from pathlib import Path

import yaml

PURPOSES = ('none', 'research', 'medical', 'safety')
"""Names of the constants of affect_msgs/Purpose, in their order."""

_OF_NO_WEARER = ('/diagnostics',)


@dataclass(frozen=True)
class RecordingProfile:
    """What of a wearer is recorded, and the purposes under which it must not be."""

    description: str
    topics: tuple[str, ...]
    not_under_purpose: tuple[str, ...]

    def topics_of(self, namespace: str) -> list[str]:
        """Return the topics of the wearer in a namespace ('' for the one without)."""
        prefix = '/' + namespace.strip('/') if namespace.strip('/') else ''
        return [
            topic if topic in _OF_NO_WEARER else prefix + topic for topic in self.topics]

    def allows(self, purpose: int) -> bool:
        """Return whether this may be recorded under a purpose (affect_msgs/Purpose)."""
        known = 0 <= purpose < len(PURPOSES)
        return known and PURPOSES[purpose] not in self.not_under_purpose


def read_profile(path: Path) -> RecordingProfile:
    """
    Read a profile from YAML.

    :raises ValueError: no such file, or it is not like the shipped ones; says what is wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"profile '{path}' can't be read: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"profile '{path}' must be a mapping like the shipped profiles")
    topics, forbidden = content.get('topics'), content.get('not_under_purpose')
    if not _are_words(topics) or not topics or not all(t.startswith('/') for t in topics):
        raise ValueError(f"profile '{path}': 'topics' must be a list of names that begin with /")
    # No default: a profile that forgets it would record under every purpose.
    if not _are_words(forbidden) or not set(forbidden) <= set(PURPOSES):
        raise ValueError(
            f"profile '{path}': 'not_under_purpose' must be a list of {', '.join(PURPOSES)}; "
            '[] when it may always be recorded')
    return RecordingProfile(
        str(content.get('description', '')), tuple(topics), tuple(forbidden))


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
