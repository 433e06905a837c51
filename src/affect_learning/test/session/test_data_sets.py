# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What each data set's module reads, and how it refuses what it can't use."""

from affect_learning import affect_data
from affect_learning import train_face
from affect_learning.session import ceap360vr
from affect_learning.session import fer2013
from affect_learning.session import oemc_hmr
from affect_learning.session import ravdess
from affect_learning.session import stress_predict
from affect_learning.session import watch_emotion
from affect_learning.session.data_root import find_data_root
from affect_learning.session.data_root import SessionError
from affect_learning.session.face_check import check_faces
from affect_learning.session.label import Label
from affect_learning.session.label import LabelKind
from affect_learning.session.spans import fill
import numpy as np
import pytest


def rng(seed=0):
    return np.random.default_rng(seed)


def test_voice_plays_the_clip_that_its_label_names(recordings):
    voice = ravdess.compose_voice(recordings, 20.0, rng(), 23)
    spoken = [label for label in voice.labels if label.label]
    assert len(spoken) >= 4
    for label in spoken[:-1]:
        start = round(label.start_s * 16000)
        heard = voice.samples[start:start + 4800]
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
        number = {v: k for k, v in ravdess.EMOTIONS.items()}[label.label]
        assert np.argmax(spectrum) * 16000 / len(heard) == pytest.approx(100 * number, abs=5)


def test_pauses_are_one_to_three_seconds_and_quiet(recordings):
    voice = ravdess.compose_voice(recordings, 30.0, rng(), 23)
    pauses = 0
    for before, after in zip(voice.labels[:-1], voice.labels[1:], strict=True):
        if not before.label and after.label:
            pauses += 1
            assert 1.0 <= after.start_s - before.start_s <= 3.0
            part = voice.samples[round(before.start_s * 16000):round(after.start_s * 16000)]
            assert np.sqrt(np.mean(part**2)) <= 1.1 * ravdess.MAX_NOISE
    assert pauses >= 5


def test_eight_clips_in_a_row_hold_every_emotion(recordings):
    order = ravdess.clip_order(ravdess.list_clips(recordings, 23), rng())
    for _ in range(4):
        assert {next(order).emotion for _ in range(8)} == set(ravdess.EMOTIONS.values())


def test_a_clip_of_another_rate_is_refused(recordings):
    import soundfile
    path = sorted((recordings / 'ravdess/speech/actor_23').glob('*.flac'))[0]
    soundfile.write(path, np.zeros(100), 44100)
    with pytest.raises(SessionError, match='44100 Hz'):
        ravdess.read_clip(ravdess.parse_name(path))


@pytest.mark.parametrize('name', ['hello.flac', '03-01-09-01-01-01-23.flac'])
def test_a_foreign_file_name_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match=name.split('.', maxsplit=1)[0]):
        ravdess.parse_name(tmp_path / name)


def test_faces_seen_in_training_are_left_out(recordings):
    names = set(fer2013.unseen_test_faces(recordings).names)
    assert 'test_neutral_0.jpg' not in names
    assert {'test_neutral_1.jpg', 'test_happy_0.jpg'} <= names


def test_faces_follow_the_voice_and_calm_is_shown_as_neutral(recordings):
    def spoken(start_s, emotion):
        return Label(start_s, 'ravdess', 'actor_23', LabelKind.ACTED, emotion)

    faces = fer2013.compose_faces(
        recordings, 9.0, rng(), [spoken(0.0, ''), spoken(2.0, 'happy'), spoken(4.5, 'calm'),
                                 spoken(7.0, 'disgust')])
    shown = [(label.start_s, label.label) for label in faces.labels]
    assert all(name == 'neutral' for s, name in shown if s < 2.0)
    assert all(name == 'happy' for s, name in shown if 2.0 <= s < 4.5)
    assert all(name == 'neutral' for s, name in shown if 4.5 <= s < 7.0)
    assert all(name == 'disgust' for s, name in shown if s >= 7.0)
    assert {2.0, 4.5, 7.0} <= {s for s, _ in shown}
    assert np.diff([s for s, _ in shown]).max() <= 1.0 + 1e-9


def test_a_blank_still_is_not_usable():
    noise = rng().integers(0, 256, (48, 48), np.uint8)
    check = check_faces(np.stack([np.full((48, 48), 90, np.uint8), noise]))
    assert check.contrast.tolist() == [False, True]
    assert check.found is None or not check.found[0]


def test_no_pupil_is_nan_and_never_the_middle_of_the_image(recordings):
    gaze = oemc_hmr.compose_gaze(recordings, 5.0, rng())
    assert gaze.left_xy.shape == (1000, 2)
    unseen = gaze.right_confidence == 0
    assert 50 < unseen.sum() < 150
    assert np.isnan(gaze.right_xy[unseen]).all()
    assert np.isfinite(gaze.right_xy[~unseen]).all()


def test_gaze_goes_on_with_another_person_when_one_is_too_short(recordings):
    gaze = oemc_hmr.compose_gaze(recordings, 12.0, rng())
    assert len(gaze.left_xy) == 2400
    assert sorted(gaze.people) == ['user_1', 'user_2']
    assert {label.label for label in gaze.labels} == {'F', 'B'}


def test_half_an_eye_pair_is_nobody(recordings):
    for path in (recordings / 'oemc_hmr').glob('*_eye_1.npz'):
        path.unlink()
    with pytest.raises(SessionError, match=r'AFFECT_DATA.*eye_1'):
        oemc_hmr.compose_gaze(recordings, 1.0, rng())


def test_a_diameter_is_held_for_a_sample_and_not_made_up():
    t = np.array([0.0, 0.04, 0.5])
    values = np.array([3.0, -1.0, 5.0])
    at = np.array([-0.01, 0.0, 0.039, 0.05, 0.2, 0.52])
    held = ceap360vr.hold_latest(t, values, at, 0.06)
    np.testing.assert_array_equal(held, np.float32([np.nan, 3, 3, np.nan, np.nan, 5]))


def test_pupil_and_felt_affect_come_from_the_film(recordings):
    pupil = ceap360vr.compose_pupil(recordings, 4.0, rng(), 200.0)
    assert len(pupil.left_mm) == 800
    assert np.isfinite(pupil.left_mm).mean() > 0.99
    assert np.nanmin(np.diff(pupil.left_mm)) >= 0
    assert pupil.labels[0].valence == pytest.approx(1.0)
    assert pupil.labels[0].arousal == pytest.approx(-0.5)


def test_turning_rate_is_in_radians(recordings):
    motion = watch_emotion.compose_motion(recordings, 5.0, rng())
    assert motion.angular_velocity.shape == (120, 3)
    np.testing.assert_allclose(motion.angular_velocity[:, 2], np.pi / 2, rtol=1e-6)


def test_walks_are_not_mixed(recordings):
    motion = watch_emotion.compose_motion(recordings, 25.0, rng())
    assert [label.start_s for label in motion.labels] == [0.0, 10.0, 20.0]
    assert {label.label for label in motion.labels} == {'happy', 'neutral', 'sad'}


def test_physiology_has_rest_and_task_around_the_middle(recordings):
    physiology = stress_predict.compose_physiology(recordings, 10.0, rng())
    assert [(label.start_s, label.label) for label in physiology.labels] == [
        (0.0, 'rest'), (5.0, 'stroop')]
    np.testing.assert_array_equal(physiology.channels['BVP'], np.arange(15 * 64, 25 * 64))
    np.testing.assert_array_equal(physiology.channels['EDA'], np.arange(15 * 4, 25 * 4))
    np.testing.assert_allclose(physiology.channels['ACC'][0], [9.80665, 0, -9.80665], rtol=1e-6)


def test_a_session_longer_than_every_recording_is_refused(recordings):
    with pytest.raises(SessionError, match='ask for less'):
        stress_predict.compose_physiology(recordings, 100.0, rng())


def test_another_rate_of_the_wrist_is_refused(recordings):
    path = recordings / 'stress_predict/raw/S02/EDA.csv'
    path.write_text(path.read_text().replace('4.000000', '8.000000'))
    with pytest.raises(SessionError, match=r'EDA\.csv has 8 Hz instead of 4'):
        stress_predict.compose_physiology(recordings, 5.0, rng())


@pytest.mark.parametrize('name', [
    'fer2013/fer2013_test.npz', 'oemc_hmr/user_1_eye_0.npz', 'ceap360vr/trials.npz',
    'watch_emotion/mo_ew10_accdata_30_1_108-1033.npz', 'stress_predict/raw/S02/BVP.csv.gz',
    'ravdess/speech/actor_23/03-01-01-01-01-01-23.flac'])
def test_a_truncated_file_is_named(recordings, name):
    path = recordings / name
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SessionError, match=path.name):
        ravdess.compose_voice(recordings, 60.0, rng(), 23)
        fer2013.unseen_test_faces(recordings)
        oemc_hmr.compose_gaze(recordings, 16.0, rng())
        ceap360vr.compose_pupil(recordings, 5.0, rng(), 200.0)
        watch_emotion.compose_motion(recordings, 5.0, rng())
        stress_predict.compose_physiology(recordings, 5.0, rng())


def test_fill_covers_exactly_what_is_needed():
    spans = [span for _, span in fill(10, iter([('a', 4), ('b', 0), ('c', 20)]), rng())]
    assert [tuple(span) for span in spans] == [(0, 0, 4), (4, 0, 6)]
    with pytest.raises(ValueError, match='4 of 10'):
        list(fill(10, [('a', 4)], rng()))


def test_damaged_faces_are_counted(recordings):
    path = recordings / 'fer2013/fer2013_test.npz'
    with np.load(path) as file:
        content = dict(file)
    for i in (0, 4):
        content['jpeg'][content['offset'][i]:content['offset'][i + 1]] = 0
    np.savez(path, **content)
    with pytest.raises(SessionError, match=r'fer2013_test\.npz .*2 of its 21 images are damaged'):
        fer2013.read_split(recordings, 'test')


def test_training_reads_the_faces_that_a_session_shows(recordings):
    images, labels = train_face.read_split(recordings, 'test')
    shown = fer2013.read_split(recordings, 'test')
    np.testing.assert_array_equal(images, shown.images)
    assert [train_face.LABELS[i] for i in labels] == shown.labels.tolist()


def test_the_wrist_is_read_for_training_with_its_own_clock(recordings, monkeypatch):
    monkeypatch.setenv('AFFECT_DATA', str(recordings))
    (person, channels), = affect_data.e4_recordings()
    assert person == 'S02'
    start_s, rate_hz, samples = channels['BVP']
    assert (start_s, rate_hz) == (1_644_000_000, 64)
    np.testing.assert_array_equal(samples, np.arange(60 * 64.0)[:, None])
    assert channels['ACC'][2].shape == (60 * 32, 3)


@pytest.mark.parametrize(('read', 'name'), [
    (affect_data.oemc_recordings, 'oemc_hmr'), (affect_data.watch_recordings, 'watch_emotion'),
    (affect_data.e4_recordings, 'stress_predict/raw')])
def test_training_names_the_data_set_that_is_missing(monkeypatch, tmp_path, read, name):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path))
    with pytest.raises(SessionError, match=f'{name} is missing under AFFECT_DATA'):
        next(read())


def test_affect_data_that_is_no_folder_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv('AFFECT_DATA', str(tmp_path / 'nowhere'))
    with pytest.raises(SessionError, match=r'AFFECT_DATA is .*nowhere'):
        find_data_root()
