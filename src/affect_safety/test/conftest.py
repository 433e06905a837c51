# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A live safety monitor with a peer that plays the rest of the graph."""

from pathlib import Path
import sys

from affect_node.domain import free_domain
import pytest

# Beside this file: pytest's importlib mode does not look there.
sys.path.insert(0, str(Path(__file__).parent))

RULES = """
schema: 1
rules:
  - {name: stress_high, input: condition.stress, comparison: above, on: 0.8, off: 0.6,
     on_delay_s: 0.0, off_delay_s: 0.0, severity: 700, latching: false, max_shelve_s: 60.0,
     suppress_when: [headset_not_worn], message: Stress is high., consequence: c, response: r,
     basis: test}
  - {name: modality_dead, input: 'modality.*.dead', comparison: is, on: true,
     on_delay_s: 0.0, off_delay_s: 0.3, severity: 500, latching: false, max_shelve_s: 60.0,
     message: A modality has stopped., consequence: c, response: r, basis: test}
  - {name: fusion_dead, input: fusion.dead, comparison: is, on: true,
     on_delay_s: 0.0, off_delay_s: 0.3, severity: 850, latching: false, max_shelve_s: 60.0,
     message: Fusion has stopped., consequence: c, response: r, basis: test}
  - {name: headset_fit_bad, input: headset.fit, comparison: is, on: bad,
     on_delay_s: 0.0, off_delay_s: 0.0, severity: 300, latching: false, max_shelve_s: 60.0,
     message: The headset sits badly., consequence: c, response: r, basis: test}
  - {name: inputs_unknown, input: status.unknown, comparison: is, on: true,
     on_delay_s: 0.5, off_delay_s: 0.0, severity: 450, latching: false, max_shelve_s: 60.0,
     message: Something is unknown., consequence: c, response: r, basis: test}
"""


@pytest.fixture
def rules_file(tmp_path: Path) -> Path:
    """Rules without long delays."""
    path = tmp_path / 'test.rules.yaml'
    path.write_text(RULES, encoding='utf-8')
    return path


@pytest.fixture
def graph(tmp_path, rules_file, monkeypatch):
    """Return a Graph in its own ROS domain."""
    rclpy = pytest.importorskip('rclpy')
    from safety_graph import Graph
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    context = rclpy.Context()
    rclpy.init(context=context, domain_id=free_domain())
    graph = Graph(context, tmp_path / 'journal.sqlite3', rules_file)
    try:
        yield graph
    finally:
        graph.close()
        rclpy.try_shutdown(context=context)
