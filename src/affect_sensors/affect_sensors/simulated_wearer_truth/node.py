# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""What the simulated wearer truly feels: GroundTruth on ground_truth/wearer."""

from typing import Any

from affect_msgs.msg import GroundTruth
from affect_node import run
from affect_node import STATE
from affect_node import to_stamp
from affect_sensors.sensor_node import SensorNode
from affect_sensors.sources.simulated_rows import SimulatedRows
from affect_sensors.sources.source import Source
import numpy as np

RATE_HZ = 10


class SimulatedWearerTruthNode(SensorNode):
    """Publishes valence and arousal ten times a second, for evaluation only."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            'simulated_wearer_truth', sources=('simulation',), shortest_wait_s=0.05, **kwargs)

    def make_source(self) -> Source:
        """Return the wearer's trajectory of affect."""
        wearer = self.make_wearer()

        def samples(first: int, last: int) -> np.ndarray:
            affect = wearer.affect.at(np.arange(first, last) / RATE_HZ)
            return np.stack([affect.valence, affect.arousal], axis=-1)

        self._person = f'seed {wearer.seed}'
        return SimulatedRows(samples, RATE_HZ, t0_ns=self.t0_ns)

    def advertise_topics(self) -> None:
        """Create the publisher."""
        self._publisher = self.advertise(GroundTruth, 'ground_truth/wearer', STATE)

    def publish_item(self, item: tuple[int, int, np.ndarray]) -> None:
        """Publish the truth at one instant."""
        stamp_ns, _, (valence, arousal) = item
        message = GroundTruth(
            dataset='simulated_wearer', person=self._person, kind=GroundTruth.KIND_SIMULATION,
            category=GroundTruth.CATEGORY_UNKNOWN, valence=float(valence),
            arousal=float(arousal))
        message.header.stamp = to_stamp(ns=stamp_ns)
        self._publisher.publish(message)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run(SimulatedWearerTruthNode, args)


if __name__ == '__main__':
    main()
