# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""A domain is free when nothing on this host listens on its ports."""

import os

from affect_node.domain import find_free_domain

HEAD = '  sl  local_address rem_address   st\n'


def table(tmp_path, *ports):
    path = tmp_path / 'udp'
    path.write_text(HEAD + ''.join(
        f'  {i}: 0100007F:{port:04X} 00000000:0000 07\n' for i, port in enumerate(ports)))
    return path


def test_a_domain_with_a_participant_is_passed_over(tmp_path):
    wanted = find_free_domain(table(tmp_path))
    assert wanted == 1 + os.getpid() % 101
    occupied = 7400 + 250 * wanted + 11
    assert find_free_domain(table(tmp_path, occupied)) == 1 + (wanted % 101)


def test_other_sockets_do_not_matter(tmp_path):
    wanted = find_free_domain(table(tmp_path))
    assert find_free_domain(table(tmp_path, 53, 68, 45000)) == wanted


def test_a_host_without_the_tables_gets_a_domain(tmp_path):
    assert 1 <= find_free_domain(tmp_path / 'nothing') <= 101
