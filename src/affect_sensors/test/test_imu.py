# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Inertial units of Linux (IIO, on a tree of files like sysfs) and recordings in any unit."""

import shutil
import threading
import time

from affect_node import stream
from affect_node.testing import health
from affect_node.testing import is_well
from affect_sensors.imu.node import ImuNode
from affect_sensors.imu.node import rotation_of
from affect_sensors.sources.iio_triad import IioTriad
from affect_sensors.sources.imu_file import open_imu_file
from affect_sensors.sources.imu_iio import IioImu
from affect_sensors.sources.source import SourceError
from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from sensor_msgs.msg import Imu

IMU = (Imu, 'hmd/imu/data', stream(200.0))


def make_device(root, number, name, **attributes):
    """Make a device as the kernel shows it; attribute names are those of the kernel."""
    folder = root / f'appearing{number}'
    folder.mkdir(parents=True)
    (folder / 'name').write_text(name + '\n')
    for attribute, value in attributes.items():
        (folder / attribute).write_text(f'{value}\n')
    # All at once, as the kernel does it.
    return folder.rename(root / f'iio:device{number}')


def accel(x=0, y=0, z=1000):
    # 1000 counts of 9.80665e-3 m/s^2 are one g.
    return {'in_accel_x_raw': x, 'in_accel_y_raw': y, 'in_accel_z_raw': z,
            'in_accel_scale': 0.00980665}


def gyro(x=100, y=-200, z=300):
    return {'in_anglvel_x_raw': x, 'in_anglvel_y_raw': y, 'in_anglvel_z_raw': z,
            'in_anglvel_scale': 0.001}


def read_some(source, count=1):
    rows, end, pause = [], time.monotonic() + 20.0, threading.Event()
    while len(rows) < count:
        assert time.monotonic() < end, 'nothing comes'
        rows += source.read(time.monotonic_ns())
        pause.wait(0.002)
    return rows


def open_device(root, device='', rate_hz=0.0):
    source = IioImu(device, rate_hz=rate_hz, sysfs_root=str(root))
    source.open()
    source.start(0)
    return source


def test_raw_counts_become_si_units(tmp_path):
    make_device(
        tmp_path, 0, 'bmi160', **accel(), **gyro(), in_accel_x_offset=500,
        in_anglvel_y_scale=0.01, in_accel_sampling_frequency=50)
    source = open_device(tmp_path)
    (stamp_ns, _, row), *_ = read_some(source)
    np.testing.assert_allclose(row, [0.1, -2.0, 0.3, 500 * 0.00980665, 0.0, 9.80665])
    assert 0 <= time.monotonic_ns() - stamp_ns < 20e9
    assert source.promised_hz == 50.0
    source.close()


def test_the_mount_matrix_of_the_device_turns_its_axes(tmp_path):
    folder = make_device(
        tmp_path, 0, 'a', **accel(x=1, y=2, z=3), in_accel_mount_matrix='0, 1, 0; -1, 0, 0; '
        '0.0, 0, 1.0')
    np.testing.assert_allclose(
        IioTriad(folder, 'accel').read(), 0.00980665 * np.array([2, -1, 3]))
    (folder / 'in_accel_mount_matrix').write_text('1, 0; 0, 1\n')
    with pytest.raises(ValueError, match='3 x 3'):
        IioTriad(folder, 'accel')


def test_gyroscope_and_accelerometer_may_be_two_devices_or_one_of_several(tmp_path):
    make_device(tmp_path, 0, 'accel_3d', **accel(z=1))
    make_device(tmp_path, 1, 'gyro_3d', **gyro())
    source = open_device(tmp_path)
    assert read_some(source)[0][2][5] == pytest.approx(0.00980665)
    assert read_some(source)[0][2][0] == pytest.approx(0.1)
    source.close()
    make_device(tmp_path, 2, 'lid', **accel(z=7))
    make_device(tmp_path, 10, 'icm20948', **accel(z=8), **gyro(x=5))
    for device, force, rate in (
            ('', 8, 5), ('10', 8, 5), ('icm20948', 8, 5), ('lid,gyro_3d', 7, 100),
            (str(tmp_path / 'iio:device2'), 7, None), ('/dev/iio:device0', 1, None)):
        source = open_device(tmp_path, device)
        row = read_some(source)[0][2]
        assert row[5] == pytest.approx(force * 0.00980665)
        assert np.isnan(row[0]) if rate is None else row[0] == pytest.approx(rate * 0.001)
        source.close()


def test_what_is_no_imu_is_refused_with_what_there_is(tmp_path):
    make_device(tmp_path, 0, 'als', in_illuminance_raw=3)
    with pytest.raises(SourceError, match=r"called 'bmi160'.*iio:device0 \(als\)"):
        open_device(tmp_path, 'bmi160')
    make_device(tmp_path, 1, 'bmi160', **{**accel(), 'in_accel_scale': 'unknown'})
    with pytest.raises(SourceError, match=r"in_accel_scale' says 'unknown'"):
        open_device(tmp_path, 'bmi160')
    make_device(tmp_path, 2, 'raw', in_accel_x_raw=1, in_accel_y_raw=1, in_accel_z_raw=1)
    with pytest.raises(SourceError, match=r'in_accel_scale.* is missing'):
        open_device(tmp_path, 'raw')
    with pytest.raises(SourceError, match='devices there: none'):
        open_device(tmp_path / 'nowhere')


def test_a_rate_is_asked_for_and_what_is_promised_is_that(tmp_path):
    folder = make_device(tmp_path, 0, 'a', **accel(), sampling_frequency=12.5)
    source = open_device(tmp_path, rate_hz=100.0)
    assert (folder / 'sampling_frequency').read_text().strip() == '100'
    assert source.promised_hz == 100.0
    source.close()
    # A device that is faster than sysfs is polled no faster than is of use.
    (folder / 'sampling_frequency').write_text('1600')
    source = open_device(tmp_path)
    assert source.promised_hz == 200.0
    source.close()


def test_an_unreadable_sample_is_left_out(tmp_path):
    folder = make_device(tmp_path, 0, 'a', **accel(), sampling_frequency=200)
    source = open_device(tmp_path)
    read_some(source)
    (folder / 'in_accel_x_raw').write_text('')
    source.read(time.monotonic_ns())
    (folder / 'in_accel_x_raw').write_text('1000')
    # What was read while the file was empty is no sample.
    rows = [row for _, _, row in read_some(source, 30)]
    assert rows[-1][3] == pytest.approx(9.80665)
    assert np.isfinite([row[3:] for row in rows]).all()
    source.close()


def test_an_imu_that_goes_away_is_stale_and_back_when_it_returns(graph, tmp_path):
    heard = graph.hear(*IMU)
    node = graph.add(ImuNode, source='device', device='bmi160', sysfs_root=tmp_path)

    def is_stale(words):
        return lambda: node.diagnostics.status().level == DiagnosticStatus.STALE and (
            words in health(node))
    graph.until(is_stale('devices there: none'), 'the reason')
    folder = make_device(tmp_path, 3, 'bmi160', **accel(), **gyro())
    graph.until(lambda: len(heard) > 20, 'samples')
    assert is_well(node), health(node)
    message = heard[-1]
    assert message.linear_acceleration.z == pytest.approx(9.80665)
    assert message.angular_velocity.y == pytest.approx(-0.2)
    assert message.angular_velocity_covariance[0] == 0.0
    assert message.orientation_covariance[0] == -1.0
    shutil.rmtree(folder)
    graph.until(is_stale('does not answer any more'), 'the loss')
    # It has another number when it returns.
    make_device(tmp_path, 4, 'bmi160', **accel(z=500))
    already = len(heard)
    graph.until(lambda: len(heard) > already + 5, 'samples again')
    assert heard[-1].linear_acceleration.z == pytest.approx(0.5 * 9.80665)
    assert np.isnan(heard[-1].angular_velocity.x)
    assert heard[-1].angular_velocity_covariance[0] == -1.0
    assert node.diagnostics.counters['source lost'] == 1


def test_the_axes_are_turned_to_those_of_the_frame(graph, tmp_path):
    make_device(tmp_path, 0, 'a', **accel(x=1000, y=0, z=0), **gyro(x=1, y=2, z=3))
    heard = graph.hear(*IMU)
    graph.add(
        ImuNode, source='device', sysfs_root=tmp_path,
        mount_matrix='[0.0, 0.0, -1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0]')
    graph.until(lambda: heard, 'a sample')
    force, rate = heard[0].linear_acceleration, heard[0].angular_velocity
    np.testing.assert_allclose([force.x, force.y, force.z], [0, 0, 9.80665], atol=1e-9)
    np.testing.assert_allclose([rate.x, rate.y, rate.z], [-0.003, 0.002, 0.001])


@pytest.mark.parametrize('numbers, words', [
    ([1.0] * 8, '8 numbers'), ([1.0] * 9, 'no rotation'),
    ([1, 0, 0, 0, 1, 0, 0, 0, -1], 'right-handed'), ([2, 0, 0, 0, 2, 0, 0, 0, 2], 'length 1')])
def test_a_mount_matrix_that_is_no_rotation_is_refused(graph, numbers, words):
    with pytest.raises(ValueError, match=words):
        rotation_of(numbers)
    node = graph.add(
        ImuNode, mount_matrix=str([float(v) for v in numbers]), activate=False)
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert "parameter 'mount_matrix'" in health(node)


def test_a_recording_may_be_in_degrees_and_in_g_or_lack_a_sensor(tmp_path):
    path = tmp_path / 'imu.csv'
    path.write_text(
        't_s,accel_x_g,accel_y_g,accel_z_g,gyro_x_deg_s,gyro_y_deg_s,gyro_z_deg_s\n'
        '0,0,0,1,180,0,-90\n')
    source = open_imu_file(str(path), loop=False)
    source.start(0)
    np.testing.assert_allclose(
        source.read(0)[0][2], [np.pi, 0, -np.pi / 2, 0, 0, 9.80665])
    path.write_text('t_s,accel_x_m_s2,accel_y_m_s2,accel_z_m_s2\n0,1,2,3\n')
    source = open_imu_file(str(path), loop=False)
    source.start(0)
    np.testing.assert_array_equal(source.read(0)[0][2], [np.nan] * 3 + [1, 2, 3])


@pytest.mark.parametrize('header, words', [
    ('t_s,accel_x_g', 'no column accel_y_m_s2, accel_z_m_s2'),
    ('t_s,temperature', 'no column gyro_x_rad_s'),
    ('t_s,gyro_x_rad_s,gyro_x_deg_s', 'one quantity in two units')])
def test_a_recording_without_all_axes_is_refused(tmp_path, header, words):
    path = tmp_path / 'imu.csv'
    path.write_text(header + '\n' + ','.join('0' for _ in header.split(',')) + '\n')
    with pytest.raises(SourceError, match=words):
        open_imu_file(str(path), loop=False)
