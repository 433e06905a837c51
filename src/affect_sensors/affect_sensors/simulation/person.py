# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Who the simulated wearer is: what differs between people and stays within one.

People differ more from each other than from themselves in resting heart rate (40 to 109 a minute
between people, some 10 within one: Quer et al., PLoS ONE 2020), in heart rate variability (Nunan,
Sandercock & Brodie, Pacing Clin. Electrophysiol. 2010), in skin conductance (2 to 20 microsiemens,
some people hardly respond: Boucsein, Electrodermal Activity, 2012), in the pupil (Winn et al.,
Invest. Ophthalmol. Vis. Sci. 1994), in how often they blink (Bentivoglio et al., Mov. Disord.
1997) and in the pitch of the voice (Traunmueller & Eriksson, 1995), and in how much of what they
feel they show (Gross & John, J. Pers. Soc. Psychol. 1997). The distributions are ours, within the
ranges told there.

In two of its nine modalities a wearer shows nothing of what it feels: they move as another's
feelings would move them. Coherence of the channels of emotion is low in people, and in some
channels absent (Mauss & Robinson, Cogn. Emot. 2009). What chooses a subset of modalities has to
find that out.
"""

from dataclasses import dataclass

from affect_sensors.simulation.counter_rng import hash_uniform
from affect_sensors.simulation.modalities import MODALITIES
import numpy as np

_SILENT = 2


@dataclass(frozen=True)
class Person:
    """One wearer's traits; the gains are factors near 1."""

    says_nothing: frozenset[str]
    """Modalities that carry no affect."""
    expressiveness: dict[str, float]
    """How much of valence, arousal and stress each modality shows, by its name."""
    resting_heart_rate_bpm: float
    heart_rate_variability: float
    skin_conductance_us: float
    skin_response_gain: float
    skin_temperature_c: float
    pupil_offset_mm: float
    openness_offset: float
    blinks: float
    microsaccades_hz: float
    voice_semitones: float
    resting_smile: float
    step_hz: float
    """Steps a second of a walk (Pachi & Ji, Struct. Eng. 2005: 1.8 or so)."""
    takes_caffeine: bool


def person_of(seed: int, says_nothing: frozenset[str] | None = None) -> Person:
    """Return the person of a seed; ``says_nothing`` overrules what the seed says of that."""
    if says_nothing is None:
        # Of names for the stream, one under which seed 1, the demonstration's, has face and voice.
        order = np.argsort(hash_uniform(seed, 'person/quiet', np.arange(len(MODALITIES))))
        says_nothing = frozenset(MODALITIES[i] for i in order[:_SILENT])
    show = hash_uniform(seed, 'person/expressiveness', np.arange(len(MODALITIES)))
    u = hash_uniform(seed, 'person/traits', np.arange(13)).tolist()
    return Person(
        says_nothing=says_nothing,
        expressiveness={
            name: 0.7 + 0.6 * float(value) for name, value in zip(MODALITIES, show, strict=True)},
        resting_heart_rate_bpm=48.0 + 44.0 * u[0],
        heart_rate_variability=0.5 * 4.0 ** u[1],
        skin_conductance_us=1.5 * 8.0 ** u[2],
        skin_response_gain=0.1 if u[3] < 0.1 else 0.5 * 4.0 ** u[3],
        skin_temperature_c=30.5 + 4.0 * u[4],
        pupil_offset_mm=1.4 * (u[5] - 0.5),
        openness_offset=0.12 * (u[6] - 0.5),
        blinks=0.65 + 0.7 * u[7],
        microsaccades_hz=0.6 + 1.2 * u[8],
        voice_semitones=4.0 * (u[9] - 0.5),
        resting_smile=0.24 * (u[10] - 0.5),
        step_hz=1.65 + 0.4 * u[11],
        takes_caffeine=u[12] < 0.3)
