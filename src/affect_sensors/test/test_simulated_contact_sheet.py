# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""The pictures of the simulated wearer are written, and are no empty ones."""

from affect_sensors.simulation.contact_sheet import main
from affect_sensors.simulation.contact_sheet import SHEETS
import cv2


def test_every_sheet_is_written(tmp_path, capsys):
    assert main([str(tmp_path / 'new'), '--seed', '5']) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(SHEETS)
    for name in SHEETS:
        image = cv2.imread(str(tmp_path / 'new' / f'{name}.png'))
        assert image.shape[0] > 200
        assert image.shape[1] > 800
        assert image.std() > 5.0


def test_a_folder_that_cannot_be_is_told(tmp_path, capsys):
    (tmp_path / 'file').write_text('')
    assert main([str(tmp_path / 'file' / 'folder')]) == 1
    assert 'file' in capsys.readouterr().err
