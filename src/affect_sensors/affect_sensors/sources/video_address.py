# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What a camera is called: a number, a path, a name, a network address or a pipeline."""

from dataclasses import dataclass
from pathlib import Path
import re

from affect_sensors.sources.source import SourceError
import cv2

_SCHEMES = (
    'http', 'https', 'rtmp', 'rtp', 'rtsp', 'rtsps', 'srt', 'tcp', 'udp')
_V4L_CLASS = Path('/sys/class/video4linux')
WHAT = (
    "an index ('0'), a path ('/dev/video0', '/dev/v4l/by-id/...'), a part of a camera's name as "
    "in 'v4l2-ctl --list-devices', an address (rtsp://, http(s)://, udp://, rtmp://, srt://) or a "
    "GStreamer pipeline ('v4l2src ! videoconvert ! appsink')")


@dataclass(frozen=True)
class VideoAddress:
    """
    How OpenCV opens a camera.

    ``shown`` is the name for messages: without the password that a network address may hold.
    """

    name: str
    backend: int
    shown: str

    @property
    def is_v4l2(self) -> bool:
        """Whether it is a camera of this computer."""
        return self.backend == cv2.CAP_V4L2


def parse_address(device: str) -> VideoAddress:
    """
    Return what the parameter ``device`` means, whether or not the camera is there now.

    :raises SourceError: it means nothing that could be opened here; the text says what could.
    """
    device = device.strip()
    if ' ! ' in device:
        if not cv2.videoio_registry.hasBackend(cv2.CAP_GSTREAMER):
            raise SourceError(
                "parameter 'device' is a GStreamer pipeline, and this OpenCV "
                f'({cv2.__version__}) was built without GStreamer, as all from PyPI are; use the '
                'OpenCV of the distribution (sudo apt install python3-opencv, in a virtual '
                'environment with --system-site-packages and without opencv-python), or give the '
                'stream by its address (rtsp://, udp://)')
        return VideoAddress(device, cv2.CAP_GSTREAMER, device)
    if '://' in device:
        scheme = device.split('://', 1)[0].lower()
        shown = re.sub(r'://[^/@]*@', '://***@', device)
        if scheme not in _SCHEMES:
            raise SourceError(
                f"parameter 'device': '{shown}' has a scheme that is not one of "
                f"{', '.join(_SCHEMES)}; for a file set source:=file and path")
        return VideoAddress(device, cv2.CAP_FFMPEG, shown)
    if re.fullmatch(r'\d{1,3}', device):
        device = f'/dev/video{device}'
    elif not device:
        raise SourceError(f"parameter 'device' is empty; give {WHAT}")
    elif Path(device).is_file() or Path(device).is_dir():
        raise SourceError(
            f"parameter 'device': '{device}' is a file or folder; set source:=file path:={device}")
    return VideoAddress(device, cv2.CAP_V4L2, device)


def find_node(device: str, folder: Path = _V4L_CLASS) -> str:
    """
    Return the path of the camera ``device``: itself if it is one, else that of the one so named.

    Looked up whenever it is opened, since a camera that comes back may have another number.
    ``folder`` is where the kernel lists cameras.

    :raises SourceError: there is none, or more than one; the text lists what there is.
    """
    if device.startswith('/'):
        return device
    cameras: list[tuple[str, str]] = []
    for entry in sorted(folder.glob('video*')):
        try:
            # Index 0 is the picture; others are metadata of the same camera.
            if (entry / 'index').read_text().strip() in ('', '0'):
                cameras.append((f'/dev/{entry.name}', (entry / 'name').read_text().strip()))
        except OSError:
            continue  # it goes just now
    fitting = [path for path, name in cameras if device.lower() in name.lower()]
    if len(fitting) == 1:
        return fitting[0]
    there = ', '.join(f'{path} ({name})' for path, name in cameras) or 'none'
    raise SourceError(
        f"parameter 'device': {len(fitting)} cameras are called '{device}'; there are: {there}. "
        f'Give {WHAT}')
