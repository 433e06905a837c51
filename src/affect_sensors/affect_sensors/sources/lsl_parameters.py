# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of nodes that read the Lab Streaming Layer."""

from typing import Any

from affect_node import AffectNode


def declare_lsl(node: AffectNode) -> dict[str, Any]:
    """Declare what an LslSource needs to know and return it."""
    return {
        'name': node.declare(
            'lsl_name', '', 'How the names of the streams begin, for source:=lsl; empty: all '
            'streams of a fitting type.'),
        'channels': node.declare(
            'lsl_channels', '', 'What channels are that are not known by their labels, for '
            'source:=lsl: label=field or label=field:unit, more after a comma; the field none '
            'leaves one out.'),
        'report': node.diagnostics.reject,
    }
