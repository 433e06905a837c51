# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Streams of the Lab Streaming Layer, recorded ones played by a library that only seems to be."""

import math

from affect_sensors.sources.lsl_channels import converted
from affect_sensors.sources.lsl_channels import parse_channel_map
from affect_sensors.sources.lsl_gaze import LslGaze
from affect_sensors.sources.lsl_imu import LslImu
from affect_sensors.sources.lsl_physio import LslPhysio
from affect_sensors.sources.lsl_stream import LslChannel
from affect_sensors.sources.source import SourceError
import numpy as np
import pytest

NOW_NS = 1_700_000_000 * 10**9


class Xml:
    """A description as pylsl gives it."""

    def __init__(self, channels=(), position=0):
        self._channels, self._position = channels, position

    def child(self, name):
        return self

    def empty(self):
        return self._position >= len(self._channels)

    def child_value(self, name):
        return self._channels[self._position].get(name, '')

    def next_sibling(self, name):
        return Xml(self._channels, self._position + 1)


class Stream:
    """A stream and its inlet: what is ``sent`` is pulled."""

    def __init__(self, name, kind, channels, rate_hz=0.0, text=False):
        self._name, self._kind, self._rate_hz = name, kind, rate_hz
        self._channels = [
            c if isinstance(c, dict) else dict(zip(('label', 'unit'), c, strict=True))
            for c in channels]
        self.text = text
        self.sent = []
        self.lost = False
        self.answers = True
        self.serial = 0

    def name(self):
        return self._name

    def type(self):
        return self._kind

    def uid(self):
        return f'{self._name}/{self._kind}/{self.serial}'

    def nominal_srate(self):
        return self._rate_hz

    def channel_format(self):
        return 3 if self.text else 1

    def channel_count(self):
        return len(self._channels)

    def desc(self):
        return Xml(self._channels)

    def send(self, samples, stamps_s):
        self.sent += list(zip(samples, stamps_s, strict=True))


class Inlet:
    """What pylsl's StreamInlet does, without a network."""

    def __init__(self, info, max_buflen, recover):
        assert not recover
        self._stream = info

    def info(self, timeout):
        return self._stream

    def open_stream(self, timeout):
        if not self._stream.answers:
            raise TimeoutError('timed out')

    def time_correction(self, timeout):
        return 0.25   # this host's clock is a quarter of a second ahead of the sender's

    def pull_chunk(self, timeout, max_samples):
        if self._stream.lost:
            raise RuntimeError('the stream has been lost.')
        found, self._stream.sent = self._stream.sent, []
        return [sample for sample, _ in found], [stamp for _, stamp in found]

    def flush(self):
        self._stream.sent = []

    def close_stream(self):
        pass


class Lsl:
    """A stand-in for the module pylsl with the streams of a network."""

    cf_string = 3
    StreamInlet = Inlet

    def __init__(self, *streams):
        self.streams = list(streams)
        self.clock_s = 5000.0

    def local_clock(self):
        return self.clock_s

    def resolve_streams(self, wait_time):
        return list(self.streams)

    def ContinuousResolver(self):  # noqa: N802 (pylsl's name)
        return self

    def results(self):
        return list(self.streams)


class Reports(list):
    """Collects what sources complain of."""

    def __call__(self, source, reason, remedy):
        self.append(reason)


def opened(kind, *streams, name='', channels='', **options):
    """Return an open source of streams, the library and the complaints."""
    lsl, reports = Lsl(*streams), Reports()
    if kind is LslGaze:
        options = {'axes': 'optical', 'width_deg': 0.0, 'height_deg': 0.0} | options
    source = kind(name=name, channels=channels, report=reports, lsl=lsl, **options)
    source.open()
    source.start(NOW_NS)
    return source, lsl, reports


def sent_ago(lsl, age_s):
    """Return the sender's time of something that was sensed ``age_s`` ago."""
    return lsl.clock_s - 0.25 - age_s


PUPIL_LABS = [
    {'label': label, 'unit': unit} for label, unit in (
        ('confidence', 'normalized'), ('norm_pos_x', 'normalized'), ('norm_pos_y', 'normalized'),
        *((f'gaze_point_3d_{a}', 'mm') for a in 'xyz'),
        *((f'gaze_normal{i}_{a}', 'mm') for i in (0, 1) for a in 'xyz'),
        ('diameter0_2d', 'pixels'), ('diameter0_3d', 'mm'), ('diameter1_3d', 'mm'))]


def test_a_pupil_labs_stream_is_understood():
    stream = Stream('pupil_capture', 'Gaze', PUPIL_LABS, 0.0)
    source, lsl, reports = opened(LslGaze, stream)
    # In the scene camera's axes: a point 1 m ahead, 0.1 m to the right and 0.2 m up.
    sample = [0.9, 0.5, 0.5, 100.0, -200.0, 1000.0, 0.0, 0.0, 1.0, 0.1, 0.0, 0.9, 55.0, 3.5, 0.0]
    stream.send([sample], [sent_ago(lsl, 0.020)])
    (stamp_ns, number, row), = source.read(NOW_NS)
    assert stamp_ns == NOW_NS - 20_000_000
    assert number == 0
    assert row['azimuth_deg'] == pytest.approx(-math.degrees(math.atan(0.1)))
    assert row['elevation_deg'] == pytest.approx(math.degrees(math.atan2(0.2, math.hypot(1, 0.1))))
    assert row['vergence_distance_m'] == pytest.approx(math.sqrt(1.05))
    assert row['confidence'] == pytest.approx(0.9)
    # Camera 0 is the right eye's.
    assert row['right_azimuth_deg'] == pytest.approx(0.0)
    assert row['left_azimuth_deg'] == pytest.approx(-math.degrees(math.atan2(0.1, 0.9)))
    assert row['right_pupil_diameter_mm'] == pytest.approx(3.5)
    assert np.isnan(row['left_pupil_diameter_mm'])   # 0 is no pupil
    assert reports == []
    stream.send([[np.nan] * 15], [sent_ago(lsl, 0.0)])
    (_, number, row), = source.read(NOW_NS)
    assert number == 1
    assert all(np.isnan(value) for value in row.item())


@pytest.mark.parametrize(('axes', 'vector'), [
    ('optical', (-1.0, -1.0, 1.0)), ('openxr', (-1.0, 1.0, -1.0)), ('unity', (-1.0, 1.0, 1.0)),
    ('ros', (1.0, 1.0, 1.0))])
def test_directions_in_any_axes_of_xdf(axes, vector):
    """A look to the left and up, typed and sided as in XDF's gaze meta-data."""
    stream = Stream('eyes', 'EyeTracker', [
        {'label': f'{eye}{a}', 'type': 'Direction' + a, 'eye': eye}
        for eye in ('left', 'right') for a in 'XYZ'], 120.0)
    source, lsl, _ = opened(LslGaze, stream, axes=axes)
    stream.send([[*vector, 0.0, 0.0, 0.0]], [sent_ago(lsl, 0.0)])
    (_, _, row), = source.read(NOW_NS)
    assert row['left_azimuth_deg'] == pytest.approx(45.0)
    assert row['left_elevation_deg'] == pytest.approx(math.degrees(math.atan(math.sqrt(0.5))))
    assert np.isnan(row['right_azimuth_deg'])   # a vector of length 0 has no direction
    assert row['azimuth_deg'] == pytest.approx(45.0)
    assert source.promised_hz == 120.0


def test_points_on_a_screen_need_its_angle():
    channels = [{'label': n, 'type': t, 'unit': 'normalized', 'eye': 'both'}
                for n, t in (('x', 'ScreenX'), ('y', 'ScreenY'))]
    for width, expected in ((90.0, 45.0), (0.0, math.nan)):
        stream = Stream('screen', 'Gaze', channels, 60.0)
        source, lsl, _ = opened(LslGaze, stream, width_deg=width, height_deg=width and 60.0)
        stream.send([[0.0, 0.5], [0.5, 0.0]], [sent_ago(lsl, 0.02), sent_ago(lsl, 0.0)])
        (_, _, left), (_, _, up) = source.read(NOW_NS)
        assert left['azimuth_deg'] == pytest.approx(expected, nan_ok=True)
        assert up['elevation_deg'] == pytest.approx(expected and expected * 30 / 45, nan_ok=True)


def test_fields_by_their_own_names_and_by_the_parameter():
    stream = Stream('mine', 'Gaze', [
        ('left_openness', ''), ('azimuth_deg', 'rad'), ('Höhe', ''), ('pd', 'm')], 100.0)
    source, lsl, _ = opened(
        LslGaze, stream, channels='höhe = elevation_deg : rad, PD=left_pupil_diameter_mm')
    stream.send([[0.5, 0.1, 0.2, 0.004]], [sent_ago(lsl, 0.0)])
    (_, _, row), = source.read(NOW_NS)
    assert row['left_openness'] == 0.5
    assert row['azimuth_deg'] == pytest.approx(math.degrees(0.1))
    assert row['elevation_deg'] == pytest.approx(math.degrees(0.2))
    assert row['left_pupil_diameter_mm'] == pytest.approx(4.0)


@pytest.mark.parametrize('text', [
    'x', 'x=', '=bvp', 'x=heart', 'x=bvp:mV:y=1, z', 'x=bvp,, y'])
def test_a_channel_map_that_does_not_read_is_refused(text):
    with pytest.raises(SourceError, match=r"'lsl_channels'.*bvp"):
        parse_channel_map(text, tuple(LslPhysio.FIELDS))


@pytest.mark.parametrize(('wanted', 'unit', 'value', 'made'), [
    ('us', 'µS', 2.0, 2.0), ('us', 'μS', 2.0, 2.0), ('us', 'kOhm', 500.0, 2.0),
    ('us', 'nS', 2000.0, 2.0), ('us', 'microsiemens', 2.0, 2.0), ('us', '', 2.0, 2.0),
    ('celsius', '°C', 33.0, 33.0), ('celsius', 'deg C', 33.0, 33.0),
    ('celsius', 'F', 91.4, 33.0), ('celsius', 'Kelvin', 306.15, 33.0),
    ('mv', 'µV', 1500.0, 1.5), ('s', 'ms', 800.0, 0.8), ('bpm', 'Hz', 1.0, 60.0),
    ('fraction', '%', 98.0, 0.98), ('m/s2', 'g', 1.0, 9.80665), ('m/s2', 'm/s^2', 1.0, 1.0),
    ('m/s2', 'm/s²', 1.0, 1.0), ('m/s2', 'm/(s^2)', 1.0, 1.0),
    ('rad/s', 'dps', 180.0, math.pi), ('rad/s', 'deg/s', 180.0, math.pi),
    ('rad/s', '°/s', 180.0, math.pi), ('mm', 'm', 0.004, 4.0)])
def test_units_are_made_what_messages_have(wanted, unit, value, made):
    convert = converted(LslChannel('x'), unit, wanted)
    assert convert(np.array([value]))[0] == pytest.approx(made)


def test_a_unit_of_another_quantity_is_refused_and_the_rest_is_used():
    stream = Stream('band', 'GSR', [('EDA', 'apples'), ('TEMP', 'C')], 4.0)
    source, lsl, reports = opened(LslPhysio, stream)
    stream.send([[1.0, 33.0]], [sent_ago(lsl, 0.0)])
    piece, = source.read(NOW_NS)
    assert (piece.channel, piece.samples.tolist()) == ('skin_temperature', [33.0])
    assert len(reports) == 1
    assert "'apples'" in reports[0]


def test_a_wrist_band_of_several_streams_is_one_device():
    bvp = Stream('E4 BVP', 'BVP', [('BVP', '')], 64.0)
    eda = Stream('E4 GSR', 'GSR', [('GSR', 'kOhm')], 4.0)
    beats = Stream('E4 IBI', 'IBI', [('IBI', 'ms')], 0.0)
    source, lsl, _ = opened(LslPhysio, bvp, eda, beats, name='e4')
    bvp.send([[float(i)] for i in range(16)],
             [sent_ago(lsl, 0.25 - i / 64) for i in range(16)])
    eda.send([[500.0]], [sent_ago(lsl, 0.0)])
    beats.send([[800.0], [750.0]], [sent_ago(lsl, 0.9), sent_ago(lsl, 0.08)])
    pieces = {}
    for piece in source.read(NOW_NS):
        pieces.setdefault(piece.channel, []).append(piece)
    run, = pieces['bvp']
    assert run.samples.tolist() == list(range(16))
    assert (run.first_sample, run.sample_rate_hz) == (0, 64.0)
    assert run.stamp_ns == pytest.approx(NOW_NS - 250_000_000, abs=1000)
    assert pieces['eda'][0].samples.tolist() == [2.0]
    assert [p.samples.tolist() for p in pieces['interbeat_interval']] == [[0.8], [0.75]]
    assert [p.first_sample for p in pieces['interbeat_interval']] == [0, 1]
    assert math.isnan(pieces['interbeat_interval'][0].sample_rate_hz)


def test_samples_follow_their_count_and_a_gap_leaves_one():
    stream = Stream('band', 'EDA', [('EDA', 'uS')], 4.0)
    source, lsl, _ = opened(LslPhysio, stream)
    random = np.random.default_rng(2)
    now_ns, pieces, truth = NOW_NS, [], 0
    for second in range(120):
        lsl.clock_s += 1.0
        now_ns += 10**9
        if 60 <= second < 65:
            continue   # the radio was out of reach
        ages = 1.0 - 0.25 * np.arange(1, 5) + random.uniform(0.0, 0.02, 4)
        stream.send([[float(4 * second + i)] for i in range(4)],
                    [sent_ago(lsl, age) for age in ages])
        pieces += source.read(now_ns)
        truth = now_ns
    for piece in pieces:
        second = int(piece.samples[0]) // 4
        assert piece.first_sample == 4 * second
        ideal_ns = NOW_NS + 10**9 * second + 250_000_000
        assert abs(piece.stamp_ns - ideal_ns) < 30_000_000
    assert truth - pieces[-1].stamp_ns == pytest.approx(0.75e9, abs=30e6)


def test_of_several_lights_of_a_muse_the_infrared_one_is_taken():
    stream = Stream('Muse-AB12', 'PPG', [(f'PPG{i}', 'mmHg') for i in (1, 2, 3)], 64.0)
    source, lsl, _ = opened(LslPhysio, stream)
    stream.send([[1.0, 2.0, 3.0]], [sent_ago(lsl, 0.0)])
    piece, = source.read(NOW_NS)
    assert (piece.channel, piece.samples.tolist()) == ('bvp', [2.0])
    source, lsl, _ = opened(LslPhysio, stream, channels='PPG3=bvp')
    stream.send([[1.0, 2.0, 3.0]], [sent_ago(lsl, 0.0)])
    assert source.read(NOW_NS)[0].samples.tolist() == [3.0]


def test_one_unlabelled_channel_is_what_its_stream_is():
    stream = Stream('Polar H10', 'ECG', [{}], 130.0)
    source, lsl, _ = opened(LslPhysio, stream)
    stream.send([[0.5], [float('inf')]], [sent_ago(lsl, 0.01), sent_ago(lsl, 0.0)])
    piece, = source.read(NOW_NS)
    assert piece.channel == 'ecg'
    assert piece.samples[0] == 0.5
    assert math.isnan(piece.samples[1])


def test_an_inertial_unit_of_one_stream():
    stream = Stream('head', 'IMU', [
        *((f'Acc{a}', 'g') for a in 'XYZ'), *((f'Gyro{a}', 'deg/s') for a in 'XYZ')], 100.0)
    source, lsl, _ = opened(LslImu, stream)
    stream.send([[0.0, 0.0, 1.0, 0.0, 180.0, 0.0]], [sent_ago(lsl, 0.005)])
    (stamp_ns, _, row), = source.read(NOW_NS)
    assert stamp_ns == NOW_NS - 5_000_000
    np.testing.assert_allclose(row, [0.0, math.pi, 0.0, 0.0, 0.0, 9.80665])
    assert source.promised_hz == 100.0


def test_an_inertial_unit_of_two_streams_meets_in_time():
    gyro = Stream('Muse-AB12', 'GYRO', [(a, 'dps') for a in 'XYZ'], 52.0)
    acc = Stream('Muse-AB12', 'ACC', [(a, 'g') for a in 'XYZ'], 52.0)
    source, lsl, _ = opened(LslImu, gyro, acc)
    acc.send([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]], [sent_ago(lsl, 0.04), sent_ago(lsl, 0.02)])
    gyro.send([[90.0, 0.0, 0.0], [0.0, 90.0, 0.0]], [sent_ago(lsl, 0.03), sent_ago(lsl, 0.01)])
    (stamp_ns, _, row), = source.read(NOW_NS)   # the second one waits for its acceleration
    assert stamp_ns == NOW_NS - 30_000_000
    np.testing.assert_allclose(row, [math.pi / 2, 0, 0, 0.5 * 9.80665, 0, 0])
    acc.send([[0.0, 1.0, 0.0]], [sent_ago(lsl, 0.0)])
    (_, number, row), = source.read(NOW_NS)
    assert number == 1
    np.testing.assert_allclose(row[3:], [0.5 * 9.80665, 0.5 * 9.80665, 0])


def test_a_turning_rate_does_not_wait_for_ever_for_an_acceleration():
    gyro = Stream('x', 'GYRO', [(a, 'dps') for a in 'XYZ'], 50.0)
    acc = Stream('x', 'ACC', [(a, 'g') for a in 'XYZ'], 50.0)
    source, lsl, _ = opened(LslImu, gyro, acc)
    gyro.send([[1.0, 0.0, 0.0]] * 40, [sent_ago(lsl, 0.8 - 0.02 * i) for i in range(40)])
    items = source.read(NOW_NS)
    assert 30 <= len(items) < 40
    assert all(np.isnan(row[3:]).all() and np.isfinite(row[:3]).all() for _, _, row in items)


def test_an_accelerometer_alone_says_that_it_knows_no_turning_rate():
    source, lsl, _ = opened(LslImu, stream := Stream('w', 'ACC', [(a, 'g') for a in 'XYZ'], 32.0))
    stream.send([[0.0, 0.0, 1.0]], [sent_ago(lsl, 0.0)])
    (_, _, row), = source.read(NOW_NS)
    assert np.isnan(row[:3]).all()
    assert row[5] == pytest.approx(9.80665)


def test_without_a_stream_the_others_are_named():
    with pytest.raises(SourceError, match=r"type for gaze.*'Markers-1' \(Markers\).*'lsl_name'"):
        opened(LslGaze, Stream('Markers-1', 'Markers', [('x', '')], text=True))
    with pytest.raises(SourceError, match='begins with'):
        opened(LslGaze, Stream('other', 'Gaze', PUPIL_LABS), name='mine')
    with pytest.raises(SourceError, match='none at all'):
        opened(LslGaze)


def test_a_stream_of_nothing_known_is_refused_with_its_channels():
    with pytest.raises(SourceError, match=r"x1 \[px\].*'lsl_channels'.*azimuth_deg"):
        opened(LslGaze, Stream('odd', 'Gaze', [('x1', 'px'), ('x2', 'px')]))


def test_a_stream_that_does_not_answer_is_told():
    stream = Stream('far', 'Gaze', PUPIL_LABS)
    stream.answers = False
    with pytest.raises(SourceError, match=r"'far' does not answer.*firewall"):
        opened(LslGaze, stream)


def test_a_lost_stream_is_told_when_it_was_the_only_one():
    one, other = (Stream(f'band {i}', kind, [(kind, '')], 4.0)
                  for i, kind in enumerate(('EDA', 'TEMP')))
    source, lsl, _ = opened(LslPhysio, one, other)
    one.lost = True
    lsl.streams.remove(one)
    other.send([[33.0]], [sent_ago(lsl, 0.0)])
    assert [p.channel for p in source.read(NOW_NS)] == ['skin_temperature']
    other.lost = True
    with pytest.raises(SourceError, match='was lost'):
        source.read(NOW_NS)
    source.close()
    other.answers = False
    with pytest.raises(SourceError, match='does not answer'):
        source.open()
    other.answers, other.lost = True, False
    source.open()
    source.start(NOW_NS)
    other.send([[34.0]], [sent_ago(lsl, 0.0)])
    assert source.read(NOW_NS)[0].samples.tolist() == [34.0]


def test_a_sender_with_a_clock_of_its_own_is_stamped_by_arrival_and_told():
    stream = Stream('unix', 'Gaze', [('azimuth_deg', 'deg')], 100.0)
    source, lsl, reports = opened(LslGaze, stream)
    random = np.random.default_rng(1)
    sent_s, now_ns, errors_s = 1.6e9, NOW_NS, []
    for _ in range(300):
        sent_s += 0.01
        delay_s = float(random.uniform(0.001, 0.03))
        lsl.clock_s = 5000.0 + (sent_s - 1.6e9) + delay_s
        now_ns = NOW_NS + round((sent_s - 1.6e9 + delay_s) * 1e9)
        stream.send([[1.0]], [sent_s])
        errors_s += [
            (stamp - NOW_NS) * 1e-9 - (sent_s - 1.6e9) for stamp, _, _ in source.read(now_ns)]
    assert set(reports) == {"stream 'unix' stamps by a clock that is not LSL's"}
    # The jitter of the way is gone once a fast sample has been seen.
    assert max(errors_s[50:]) < 0.004
    assert min(errors_s) > 0.0


def test_stamps_rise_and_bad_ones_are_left_out():
    stream = Stream('x', 'Gaze', [('azimuth_deg', 'deg')], 100.0)
    source, lsl, _ = opened(LslGaze, stream)
    ages = [0.05, 0.04, 0.04, 0.045, 0.03]
    stream.send([[float(i)] for i in range(5)], [sent_ago(lsl, age) for age in ages])
    items = source.read(NOW_NS)
    assert [row['azimuth_deg'] for _, _, row in items] == [0.0, 1.0, 4.0]
    stamps = [stamp for stamp, _, _ in items]
    assert stamps == sorted(set(stamps))


def test_a_second_eye_tracker_is_told_and_not_mixed_in():
    one, two = (Stream(f'tracker {i}', 'Gaze', [('azimuth_deg', 'deg')], 100.0) for i in (1, 2))
    source, lsl, reports = opened(LslGaze, two, one)
    one.send([[1.0]], [sent_ago(lsl, 0.0)])
    two.send([[2.0]], [sent_ago(lsl, 0.0)])
    assert [row['azimuth_deg'] for _, _, row in source.read(NOW_NS)] == [1.0]
    assert reports == ["there is a second stream of gaze, 'tracker 2'"]
