# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
What is true of the simulated wearer, ten times a second, for evaluation only.

- ``ground_truth/wearer`` (GroundTruth): valence and arousal that are felt,
- ``ground_truth/condition`` (WearerCondition): stress and fatigue, under any purpose but none,
- ``ground_truth/person`` (GroundTruth, latched): who it is; ``label`` names the modalities that
  say nothing of what is felt, with commas between them; ``stimulus`` is ``caffeine`` or empty,
- ``ground_truth/activity`` (GroundTruth): ``walking`` or ``resting`` as ``label``, at each change,
- ``ground_truth/ambient_temperature`` (sensor_msgs/Temperature): of the room,
- ``ground_truth/words`` (GroundTruth): what is being said as ``label`` with the emotion it is said
  with as ``stimulus``, at its first sound; an empty one when it ends,
- ``ground_truth/eyes`` (GazeSample): directions, pupils and lids, also while the eyes are shut,
- ``ground_truth/illuminance`` (sensor_msgs/Illuminance): light on the eyes, lux: pi times the mean
  luminance in cd/m^2 of a scene that is all around,
- ``ground_truth/body`` (PointCloud2 in ``hmd_link``): shoulder, elbow and hand, left, then right.
"""

import math
from typing import Any

from affect_msgs.msg import ConditionIndex
from affect_msgs.msg import EyeState
from affect_msgs.msg import GazeSample
from affect_msgs.msg import GroundTruth
from affect_msgs.msg import Purpose
from affect_msgs.msg import WearerCondition
from affect_node import LATCHED
from affect_node import run
from affect_node import STATE
from affect_node import to_stamp
from affect_sensors.sensor_node import SensorNode
from affect_sensors.simulation.affect import Affect
from affect_sensors.simulation.surroundings import ambient_temperature_c
from affect_sensors.simulation.voice import Utterance
from affect_sensors.simulation.wearer import convergence_deg
from affect_sensors.simulation.wearer import SimulatedWearer
from affect_sensors.sources.gaze_row import CLOSED_BELOW
from affect_sensors.sources.simulated_rows import SimulatedRows
from affect_sensors.sources.source import Source
from builtin_interfaces.msg import Time
import numpy as np
from sensor_msgs.msg import Illuminance
from sensor_msgs.msg import PointCloud2
from sensor_msgs.msg import Temperature
from sensor_msgs_py import point_cloud2
from std_msgs.msg import Header

RATE_HZ = 10


class SimulatedWearerTruthNode(SensorNode):
    """Publishes what no sensor tells."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'simulated_wearer_truth', sources=('simulation',), shortest_wait_s=0.05, **kwargs)
        self._wearer: SimulatedWearer | None = None
        self._condition: Any = None

    def make_source(self) -> Source:
        """Return the instants at which to tell the truth, in seconds of the wearer's time."""
        self._wearer = self.make_wearer()
        return SimulatedRows(
            lambda first, last: [k / RATE_HZ for k in range(first, last)], RATE_HZ,
            t0_ns=self.t0_ns)

    def advertise_topics(self) -> None:
        """Create the publishers."""
        self._affect = self.advertise(GroundTruth, 'ground_truth/wearer', STATE)
        self._activity = self.advertise(GroundTruth, 'ground_truth/activity', STATE)
        self._warmth = self.advertise(Temperature, 'ground_truth/ambient_temperature', STATE)
        self._person = self.advertise(GroundTruth, 'ground_truth/person', LATCHED)
        self._person_told = False
        self._walks: bool | None = None
        self._words = self.advertise(GroundTruth, 'ground_truth/words', STATE)
        self._said: Utterance | None = None
        self._eyes = self.advertise(GazeSample, 'ground_truth/eyes', STATE)
        self._light = self.advertise(Illuminance, 'ground_truth/illuminance', STATE)
        self._body = self.advertise(PointCloud2, 'ground_truth/body', STATE)
        self.follow_purpose(self._purpose_has_changed)

    def teardown(self) -> None:
        """Forget the publisher that depends on the purpose."""
        super().teardown()
        self._condition = None

    def _purpose_has_changed(self) -> None:
        """Speak of a condition only where fusion may as well: recorders go by the type."""
        is_allowed = self.purpose in (Purpose.RESEARCH, Purpose.MEDICAL, Purpose.SAFETY)
        if is_allowed and self._condition is None:
            self._condition = self.advertise(WearerCondition, 'ground_truth/condition', STATE)
        elif not is_allowed and self._condition is not None:
            self.withdraw(self._condition)
            self._condition = None

    def publish_item(self, item: tuple[int, int, float]) -> None:
        """Publish the truth at one instant."""
        stamp_ns, number, t_s = item
        wearer, stamp = self._wearer, to_stamp(ns=stamp_ns)
        affect = wearer.felt_at(t_s)
        if not self._person_told:
            self._person_told = True
            self._person.publish(self._truth(
                stamp, label=','.join(sorted(wearer.person.says_nothing)),
                stimulus='caffeine' if wearer.person.takes_caffeine else ''))
        self._affect.publish(self._truth(
            stamp, valence=float(affect.valence), arousal=float(affect.arousal)))
        if self._condition is not None:
            self._condition.publish(self._condition_of(affect, stamp))
        walks = bool(affect.walking > 0.5)
        if walks is not self._walks:
            self._walks = walks
            self._activity.publish(self._truth(stamp, label='walking' if walks else 'resting'))
        self._warmth.publish(Temperature(
            header=Header(stamp=stamp), variance=0.0,
            temperature=float(ambient_temperature_c(wearer.seed, np.array([t_s]))[0])))
        self._publish_words(wearer.words(t_s), stamp)
        header = Header(stamp=stamp, frame_id=self.frame('hmd_link'))
        self._eyes.publish(_eyes(header, number, wearer.eyes.at(t_s)))
        self._light.publish(Illuminance(
            header=header, illuminance=math.pi * wearer.luminance_cd_m2(t_s)))
        points = wearer.body_points(t_s).astype(np.float32)
        self._body.publish(point_cloud2.create_cloud_xyz32(header, points))

    def _condition_of(self, affect: Affect, stamp: Time) -> WearerCondition:
        return WearerCondition(
            header=Header(stamp=stamp, frame_id=self.frame('hmd_link')),
            wearer=f'seed {self._wearer.seed}', stress=_index(float(affect.stress)),
            fatigue=_index(float(affect.fatigue)), cognitive_load=_index(math.nan),
            attention=_index(math.nan), validity=WearerCondition.VALIDITY_VALID,
            latency_s=0.0, model_id='simulated_wearer')

    def _publish_words(self, said: Utterance | None, stamp: Time) -> None:
        if said == self._said:
            return
        self._said = said
        if said is not None:
            stamp = to_stamp(ns=self.t0_ns + round(said.start_s * 1e9))
        self._words.publish(self._truth(
            stamp, stimulus=said.category if said else '', label=said.text if said else ''))

    def _truth(self, stamp: Time, **fields: Any) -> GroundTruth:
        """Return a message about this wearer."""
        return GroundTruth(
            header=Header(stamp=stamp), dataset='simulated_wearer',
            person=f'seed {self._wearer.seed}', kind=GroundTruth.KIND_SIMULATION,
            category=GroundTruth.CATEGORY_UNKNOWN,
            **{'valence': math.nan, 'arousal': math.nan, **fields})


def _index(value: float) -> ConditionIndex:
    """Return an index whose value is known, or NaN."""
    known = not math.isnan(value)
    return ConditionIndex(
        value=value, standard_deviation=0.0 if known else math.nan,
        formula='latent trajectory of the simulated wearer' if known else '',
        evidence_age_s=0.0 if known else math.nan,
        reason='' if known else 'the simulated wearer has no such quantity')


def _eyes(header: Header, number: int, look: np.void) -> GazeSample:
    """Return the eyes as they are."""
    converge_deg = convergence_deg(look)
    eyes = [
        EyeState(
            state=EyeState.STATE_OPEN if look['openness'] >= CLOSED_BELOW
            else EyeState.STATE_CLOSED,
            azimuth_deg=float(look['azimuth_deg']) + sign * converge_deg,
            elevation_deg=float(look['elevation_deg']), pupil_x=math.nan, pupil_y=math.nan,
            pupil_diameter_mm=float(look[side + '_pupil_mm']),
            openness=float(look['openness']), squint=float(look['squint']),
            widening=float(look['widening']), confidence=1.0)
        for side, sign in (('left', -1.0), ('right', 1.0))]
    for eye in eyes:
        eye.origin.x = eye.origin.y = eye.origin.z = math.nan
    return GazeSample(
        header=header, sequence=number % 2**32, device_delay_s=0.0,
        source=GazeSample.SOURCE_SIMULATION, left=eyes[0], right=eyes[1],
        azimuth_deg=float(look['azimuth_deg']), elevation_deg=float(look['elevation_deg']),
        vergence_distance_m=float(look['distance_m']), confidence=1.0)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(SimulatedWearerTruthNode, args)


if __name__ == '__main__':
    main()
