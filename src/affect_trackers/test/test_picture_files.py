# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures come out of files in order, with their times, or it is said why not."""

from affect_trackers.picture_files import as_eight_bit
from affect_trackers.picture_files import pictures
from affect_trackers.track_error import TrackError
import cv2
import numpy as np
import pytest

GREY = np.tile(np.arange(64, dtype=np.uint8) * 4, (48, 1))
COLOUR = np.dstack([GREY, np.full_like(GREY, 9), GREY[:, ::-1]])


def write_video(path, frames=20, rate_hz=10.0):
    """Write a video whose frame k is of the brightness 40 + 10 k, rising again after 17."""
    grain = np.random.default_rng(0).integers(-40, 41, (48, 64, 3))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), rate_hz, (64, 48))
    for k in range(frames):
        writer.write((40 + 10 * k % 170 + grain).astype(np.uint8))
    writer.release()
    return path


def test_frames_of_a_video_come_with_their_times(tmp_path):
    seen = list(pictures(write_video(tmp_path / 'clip.avi')))
    assert [picture.t_s for picture in seen] == pytest.approx([0.1 * k for k in range(20)])
    assert [picture.image.mean() for picture in seen] == pytest.approx(
        [40.0 + 10.0 * k % 170 for k in range(20)], abs=2.0)


def test_a_video_that_breaks_off_gives_what_it_has_and_says_so(tmp_path):
    path = write_video(tmp_path / 'clip.avi', frames=60)
    path.write_bytes(path.read_bytes()[:path.stat().st_size // 3])
    seen = []
    with pytest.raises(TrackError, match='breaks off after'):
        seen.extend(pictures(path))
    assert 5 < len(seen) < 40


@pytest.mark.parametrize('name', ['rubbish.mp4', 'rubbish.png', 'rubbish.npy', 'rubbish'])
def test_rubbish_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b'no picture at all' * 10)
    with pytest.raises(TrackError, match=r'no readable|no video'):
        list(pictures(path))


def test_a_folder_is_read_in_natural_order_and_other_files_left_out(tmp_path):
    for k in (10, 9, 2):
        cv2.imwrite(str(tmp_path / f'frame{k}.png'), np.full((48, 64), k, np.uint8))
    (tmp_path / 'notes.txt').write_text('no picture')
    seen = list(pictures(tmp_path, rate_hz=50.0))
    assert [picture.image[0, 0] for picture in seen] == [2, 9, 10]
    assert [picture.name for picture in seen] == ['frame2.png', 'frame9.png', 'frame10.png']
    assert [picture.t_s for picture in seen] == pytest.approx([0.0, 0.02, 0.04])


def test_a_bad_image_of_a_folder_is_named_after_the_good_ones(tmp_path):
    for name in ('a.png', 'c.png'):
        cv2.imwrite(str(tmp_path / name), GREY)
    (tmp_path / 'b.png').write_bytes(b'')
    seen = []
    with pytest.raises(TrackError, match=r'b\.png'):
        seen.extend(pictures(tmp_path))
    assert [picture.name for picture in seen] == ['a.png', 'c.png']


@pytest.mark.parametrize('name', ['torn.jpg', 'torn.png'])
def test_an_image_that_was_cut_off_is_refused_and_not_filled_with_grey(tmp_path, name):
    image = np.random.default_rng(1).integers(0, 256, (120, 160), dtype=np.uint8)
    path = tmp_path / name
    cv2.imwrite(str(path), image)
    assert len(list(pictures(path))) == 1
    path.write_bytes(path.read_bytes()[:-6000])
    (tmp_path / 'folder.png').mkdir()
    with pytest.raises(TrackError, match='its end is missing'):
        list(pictures(path))
    with pytest.raises(TrackError, match=f'no readable image: folder.png, {name}'):
        list(pictures(tmp_path))


def test_a_folder_without_images_is_refused(tmp_path):
    with pytest.raises(TrackError, match='no images'):
        list(pictures(tmp_path))


def test_colour_is_red_green_blue_and_grey_stays_grey(tmp_path):
    for name, image in (('grey.png', GREY), ('colour.png', COLOUR[:, :, ::-1])):
        cv2.imwrite(str(tmp_path / name), image)
    grey, = pictures(tmp_path / 'grey.png')
    colour, = pictures(tmp_path / 'colour.png')
    np.testing.assert_array_equal(grey.image, GREY)
    np.testing.assert_array_equal(colour.image, COLOUR)


@pytest.mark.parametrize('deep', [
    GREY.astype(np.uint16) * 257, GREY.astype(np.uint16) * 4, GREY.astype(np.float32) / 255.0])
def test_deeper_pictures_keep_their_contrast_in_eight_bits(deep):
    assert as_eight_bit(deep).astype(float) == pytest.approx(GREY.astype(float) * 1.01, abs=6.0)
    assert as_eight_bit(np.full((8, 8), np.nan, np.float32)).max() == 0


@pytest.mark.parametrize('stack', [
    np.zeros((4, 5), np.uint8), np.zeros((2, 4, 5), np.float32), np.zeros((2, 4, 5, 4), np.uint8)])
def test_an_array_that_is_no_stack_of_pictures_is_refused(tmp_path, stack):
    np.save(tmp_path / 'stack.npy', stack)
    with pytest.raises(TrackError, match='wanted is'):
        list(pictures(tmp_path / 'stack.npy'))


def test_what_is_no_array_is_refused(tmp_path):
    path = tmp_path / 'a.npy'
    np.save(path, GREY[None])
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'}', b'('))
    with pytest.raises(TrackError, match='no readable array'):
        list(pictures(path))
    with path.open('wb') as file:
        np.savez(file, GREY[None])
    with pytest.raises(TrackError, match='an NPZ file'):
        list(pictures(path))


@pytest.mark.parametrize('shape', [(0, 48, 64), (3, 0, 64), (3, 48, 0, 3)])
def test_an_array_without_pictures_is_refused(tmp_path, shape):
    np.save(tmp_path / 'none.npy', np.zeros(shape, np.uint8))
    with pytest.raises(TrackError, match='holds no picture'):
        list(pictures(tmp_path / 'none.npy'))
