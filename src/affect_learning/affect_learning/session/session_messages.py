# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages of the streams of a session."""

from collections.abc import Iterator
import math
from typing import Any

from affect_learning.session import ceap360vr
from affect_learning.session import fer2013
from affect_learning.session import oemc_hmr
from affect_learning.session import ravdess
from affect_learning.session import stress_predict
from affect_learning.session import watch_emotion
from affect_learning.session.bag import Record
from affect_learning.session.label import Label
import numpy as np
from rosbags.typesys.store import Typestore

EPOCH_NS = 1_700_000_000 * 10**9
CHUNK_SAMPLES = ravdess.RATE_HZ // 50  # 20 ms
PHYSIO_CHUNK_S = 0.5
HEADSET_STATUS_EVERY_S = 1.0


class SessionMessages:
    """Makes messages of the streams, each as records in order of time."""

    def __init__(self, typestore: Typestore, namespace: str) -> None:
        self._types: dict[str, Any] = dict(typestore.types)
        self._prefix = '/' + namespace.strip('/') + '/' if namespace.strip('/') else '/'

    def audio(self, voice: ravdess.Voice) -> Iterator[Record]:
        """Yield 20 ms chunks; a shorter rest at the end is dropped."""
        chunk = self._types['affect_msgs/msg/AudioChunk']
        for i in range(0, len(voice.samples) - CHUNK_SAMPLES + 1, CHUNK_SAMPLES):
            yield self._record(
                (i + CHUNK_SAMPLES) / ravdess.RATE_HZ, 'hmd/microphone/audio',
                chunk(
                    header=self._header(i / ravdess.RATE_HZ, 'microphone_frame'),
                    sample_rate_hz=ravdess.RATE_HZ, first_sample=i, channels=1, overruns=0,
                    samples=np.ascontiguousarray(voice.samples[i:i + CHUNK_SAMPLES])))

    def images(self, faces: fer2013.Faces) -> Iterator[Record]:
        """Yield the stills as mono8 frames at 10 Hz."""
        image = self._types['sensor_msgs/msg/Image']
        for i, shown in enumerate(faces.index):
            pixels = faces.images[shown]
            at_s = i / fer2013.RATE_HZ
            yield self._record(
                at_s, 'hmd/face_camera/image',
                image(
                    header=self._header(at_s, 'face_camera_optical_frame'),
                    height=pixels.shape[0], width=pixels.shape[1], encoding='mono8',
                    is_bigendian=0, step=pixels.shape[1], data=pixels.reshape(-1)))

    def gaze(self, gaze: oemc_hmr.Gaze, pupil: ceap360vr.Pupil) -> Iterator[Record]:
        """Yield one sample of both eyes every 5 ms; nothing is calibrated, so no angles."""
        sample = self._types['affect_msgs/msg/GazeSample']
        for i in range(len(gaze.left_xy)):
            at_s = i / oemc_hmr.RATE_HZ
            yield self._record(
                at_s, 'hmd/gaze/sample',
                sample(
                    header=self._header(at_s, 'hmd_link'), sequence=i, device_delay_s=math.nan,
                    source=sample.SOURCE_DEVICE,
                    left=self._eye(gaze.left_xy[i], gaze.left_confidence[i], pupil.left_mm[i]),
                    right=self._eye(
                        gaze.right_xy[i], gaze.right_confidence[i], pupil.right_mm[i]),
                    azimuth_deg=math.nan, elevation_deg=math.nan, vergence_distance_m=math.nan,
                    confidence=float(max(gaze.left_confidence[i], gaze.right_confidence[i]))))

    def _eye(self, xy: np.ndarray, confidence: float, diameter_mm: float) -> Any:
        eye = self._types['affect_msgs/msg/EyeState']
        seen = confidence > 0.0
        # The eye camera sees a pupil or none; that the lid is down would be a guess.
        return eye(
            state=eye.STATE_OPEN if seen else eye.STATE_UNKNOWN,
            azimuth_deg=math.nan, elevation_deg=math.nan,
            origin=self._types['geometry_msgs/msg/Point32'](math.nan, math.nan, math.nan),
            pupil_x=float(xy[0]), pupil_y=float(xy[1]),
            pupil_diameter_mm=float(diameter_mm) if seen else math.nan,
            openness=math.nan, squint=math.nan, widening=math.nan, confidence=float(confidence))

    def imu(self, motion: watch_emotion.Motion) -> Iterator[Record]:
        """Yield one sample every 1/24 s; covariances are unknown, orientation is not there."""
        imu, vector = self._types['sensor_msgs/msg/Imu'], self._types['geometry_msgs/msg/Vector3']
        unknown = np.zeros(9)
        no_orientation = np.array([-1.0, *[0.0] * 8])
        identity = self._types['geometry_msgs/msg/Quaternion'](0.0, 0.0, 0.0, 1.0)
        for i, (acceleration, rate) in enumerate(
                zip(motion.acceleration, motion.angular_velocity, strict=True)):
            at_s = i / watch_emotion.RATE_HZ
            yield self._record(
                at_s, 'hmd/imu/data',
                imu(
                    header=self._header(at_s, 'imu_frame'), orientation=identity,
                    orientation_covariance=no_orientation,
                    angular_velocity=vector(*map(float, rate)),
                    angular_velocity_covariance=unknown,
                    linear_acceleration=vector(*map(float, acceleration)),
                    linear_acceleration_covariance=unknown))

    def physiology(self, physiology: stress_predict.Physiology) -> Iterator[Record]:
        """Yield half-second chunks of each channel."""
        chunk = self._types['affect_msgs/msg/PhysioChunk']
        acceleration = physiology.channels['ACC']
        channels = (
            (chunk.CHANNEL_BVP, 'BVP', physiology.channels['BVP']),
            (chunk.CHANNEL_EDA, 'EDA', physiology.channels['EDA']),
            (chunk.CHANNEL_SKIN_TEMPERATURE, 'TEMP', physiology.channels['TEMP']),
            (chunk.CHANNEL_ACCELERATION_X, 'ACC', acceleration[:, 0]),
            (chunk.CHANNEL_ACCELERATION_Y, 'ACC', acceleration[:, 1]),
            (chunk.CHANNEL_ACCELERATION_Z, 'ACC', acceleration[:, 2]))
        chunks = int(len(physiology.channels['EDA']) / stress_predict.RATES_HZ['EDA']
                     / PHYSIO_CHUNK_S)
        for i in range(chunks):
            for channel, name, samples in channels:
                rate_hz = stress_predict.RATES_HZ[name]
                length = round(rate_hz * PHYSIO_CHUNK_S)
                yield self._record(
                    (i + 1) * PHYSIO_CHUNK_S, 'hmd/physiology/chunk',
                    chunk(
                        header=self._header(i * PHYSIO_CHUNK_S, 'wrist_frame'), channel=channel,
                        site=chunk.SITE_WRIST, sample_rate_hz=rate_hz, first_sample=i * length,
                        contact_quality=math.nan,
                        samples=np.ascontiguousarray(samples[i * length:(i + 1) * length])))

    def headset_status(self, seconds: float) -> Iterator[Record]:
        """
        Yield "worn, fits, eyes not calibrated" once a second.

        This is assumed: no recording has a headset's status. Pupil positions without angles are
        what a tracker gives before calibration.
        """
        status = self._types['affect_msgs/msg/HeadsetStatus']
        never = self._types['builtin_interfaces/msg/Time'](sec=0, nanosec=0)
        for i in range(math.ceil(seconds / HEADSET_STATUS_EVERY_S)):
            at_s = i * HEADSET_STATUS_EVERY_S
            yield self._record(
                at_s, 'hmd/headset/status',
                status(
                    header=self._header(at_s, 'hmd_link'), fit=status.FIT_GOOD,
                    eye_calibration=status.EYE_CALIBRATION_NONE, fit_changed=never,
                    eye_calibration_changed=never, interpupillary_distance_mm=math.nan,
                    battery_fraction=math.nan, device='composite recording (status assumed)'))

    def labels(self, topic: str, labels: list[Label]) -> Iterator[Record]:
        """Yield labels at the time from which they hold."""
        truth = self._types['affect_msgs/msg/GroundTruth']
        for label in labels:
            yield self._record(
                label.start_s, topic,
                truth(
                    header=self._header(label.start_s, ''), dataset=label.dataset,
                    person=label.person, stimulus=label.stimulus, take=label.take,
                    kind=int(label.kind), label=label.label, category=label.category,
                    valence=label.valence, arousal=label.arousal))

    def _record(self, at_s: float, topic: str, message: Any) -> Record:
        return Record(EPOCH_NS + round(at_s * 1e9), self._prefix + topic, message)

    def _header(self, at_s: float, frame_id: str) -> Any:
        ns = EPOCH_NS + round(at_s * 1e9)
        stamp = self._types['builtin_interfaces/msg/Time'](
            sec=ns // 10**9, nanosec=ns % 10**9)
        return self._types['std_msgs/msg/Header'](stamp=stamp, frame_id=frame_id)
