# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The bench of the simulated wearer gives a row for each view (nothing is timed here)."""

from affect_bringup.bench.simulation import simulation_rows


def test_each_view_has_a_row_with_its_floor():
    rows = {row.name: row for row in simulation_rows(0.1)}
    assert set(rows) == {f'simulation/{name}' for name in (
        'face_image', 'eye_image_192x144', 'eye_image_320x240', 'world_image', 'cloud', 'voice',
        'all_views')}
    for name, row in rows.items():
        assert row.value > 0.0
        assert name == 'simulation/all_views' or 'floor' in row.how
