# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""
Builds the reference into reference/: `make reference`, then open reference/index.html.

Python API of the packages (by pdoc), every message, service and action with its comments, and
every node with its parameters: all three read from the code, nothing is typed twice.
"""

import argparse
from collections.abc import Callable
from collections.abc import Iterable
import html
import os
from pathlib import Path
import sys
from typing import Any

from affect_bringup.container import load
from affect_bringup.graph import NODES
from affect_bringup.graph import NodeSpec
from affect_node.domain import free_domain
import pdoc
import pdoc.render
import rclpy
from rclpy.context import Context

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = sorted(
    path.parent.name for path in ROOT.glob('src/*/setup.py'))
INTERFACES = ('msg', 'srv', 'action')

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}}
pre{{background:#f6f6f4;padding:1em;overflow:auto}} td,th{{text-align:left;vertical-align:top;
padding:.2em .8em .2em 0}} th{{border-bottom:1px solid #aaa}} code{{font-size:.95em}}</style>
</head><body><h1>{title}</h1>{body}</body></html>
"""


def page(title: str, body: Iterable[str]) -> str:
    """Return a page of HTML."""
    return _PAGE.format(title=html.escape(title), body='\n'.join(body))


def interfaces() -> list[str]:
    """Return every interface file of affect_msgs as it stands: the comments are the reference."""
    parts = ['<p><a href="index.html">Reference</a></p>']
    for kind in INTERFACES:
        files = sorted((ROOT / 'src' / 'affect_msgs' / kind).glob(f'*.{kind}'))
        parts += [
            f'<h2 id="{file.stem}">{file.stem} ({kind})</h2>'
            f'<pre>{html.escape(file.read_text(encoding="utf-8"))}</pre>' for file in files]
    return parts


def parameters(spec: NodeSpec, context: Context) -> list[str]:
    """Return a node's parameters as the node itself describes them."""
    factory: Callable[..., Any] = load(spec.component)
    node = factory(
        context=context, use_global_arguments=False,
        cli_args=['--ros-args', '-r', f'__node:={spec.name}', '--log-level', 'fatal'])
    rows = []
    try:
        for name in sorted(node._parameters):
            if name.startswith('qos_overrides.') or name in ('use_sim_time', 'start_type_'
                                                             'description_service'):
                continue
            described = node.describe_parameter(name)
            ranges = [f'{r.from_value:g} to {r.to_value:g}' for r in (
                *described.floating_point_range, *described.integer_range)]
            limits = ', '.join([*ranges, *filter(None, [described.additional_constraints])])
            rows.append('<tr>' + ''.join(f'<td>{html.escape(str(cell))}</td>' for cell in (
                name, node.get_parameter(name).value, limits, described.description)) + '</tr>')
    finally:
        node.destroy_node()
    return [
        f'<h2 id="{spec.name}">{spec.name}</h2><p><code>ros2 run {spec.package} '
        f'{spec.executable}</code></p><table><tr><th>parameter<th>default<th>range'
        '<th>meaning</tr>', *rows, '</table>']


def nodes() -> list[str]:
    """Return every node of the graph with its parameters."""
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    context = Context()
    rclpy.init(context=context, args=[], domain_id=free_domain())
    parts = ['<p><a href="index.html">Reference</a></p>']
    try:
        for spec in NODES:
            parts += parameters(spec, context)
    finally:
        context.try_shutdown()
    return parts


def main() -> int:
    """Build the pages."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('--out', type=Path, default=ROOT / 'reference')
    out = parser.parse_args().out
    pdoc.render.configure(docformat='markdown', show_source=False)
    pdoc.pdoc(*PACKAGES, output_directory=out)
    (out / 'modules.html').write_text(
        (out / 'index.html').read_text(encoding='utf-8'), encoding='utf-8')
    (out / 'interfaces.html').write_text(page('Interfaces', interfaces()), encoding='utf-8')
    (out / 'nodes.html').write_text(page('Nodes and parameters', nodes()), encoding='utf-8')
    (out / 'index.html').write_text(page('Affect for ROS 2: reference', [
        '<ul><li><a href="nodes.html">Nodes and their parameters</a>',
        '<li><a href="interfaces.html">Messages, services and actions</a>',
        *(f'<li><a href="{name}.html"><code>{name}</code></a>' for name in PACKAGES),
        '</ul>']), encoding='utf-8')
    print(f'open {out / "index.html"}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
