# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Open Sound Control in: what is well formed is read, what is not is refused, by anybody."""

import math
import socket
import struct

from affect_sensors.osc.osc_listener import OscListener
from affect_sensors.osc.osc_packet import OscError
from affect_sensors.osc.osc_packet import OscMessage
from affect_sensors.osc.osc_packet import OscReader
from affect_sensors.sources.source import SourceError
import numpy as np
import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder


def text(value):
    data = value.encode()
    return data + b'\0' * (4 - len(data) % 4)


def message(address, tags, body=b''):
    return text(address) + text(tags) + body


def bundle(*elements):
    return b'#bundle\0' + b'\0' * 7 + b'\1' + b''.join(
        struct.pack('>i', len(e)) + e for e in elements)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def send(port, *datagrams):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for datagram in datagrams:
            sender.sendto(datagram, ('127.0.0.1', port))


def test_every_type_of_the_standard_is_read():
    body = struct.pack('>if', -7, 0.5) + text('smile') + struct.pack('>i', 3) + b'abc\0'
    body += struct.pack('>qdQI', 2**40, 0.25, 2**63, 0xFF00FF00) + text('symbol')
    body += struct.pack('>I', ord('x')) + struct.pack('>ii', 1, 2)
    assert OscReader().read(message('/a/b', ',ifsbhdtrScTFNI[i[i]]', body)) == [OscMessage(
        '/a/b', (-7, 0.5, 'smile', b'abc', 2**40, 0.25, 2**63, 0xFF00FF00, 'symbol', ord('x'),
                 True, False, None, math.inf, [1, [2]]))]


def test_bundles_in_bundles_give_their_messages_in_order():
    one, two, three = (
        message('/m', ',i', struct.pack('>i', number)) for number in (1, 2, 3))
    found = OscReader().read(bundle(one, bundle(two, bundle()), three))
    assert [m.arguments for m in found] == [(1,), (2,), (3,)]


def test_a_message_without_type_tags_has_no_arguments():
    assert OscReader().read(text('/go')) == [OscMessage('/go', ())]


def test_repeated_messages_are_recognised_and_read_alike():
    reader = OscReader()
    for value in (0.25, -1.0, 1e-30, math.inf):
        expected = struct.unpack('>f', struct.pack('>f', value))[0]
        data = message('/avatar/parameters/v2/JawOpen', ',f', struct.pack('>f', value))
        assert reader.read(data) == [OscMessage('/avatar/parameters/v2/JawOpen', (expected,))]
    for tag, value in ((',T', True), (',F', False), (',T', True)):
        assert reader.read(message('/x', tag)) == [OscMessage('/x', (value,))]
    # The remembered header with a body that is cut off is not that message.
    with pytest.raises(OscError):
        reader.read(message('/avatar/parameters/v2/JawOpen', ',f', b'\0\0'))


def test_what_python_osc_builds_is_read():
    random = np.random.default_rng(1)
    builder, expected = OscBundleBuilder(IMMEDIATELY), []
    for i in range(50):
        made = OscMessageBuilder(f'/some/{"x" * (i % 9)}/address')
        values = [float(np.float32(random.normal())), int(random.integers(-9, 9)), 'a' * (i % 7),
                  bool(i % 2)]
        for value in values:
            made.add_arg(value)
        builder.add_content(made.build())
        expected.append(OscMessage(f'/some/{"x" * (i % 9)}/address', tuple(values)))
    assert OscReader().read(builder.build().dgram) == expected


@pytest.mark.parametrize(('data', 'reason'), [
    (b'', 'begins neither'),
    (b'hello', 'begins neither'),
    (b'/never ends', 'no end'),
    (b'/ab\0,f\0', 'padded'),
    (message('/a', 'f', b'\0\0\0\0'), 'no type tags'),
    (message('/a', ',f'), 'cut off'),
    (message('/a', ',f', b'\0' * 8), 'too long'),
    (message('/a', ',?'), 'nobody knows'),
    (message('/a', ',[f', b'\0' * 4), 'no end'),
    (message('/a', ',]'), 'nobody knows'),
    (message('/a', ',b', struct.pack('>i', -4)), 'claims -4'),
    (message('/a', ',b', struct.pack('>i', 2**30)), 'claims'),
    (b'#bundle\0\0\0', 'time tag'),
    (bundle() + b'\0\0', 'size of an element'),
    # This one keeps python-osc 1.9.3 in an endless loop.
    (bundle() + struct.pack('>i', -4), 'claims -4'),
    (bundle() + struct.pack('>i', 0), 'claims 0'),
    (bundle() + struct.pack('>i', 400) + text('/a'), 'claims 400'),
    (bundle(message('/good', ',T'), b'bad!'), 'begins neither'),
])
def test_what_is_no_osc_is_refused_and_the_reason_told(data, reason):
    with pytest.raises(OscError, match=reason):
        OscReader().read(data)


def test_bundles_nested_without_end_are_refused():
    data = message('/a', ',T')
    for _ in range(3000):
        data = bundle(data)
    with pytest.raises(OscError, match='nested'):
        OscReader().read(data)


def test_no_datagram_does_more_harm_than_to_be_refused():
    """Random bytes, and good datagrams with bytes changed, cut or doubled."""
    random = np.random.default_rng(7)
    reader, refused, read = OscReader(), 0, 0
    good = bundle(
        message('/avatar/parameters/v2/JawOpen', ',f', struct.pack('>f', 0.5)),
        bundle(message(
            '/b', ',sTi[ff]b', text('word') + struct.pack('>iffi', 1, 2, 3, 4) + b'abcd')),
        message('/c', ',d', struct.pack('>d', 0.1)))
    for _ in range(5000):
        data = bytearray(good)
        kind = random.integers(4)
        if kind == 0:
            data = bytearray(random.bytes(int(random.integers(0, 200))))
        elif kind == 1:
            for at in random.integers(0, len(data), random.integers(1, 6)):
                data[at] = random.integers(256)
        elif kind == 2:
            del data[int(random.integers(len(data))):]
        else:
            data += data[:int(random.integers(1, len(data)))]
        try:
            assert all(isinstance(m, OscMessage) for m in reader.read(bytes(data)))
            read += 1
        except OscError as error:
            assert str(error)
            refused += 1
    assert read > 100
    assert refused > 1000


def test_ever_new_addresses_do_not_fill_the_memory():
    reader = OscReader()
    for i in range(10_000):
        reader.read(message(f'/invented/{i}', ',f', b'\0' * 4))
        reader.read(message(f'/invented/{i}', ',T'))
    assert len(reader._floats) <= 4096
    assert len(reader._booleans) <= 4096


def test_two_readers_of_a_process_share_a_port_and_the_last_one_closes_it():
    port = free_port()
    one, two = (OscListener.subscribe('127.0.0.1', port) for _ in range(2))
    send(port, message('/a', ',T'), b'garbage', message('/b', ',T'))
    for reader in (one, two):
        packets = reader.take()
        assert [[m.address for m in p.messages] for p in packets] == [['/a'], [], ['/b']]
        assert [bool(p.error) for p in packets] == [False, True, False]
        assert sorted(p.arrived_ns for p in packets) == [p.arrived_ns for p in packets]
        assert reader.take() == []
    one.close()
    one.close()
    send(port, message('/c', ',T'))
    assert two.take()[0].messages[0].address == '/c'
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other, pytest.raises(OSError):
        other.bind(('127.0.0.1', port))
    two.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(('127.0.0.1', port))


def test_a_port_that_another_program_has_is_refused_with_the_remedy():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(('127.0.0.1', 0))
        port = other.getsockname()[1]
        with pytest.raises(SourceError, match=rf"'osc_port'.*{port}.*another port"):
            OscListener.subscribe('127.0.0.1', port)
    OscListener.subscribe('127.0.0.1', port).close()


@pytest.mark.parametrize('address', ['203.0.113.7', 'not an address'])
def test_an_address_that_is_not_of_this_host_is_refused_by_name(address):
    with pytest.raises(SourceError, match=r"'osc_address'.*0\.0\.0\.0"):
        OscListener.subscribe(address, free_port())


def test_garbage_over_a_socket_hides_no_good_datagram():
    random = np.random.default_rng(3)
    port = free_port()
    reader = OscListener.subscribe('127.0.0.1', port)
    good = garbage = 0
    for number in range(400):
        send(port, random.bytes(int(random.integers(0, 1400))),
             message('/n', ',i', struct.pack('>i', number)))
        for packet in reader.take():
            garbage += bool(packet.error)
            if packet.messages:
                assert packet.messages[0].arguments == (good,)
                good += 1
    assert good == 400
    assert garbage == 400
    reader.close()


def test_a_reader_that_does_not_read_loses_the_oldest_and_is_told():
    port = free_port()
    idle, busy = (OscListener.subscribe('127.0.0.1', port) for _ in range(2))
    sent = 2300
    for number in range(sent):
        send(port, message('/n', ',i', struct.pack('>i', number)))
        busy.take()
    packets = idle.take()
    assert packets[-1].messages[0].arguments == (sent - 1,)
    assert len(packets) == 2000
    assert idle.take_dropped() == sent - 2000
    assert idle.take_dropped() == 0
    assert busy.take_dropped() == 0
    idle.close()
    busy.close()
