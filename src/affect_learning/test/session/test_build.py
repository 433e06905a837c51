# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The bag as a whole: what is in it, that it repeats, and what the command says."""

import json
import math

from affect_learning.session.bag import describe_bag
from affect_learning.session.cli import main
from affect_learning.session.compose import compose
from affect_learning.session.compose import TOPICS
from affect_learning.session.session_messages import EPOCH_NS
from affect_learning.session.typestore import load_typestore
import numpy as np
import pytest
from rosbags.interfaces import QosDurability
from rosbags.interfaces import QosReliability
from rosbags.rosbag2 import Reader


def build(recordings, out, *more):
    return main(['build', str(out), '--seconds', '4', '--data', str(recordings), *more])


def read(path, topic=None):
    """Return (time, topic, message) of a bag."""
    store = load_typestore()
    with Reader(path) as reader:
        return [
            (at_ns, connection.topic, store.deserialize_cdr(data, connection.msgtype))
            for connection, at_ns, data in reader.messages()
            if topic in (None, connection.topic)]


def stamp_ns(message):
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec


@pytest.mark.parametrize('storage', ['mcap', 'sqlite3'])
def test_every_stream_is_there_at_its_rate(recordings, tmp_path, capsys, storage):
    assert build(recordings, tmp_path / 'bag', '--storage', storage) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary['messages']['/hmd/microphone/audio'] == 200
    assert summary['messages']['/hmd/face_camera/image'] == 40
    assert summary['messages']['/hmd/gaze/sample'] == 800
    assert summary['messages']['/hmd/imu/data'] == 96
    assert summary['messages']['/hmd/physiology/chunk'] == 48
    assert summary['messages']['/hmd/headset/status'] == 4
    assert all(summary['messages'][f'/{topic}'] > 0 for topic in TOPICS)
    assert 'no accuracy may be quoted' in summary['composite']
    assert describe_bag(tmp_path / 'bag')['messages'] == summary['messages']


def test_the_summary_says_whose_recordings_the_shipped_files_have_seen(
        recordings, tmp_path, capsys):
    assert build(recordings, tmp_path / 'bag') == 0
    output = capsys.readouterr()
    summary = json.loads(output.out)
    assert 'warning' not in output.err
    assert summary['people']['voice'] == 'ravdess actor_23 (unseen)'
    for stream in ('gaze', 'head_motion', 'physiology'):
        assert 'used to fit the feature standardisation' in summary['people'][stream]
    assert 'used to fit the feature standardisation' in summary['composite']


def test_an_actor_that_the_voice_weights_learned_from_is_warned_of(recordings, tmp_path, capsys):
    assert build(recordings, tmp_path / 'bag', '--actor', '5') == 0
    output = capsys.readouterr()
    assert 'warning: the shipped voice weights learned from actor 5' in output.err
    assert 'learned from this actor' in json.loads(output.out)['people']['voice']


def test_messages_are_what_a_live_sensor_would_send(recordings, tmp_path):
    assert build(recordings, tmp_path / 'bag') == 0
    records = read(tmp_path / 'bag')
    assert [at_ns for at_ns, _, _ in records] == sorted(at_ns for at_ns, _, _ in records)
    assert all(EPOCH_NS <= stamp_ns(m) <= at_ns for at_ns, _, m in records)
    streams = {}
    for _, topic, message in records:
        streams.setdefault(topic, []).append(message)

    audio = streams['/hmd/microphone/audio']
    assert all(len(m.samples) == 320 and m.sample_rate_hz == 16000 for m in audio)
    assert [m.first_sample for m in audio] == [320 * i for i in range(len(audio))]
    assert np.diff([stamp_ns(m) for m in audio]).tolist() == [20_000_000] * (len(audio) - 1)

    image = streams['/hmd/face_camera/image'][0]
    assert (image.width, image.height, image.step, image.encoding) == (48, 48, 48, 'mono8')
    assert len(image.data) == 48 * 48

    gaze = streams['/hmd/gaze/sample']
    assert np.diff([m.sequence for m in gaze]).tolist() == [1] * (len(gaze) - 1)
    assert all(math.isnan(m.azimuth_deg) and math.isnan(m.left.azimuth_deg) for m in gaze)
    unseen = [m.left for m in gaze if m.left.confidence == 0]
    assert unseen and all(
        e.state == e.STATE_UNKNOWN and math.isnan(e.pupil_x) and math.isnan(e.pupil_diameter_mm)
        for e in unseen)

    assert all(m.orientation_covariance[0] == -1 for m in streams['/hmd/imu/data'])

    rates = {m.channel: m.sample_rate_hz for m in streams['/hmd/physiology/chunk']}
    assert rates == {1: 64.0, 2: 4.0, 3: 4.0, 6: 32.0, 7: 32.0, 8: 32.0}
    bvp = [m for m in streams['/hmd/physiology/chunk'] if m.channel == m.CHANNEL_BVP]
    assert [m.first_sample for m in bvp] == [32 * i for i in range(len(bvp))]

    status = streams['/hmd/headset/status'][0]
    assert status.fit == status.FIT_GOOD
    assert status.eye_calibration == status.EYE_CALIBRATION_NONE


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(recordings):
    store = load_typestore()

    def raw(seed):
        _, records = compose(recordings, 4.0, store, seed=seed)
        return [
            (r.at_ns, r.topic, bytes(store.serialize_cdr(r.message, TOPICS[r.topic[1:]][0])))
            for r in records]

    assert raw(3) == raw(3)
    assert raw(3) != raw(4)


def test_qos_of_the_players(recordings, tmp_path):
    assert build(recordings, tmp_path / 'bag') == 0
    with Reader(tmp_path / 'bag') as reader:
        profiles = {c.topic: c.ext.offered_qos_profiles[0] for c in reader.connections}
    assert profiles['/hmd/face_camera/image'].reliability is QosReliability.BEST_EFFORT
    assert profiles['/hmd/microphone/audio'].reliability is QosReliability.RELIABLE
    assert profiles['/hmd/microphone/audio'].durability is QosDurability.VOLATILE
    assert profiles['/hmd/headset/status'].durability is QosDurability.TRANSIENT_LOCAL


def test_a_namespace_is_put_before_every_topic(recordings, tmp_path):
    assert build(recordings, tmp_path / 'bag', '--namespace', 'w1') == 0
    topics = describe_bag(tmp_path / 'bag')['messages']
    assert all(topic.startswith('/w1/') for topic in topics)
    assert topics['/w1/hmd/gaze/sample'] == 800


@pytest.mark.parametrize(('folder', 'named'), [
    ('ravdess', 'ravdess/speech/actor_23'), ('fer2013', 'fer2013/fer2013_test.npz'),
    ('oemc_hmr', 'oemc_hmr'), ('ceap360vr', 'ceap360vr/trials.npz'),
    ('watch_emotion', 'watch_emotion'), ('stress_predict', 'stress_predict/processed')])
def test_missing_data_is_named_and_leaves_nothing(recordings, tmp_path, capsys, folder, named):
    (recordings / folder).rename(tmp_path / 'elsewhere')
    assert build(recordings, tmp_path / 'bags' / 'bag') == 1
    error = capsys.readouterr().err
    assert named in error and 'AFFECT_DATA' in error
    assert not (tmp_path / 'bags').exists()


@pytest.mark.parametrize(('more', 'word'), [
    (['--seconds', '0'], '--seconds'), (['--seconds', 'nan'], '--seconds'),
    (['--seconds', '1e9'], '--seconds'), (['--seed', '-1'], '--seed'),
    (['--namespace', 'no spaces'], '--namespace'), (['--actor', '77'], 'actor_77')])
def test_bad_arguments_are_said(recordings, tmp_path, capsys, more, word):
    assert build(recordings, tmp_path / 'bag', *more) == 1
    assert word in capsys.readouterr().err
    assert not (tmp_path / 'bag').exists()


def test_nothing_is_overwritten_unasked(recordings, tmp_path, capsys):
    (tmp_path / 'bag').mkdir()
    (tmp_path / 'bag' / 'precious').write_text('x')
    assert build(recordings, tmp_path / 'bag') == 1
    assert build(recordings, tmp_path / 'bag', '--overwrite') == 1
    assert (tmp_path / 'bag' / 'precious').read_text() == 'x'
    assert build(recordings, tmp_path / 'new') == 0
    assert build(recordings, tmp_path / 'new') == 1
    assert '--overwrite' in capsys.readouterr().err
    assert build(recordings, tmp_path / 'new', '--overwrite', '--seed', '5') == 0


@pytest.mark.parametrize('damage', ['empty', 'truncated', 'missing'])
def test_info_refuses_what_is_no_bag(recordings, tmp_path, capsys, damage):
    bag = tmp_path / 'bag'
    assert build(recordings, bag) == 0
    storage = next(bag.glob('*.mcap'))
    if damage == 'empty':
        storage.write_bytes(b'')
    elif damage == 'truncated':
        storage.write_bytes(storage.read_bytes()[:1000])
    else:
        bag = tmp_path / 'nowhere'
    assert main(['info', str(bag)]) == 1
    assert bag.name in capsys.readouterr().err


@pytest.mark.data
def test_a_real_minute_is_built(real_recordings, tmp_path, capsys):
    assert main([
        'build', str(tmp_path / 'bag'), '--seconds', '60', '--data', str(real_recordings)]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary['people']['voice'] == 'ravdess actor_23 (unseen)'
    assert summary['messages']['/hmd/gaze/sample'] == 12000
    assert summary['faces']['contrast_share'] > 0.9
    spoken = {m.label for _, _, m in read(tmp_path / 'bag', '/ground_truth/voice') if m.label}
    assert len(spoken) == 8
    rates = np.array([
        [m.angular_velocity.x, m.angular_velocity.y, m.angular_velocity.z]
        for _, _, m in read(tmp_path / 'bag', '/hmd/imu/data')])
    # An arm that swings in walking turns at 0.5 to 6 rad/s; 57 times more would be degrees.
    assert 0.2 < np.sqrt((rates**2).mean()) < 8.0
    diameters = np.array([
        m.left.pupil_diameter_mm for _, _, m in read(tmp_path / 'bag', '/hmd/gaze/sample')])
    assert 1.5 < np.nanmedian(diameters) < 8.0


@pytest.mark.data
def test_real_session_beyond_one_recording(real_recordings, tmp_path):
    assert main([
        'build', str(tmp_path / 'bag'), '--seconds', '200', '--data', str(real_recordings)]) == 0
    assert describe_bag(tmp_path / 'bag')['messages']['/hmd/imu/data'] == 4800
