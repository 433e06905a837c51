# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Visits an entity and what it yields."""


def visit_all_entities_and_collect_futures(entity, context):
    """
    Visit depth first: an entity, then the entities it returns.

    :return: (entity, future) pairs of the entities that are not done yet
    """
    sub_entities = entity.visit(context)
    future = entity.get_asyncio_future()
    pairs = [] if future is None else [(entity, future)]
    for sub_entity in sub_entities or ():
        pairs += visit_all_entities_and_collect_futures(sub_entity, context)
    return pairs
