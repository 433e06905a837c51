# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Faces and their landmarks in a picture, by MediaPipe's networks on the CPU."""

import contextlib
from dataclasses import dataclass
import math
import struct
from typing import Any

from affect_trackers.face_tracker import mediapipe_bindings
import numpy as np

LANDMARKS = 478
"""468 of the face and five of each iris."""

_MARGIN = 1.5  # side of the region looked at over the longer side of the face
_DETECTOR = """
input_stream: 'image'
output_stream: 'faces'
num_threads: 1
node {
  calculator: 'FaceDetectionShortRangeCpu'
  input_stream: 'IMAGE:image'
  output_stream: 'DETECTIONS:faces'
}
"""
_MESH = """
input_stream: 'image'
input_stream: 'region'
input_side_packet: 'with_attention'
output_stream: 'mesh'
num_threads: 1
node {
  calculator: 'FaceLandmarkCpu'
  input_stream: 'IMAGE:image'
  input_stream: 'ROI:region'
  input_side_packet: 'WITH_ATTENTION:with_attention'
  output_stream: 'LANDMARKS:mesh'
}
"""
_PRESENCE = 'facelandmarkcpu__face_presence_score'
_LEAST_SCORE = 0.15
"""Of a detection. Half of the faces under a drawn headset lie between this and the usual 0.5."""


@dataclass(frozen=True)
class Region:
    """
    A square of a picture, pixels; ``tilt_rad`` turns it clockwise as seen.

    ``score`` [0, 1] is how sure the detector is that a face is there.
    """

    x: float
    y: float
    side: float
    tilt_rad: float = 0.0
    score: float = 1.0


@dataclass(frozen=True)
class Fit:
    """
    Landmarks float64 [478, 3] that the network placed, and how sure it is that they are a face.

    Pixels: x to the right, y down, z away from the viewer (origin near the head's centre, in the
    scale of x). ``presence`` is in [0, 1]; the network was trained for a limit of 0.5.
    """

    mesh: np.ndarray
    presence: float


class FaceMesh:
    """
    Detects faces (BlazeFace; Bazarevsky et al., 2019) and fits a mesh of 478 points to one.

    The mesh is that of Kartynnik et al. (2019) with the attention on eyes and lips of Grishchenko
    et al. (2020). One worker thread per network. Holds native resources: call ``close``.
    """

    def __init__(self) -> None:
        """
        Load both networks.

        :raises MediaPipeError: MediaPipe is missing or can't be used.
        """
        self._api = mediapipe_bindings.load()
        core = self._api.core
        with mediapipe_bindings.quiet():
            try:
                self._detector = _Graph(
                    core, _expanded(core, _DETECTOR, 'min_score_thresh: 0.5',
                                    f'min_score_thresh: {_LEAST_SCORE}'), ('faces',), {})
                # What the network places is given in any case, with its own doubts.
                self._mesh = _Graph(
                    core, _expanded(core, _MESH, '    threshold: 0.5', '    threshold: -1')
                    + f"output_stream: '{_PRESENCE}'", ('mesh', _PRESENCE),
                    {'with_attention': core._packet_creator.create_bool(True)})
                # The networks are made with the first picture; half a second that no frame pays.
                blank = np.zeros((64, 64, 3), np.uint8)
                self.faces(blank)
                self.mesh(blank, Region(32.0, 32.0, 60.0))
            except (RuntimeError, ValueError, OSError) as error:
                raise mediapipe_bindings.MediaPipeError(
                    f'mediapipe does not start ({error}): '
                    f'{mediapipe_bindings.INSTALL}') from error

    def faces(self, image: np.ndarray) -> list[Region]:
        """
        Return where to look for a mesh, largest face first, in RGB uint8 [H, W, 3].

        Weak detections are among them: see ``Region.score``.
        """
        height, width = image.shape[:2]
        packet, = self._detector(image=self._picture(image))
        if packet is None:
            return []
        found = []
        for raw in self._api.core._packet_getter._get_serialized_proto_list(packet):
            detection = self._api.detection.FromString(raw)
            data = detection.location_data
            box, eyes = data.relative_bounding_box, data.relative_keypoints
            across = (eyes[1].x - eyes[0].x) * width, (eyes[1].y - eyes[0].y) * height
            found.append(Region(
                x=(box.xmin + 0.5 * box.width) * width, y=(box.ymin + 0.5 * box.height) * height,
                side=_MARGIN * max(box.width * width, box.height * height),
                tilt_rad=math.atan2(across[1], across[0]), score=float(detection.score[0])))
        return sorted(found, key=lambda region: region.side, reverse=True)

    def mesh(self, image: np.ndarray, region: Region) -> Fit | None:
        """Fit the mesh to the face in a region of an RGB picture; None: it gave no numbers."""
        height, width = image.shape[:2]
        rectangle = b''.join(
            bytes([8 * field + 5]) + struct.pack('<f', value) for field, value in (
                (1, region.x / width), (2, region.y / height), (3, region.side / height),
                (4, region.side / width), (5, region.tilt_rad)))
        core = self._api.core
        packet, presence = self._mesh(
            image=self._picture(image),
            region=core._packet_creator._create_proto('mediapipe.NormalizedRect', rectangle))
        if packet is None or presence is None:
            return None
        points = self._api.landmarks.FromString(
            core._packet_getter._get_serialized_proto(packet)).landmark
        mesh = np.array([(p.x, p.y, p.z) for p in points]) * (width, height, width)
        if mesh.shape != (LANDMARKS, 3) or not np.isfinite(mesh).all():
            return None
        return Fit(mesh, float(core._packet_getter.get_float(presence)))

    def close(self) -> None:
        """End the worker threads."""
        self._detector.close()
        self._mesh.close()

    def _picture(self, image: np.ndarray) -> Any:
        # No copy is made: the array must live until the graph is idle, and it does.
        core = self._api.core
        return core._packet_creator._create_image_frame_from_pixel_data(
            core.image_frame.ImageFormat.SRGB, np.ascontiguousarray(image), False)


def region_of(mesh: np.ndarray) -> Region:
    """Return where to look for the face in the next picture, from landmarks [478, 3]."""
    across = mesh[263, :2] - mesh[33, :2]
    low, high = mesh[:, :2].min(axis=0), mesh[:, :2].max(axis=0)
    centre = 0.5 * (low + high)
    return Region(
        x=float(centre[0]), y=float(centre[1]), side=_MARGIN * float((high - low).max()),
        tilt_rad=math.atan2(across[1], across[0]))


def _expanded(core: Any, config: str, limit: str, other: str) -> str:
    """
    Return a graph with its subgraphs written out and one limit of theirs replaced.

    :raises ValueError: there is no such limit in it: another version of MediaPipe
    """
    whole = core.validated_graph_config.ValidatedGraphConfig()
    whole.initialize(graph_config=config)
    text = str(whole.text_config)
    if text.count(limit) != 1:
        raise ValueError(f"its graphs have no '{limit.strip()}'")
    return text.replace(limit, other) + '\n'


class _Graph:
    """One graph, called like a function."""

    def __init__(
        self, core: Any, config: str, outputs: tuple[str, ...], side: dict[str, Any],
    ) -> None:
        self._make = lambda: core.calculator_graph.CalculatorGraph(graph_config=config)
        self._names = outputs
        self._side = side
        self._graph: Any = None
        self._outputs: dict[str, Any] = {}
        self._count = 0
        self._start()

    def __call__(self, **inputs: Any) -> tuple[Any, ...]:
        """
        Return the packets that the inputs give, None for those that are empty.

        :raises RuntimeError: a calculator can't use the inputs; the next call begins anew
        """
        if self._graph is None:
            self._start()
        self._count += 1
        self._outputs = {}
        try:
            for name, packet in inputs.items():
                self._graph.add_packet_to_input_stream(stream=name, packet=packet.at(self._count))
            self._graph.wait_until_idle()
        except (RuntimeError, ValueError):
            # One that failed once answers nothing but that failure ever after.
            self.close()
            raise
        found = (self._outputs.get(name) for name in self._names)
        return tuple(
            None if packet is None or packet.is_empty() else packet for packet in found)

    def _start(self) -> None:
        self._count = 0
        graph = self._make()
        for name in self._names:
            graph.observe_output_stream(name, self._take, True)
        graph.start_run(self._side)
        self._graph = graph

    def _take(self, name: str, packet: Any) -> None:
        self._outputs[name] = packet

    def close(self) -> None:
        graph, self._graph = self._graph, None
        if graph is not None:
            # It says a second time why it failed, and has ended its threads all the same.
            with contextlib.suppress(RuntimeError, ValueError):
                graph.close()
