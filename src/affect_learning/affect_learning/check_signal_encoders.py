# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Measure heart rate against the recordings' own reference.

    python -m affect_learning.check_signal_encoders physiology

Prints one JSON object. The method is rules with a few constants chosen on these data (see the
model card in affect_encoders/weights), so the figures are no out-of-sample result. For eye
movement see check_eye_movement.
"""

import argparse
import json

from affect_encoders.head_motion.features import GRAVITY_M_S2
from affect_encoders.physiology.encoder import pulse_quality
from affect_encoders.physiology.features import pulse_features
from affect_encoders.physiology.features import PULSE_WINDOW_S
from affect_learning import affect_data
from affect_learning.session.data_root import SessionError
import numpy as np

GOOD = 0.5
E4_UNITS_PER_G = 64.0


def heart_rate_rows(hop_s: float, lag_s: float, people: set[str] | None = None) -> np.ndarray:
    """
    Return rows (quality, ours, the E4's) of windows of stress_predict, heart rates in 1/min.

    The E4's value is the mean of HR.csv over the window moved by ``lag_s``.
    """
    rows = []
    for person, channels in affect_data.e4_recordings():
        if people is not None and person not in people:
            continue
        start, rate_hz, bvp = channels['BVP']
        hr_start, _, hr = channels['HR']
        acc_start, acc_hz, acc = channels['ACC']
        for tick in np.arange(start + 60.0, start + bvp.shape[0] / rate_hz, hop_s):
            stop = int(tick - hr_start + lag_s)
            if stop > hr.shape[0]:
                break
            k, n = int((tick - start) * rate_hz), int(PULSE_WINDOW_S * rate_hz)
            j, m = int((tick - acc_start) * acc_hz), int(PULSE_WINDOW_S * acc_hz)
            force = acc[max(j - m, 0):j] / E4_UNITS_PER_G * GRAVITY_M_S2
            motion = float(np.sqrt(force.var(axis=0).sum())) if force.size else float('nan')
            pulse = pulse_features(np.arange(k - n, k) / rate_hz, bvp[k - n:k, 0])
            reference = hr[max(stop - int(PULSE_WINDOW_S), 0):stop, 0].mean()
            rows.append((pulse_quality(pulse, motion), pulse.heart_rate, reference))
    return np.array(rows)


def check_physiology(hop_s: float = 20.0, people: set[str] | None = None) -> dict:
    """
    Return share of good windows and the mean absolute error of the heart rate.

    HR.csv trails the pulse by some 40 s (the error has a sharp minimum there), so the error is
    given for the same window and for the window that the E4's value is about.
    """
    out = {}
    for name, lag_s in (('same_window', 0.0), ('hr_csv_40_s_later', 40.0)):
        rows = heart_rate_rows(hop_s, lag_s, people)
        good = rows[:, 0] >= GOOD
        error = np.abs(rows[:, 1] - rows[:, 2])
        out[name] = {
            'windows': len(rows),
            'good_share': float(good.mean()),
            'good_mae_bpm': float(error[good].mean()),
            'bad_mae_bpm': float(np.nanmean(error[~good])),
        }
    return out


CHECKS = {'physiology': check_physiology}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().split('\n')[0])
    parser.add_argument('modality', nargs='+', choices=tuple(CHECKS))
    for modality in parser.parse_args().modality:
        try:
            print(json.dumps({modality: CHECKS[modality]()}))
        except SessionError as error:
            parser.error(str(error))


if __name__ == '__main__':
    main()
