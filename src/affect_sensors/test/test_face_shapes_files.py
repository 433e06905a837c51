# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Recordings of the face in the shapes of any headset or telephone."""

from affect_msgs.msg import FaceTracking
from affect_node import stream
from affect_sensors.blendshapes import INDEX
from affect_sensors.blendshapes import NAMES
from affect_sensors.face.node import FaceNode
from affect_sensors.face_shapes import SHAPE_SETS
from affect_sensors.sources.face_file import open_face_file
from affect_sensors.sources.source import SourceError
import numpy as np
import pytest


def rows_of(path):
    """Return what is played within an hour, with the times from the start."""
    player = open_face_file(str(path), loop=False)
    player.start(0)
    items = player.read(3600 * 10**9)
    return player, np.array([t for t, _, _ in items]) * 1e-9, np.stack([r for _, _, r in items])


@pytest.mark.parametrize(('schema', 'spelling'), [
    ('XR_ML_facial_expression', '{}'), ('XR_FB_face_tracking2', '{}'),
    ('unified_expressions', '{}'),
    ('XR_ML_facial_expression', 'XR_FACIAL_BLEND_SHAPE_{}_ML'),
    ('XR_FB_face_tracking2', 'XR_FACE_EXPRESSION2_{}_FB')])
def test_the_shapes_of_a_headset_are_known_by_their_names(tmp_path, schema, spelling):
    shapes = SHAPE_SETS[schema]
    values = np.random.default_rng(1).uniform(0.0, 1.0, (3, len(shapes)))
    values[1, 5] = np.nan
    order = np.random.default_rng(2).permutation(len(shapes))
    lines = ['t_s,lower_confidence,' + ','.join(spelling.format(shapes.names[i]) for i in order)]
    for i, row in enumerate(values):
        lines.append(f'{0.1 * i},0.5,' + ','.join(
            '' if np.isnan(v) else repr(float(v)) for v in row[order]))
    (tmp_path / 'face.csv').write_text('\n'.join(lines))
    player, times, rows = rows_of(tmp_path / 'face.csv')
    assert player.native_schema == schema
    np.testing.assert_allclose(times, [0.0, 0.1, 0.2])
    np.testing.assert_allclose(rows[:, :52], shapes.to_arkit(values))
    assert (rows[:, 53] == 0.5).all()
    np.testing.assert_allclose(rows[:, 54:], values)


def test_a_few_capital_names_are_arkits(tmp_path):
    (tmp_path / 'face.csv').write_text('t_s,JawOpen,MouthSmileLeft\n0,0.5,0.25\n1,0.5,0.25\n')
    player, _, rows = rows_of(tmp_path / 'face.csv')
    assert player.native_schema == ''
    assert rows.shape == (2, 54)
    assert rows[0, INDEX['mouthSmileLeft']] == 0.25


def live_link(*codes):
    head = 'Timecode,BlendShapeCount,' + ','.join(n[0].upper() + n[1:] for n in NAMES)
    return '\n'.join([head + ',HeadYaw', *(
        f'{code},61,' + ','.join([str(i / 100)] * len(NAMES)) + ',0.3'
        for i, code in enumerate(codes))])


def test_a_recording_of_live_link_face_is_played_at_its_own_pace(tmp_path):
    (tmp_path / 'take.csv').write_text(live_link(
        '23:59:59:58.000', '23:59:59:59.500', '00:00:00:00.500', '00:00:00:00.500',
        '00:00:00:30.000'))
    player, times, rows = rows_of(tmp_path / 'take.csv')
    assert player.native_schema == ''
    np.testing.assert_allclose(times, np.array([0.0, 1.5, 2.5, 32.0]) / 60.0, atol=1e-6)
    # The one that came twice is played once.
    np.testing.assert_allclose(rows[:, INDEX['tongueOut']], [0.0, 0.01, 0.02, 0.04])


@pytest.mark.parametrize(('text', 'words'), [
    (live_link('00:00:00:01', 'noon'), r"row 2.*'noon'"),
    ('t_s,JAW_DROP,LIP_CORNER_PULLER_L\n0,0.5,37\n', r'PULLER_L is 37 in row 1.*percent'),
    (live_link(), 'no rows'),
    ('t_s,GRIN\n0,1\n', 'no face shape')])
def test_what_does_not_fit_is_refused_by_name(tmp_path, text, words):
    (tmp_path / 'face.csv').write_text(text)
    with pytest.raises(SourceError, match=words):
        open_face_file(str(tmp_path / 'face.csv'), loop=False)


def test_the_message_keeps_the_devices_own_shapes(graph, tmp_path):
    (tmp_path / 'face.csv').write_text('t_s,JAW_DROP,CHIN_RAISER\n0,0.5,0.25\n0.1,0.5,0.25\n')
    heard = graph.hear(FaceTracking, 'hmd/face/tracking', stream(30.0))
    graph.add(FaceNode, source='file', path=tmp_path / 'face.csv')
    graph.until(lambda: heard)
    message = heard[0]
    shapes = SHAPE_SETS[message.native_schema]
    assert message.native_schema == 'XR_ML_facial_expression'
    assert message.native_weights[shapes.index['CHIN_RAISER']] == 0.25
    assert message.weights[FaceTracking.JAW_OPEN] == 0.5
    assert message.weights[FaceTracking.MOUTH_SHRUG_LOWER] == 0.25
    assert sum(message.observed) == 2
