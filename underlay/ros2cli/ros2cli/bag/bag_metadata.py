# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""`metadata.yaml` of a rosbag2 directory."""

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from ros2cli.bag.bag_error import BagError
import yaml

METADATA_FILE = 'metadata.yaml'
ROOT_KEY = 'rosbag2_bagfile_information'
VERSION = 9
# What rosbag2 writes as the start of a bag without messages.
NEVER_NS = 2**63 - 1

_Loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
_Dumper = getattr(yaml, 'CSafeDumper', yaml.SafeDumper)


@dataclass
class FileInformation:
    """One storage file of a bag: name inside the bag, first stamp, span, messages."""

    path: str
    starting_time_ns: int = NEVER_NS
    duration_ns: int = 0
    message_count: int = 0

    def add(self, stamp_ns: int) -> None:
        """Count one message."""
        self.message_count += 1
        if stamp_ns < self.starting_time_ns:
            if self.starting_time_ns != NEVER_NS:
                self.duration_ns += self.starting_time_ns - stamp_ns
            self.starting_time_ns = stamp_ns
        else:
            self.duration_ns = max(self.duration_ns, stamp_ns - self.starting_time_ns)


@dataclass
class TopicInformation:
    """One topic of a bag; `offered_qos_profiles` in the form of metadata version 9."""

    name: str
    type: str
    serialization_format: str = 'cdr'
    offered_qos_profiles: list[dict] = field(default_factory=list)
    type_description_hash: str = ''
    message_count: int = 0


@dataclass
class BagMetadata:
    """All that `ros2 bag info` knows about a bag."""

    storage_identifier: str
    files: list[FileInformation] = field(default_factory=list)
    topics: list[TopicInformation] = field(default_factory=list)
    starting_time_ns: int = NEVER_NS
    duration_ns: int = 0
    message_count: int = 0
    compression_format: str = ''
    compression_mode: str = ''
    custom_data: dict[str, str] = field(default_factory=dict)
    ros_distro: str = ''
    bag_size: int = 0
    version: int = VERSION

    def to_yaml(self, *, with_root: bool = True) -> str:
        """Return the text of `metadata.yaml`, or of the copy that storage files carry."""
        body = {
            'version': self.version,
            'storage_identifier': self.storage_identifier,
            'duration': {'nanoseconds': self.duration_ns},
            'starting_time': {'nanoseconds_since_epoch': self.starting_time_ns},
            'message_count': self.message_count,
            'topics_with_message_count': [
                {
                    'topic_metadata': {
                        'name': topic.name,
                        'type': topic.type,
                        'serialization_format': topic.serialization_format,
                        'offered_qos_profiles': topic.offered_qos_profiles,
                        'type_description_hash': topic.type_description_hash,
                    },
                    'message_count': topic.message_count,
                }
                for topic in self.topics
            ],
            'compression_format': self.compression_format,
            'compression_mode': self.compression_mode,
            'relative_file_paths': [file.path for file in self.files],
            'files': [
                {
                    'path': file.path,
                    'starting_time': {'nanoseconds_since_epoch': file.starting_time_ns},
                    'duration': {'nanoseconds': file.duration_ns},
                    'message_count': file.message_count,
                }
                for file in self.files
            ],
            'custom_data': self.custom_data or None,
            'ros_distro': self.ros_distro,
        }
        # Aliases (&id001) are legal YAML, but rosbag2 never writes them.

        class Dumper(_Dumper):

            def ignore_aliases(self, data):
                return True
        return yaml.dump(
            {ROOT_KEY: body} if with_root else body,
            Dumper=Dumper, sort_keys=False, default_flow_style=False)

    def write(self, bag_directory: Path) -> None:
        """Write `metadata.yaml`, whole or not at all."""
        temporary = bag_directory / f'.{METADATA_FILE}.part'
        temporary.write_text(self.to_yaml())
        temporary.replace(bag_directory / METADATA_FILE)


def parse_qos_profiles(value: str | list | None) -> list[dict]:
    """Return QoS profiles as a list of dictionaries; until version 8 they were YAML in YAML."""
    if isinstance(value, str):
        value = yaml.load(value, Loader=_Loader) if value.strip() else []
    return list(value or [])


def parse_metadata(text: str, bag_directory: Path) -> BagMetadata:
    """
    Parse the text of `metadata.yaml`.

    Raises:
        BagError: it is not YAML, or a field is missing or of the wrong kind.

    """
    where = bag_directory / METADATA_FILE
    try:
        body = yaml.load(text, Loader=_Loader)[ROOT_KEY]
        names = [str(name) for name in body['relative_file_paths']]
        details = {
            Path(entry['path']).name: FileInformation(
                Path(entry['path']).name,
                int(entry['starting_time']['nanoseconds_since_epoch']),
                int(entry['duration']['nanoseconds']),
                int(entry['message_count']))
            for entry in body.get('files') or []
        }
        # Since version 4 the names are relative to the bag; before, they began with its directory.
        files = [details.get(Path(name).name, FileInformation(Path(name).name)) for name in names]
        topics = [
            TopicInformation(
                name=entry['topic_metadata']['name'],
                type=entry['topic_metadata']['type'],
                serialization_format=entry['topic_metadata']['serialization_format'],
                offered_qos_profiles=parse_qos_profiles(
                    entry['topic_metadata'].get('offered_qos_profiles')),
                type_description_hash=entry['topic_metadata'].get('type_description_hash', ''),
                message_count=int(entry['message_count']))
            for entry in body['topics_with_message_count'] or []
        ]
        metadata = BagMetadata(
            storage_identifier=str(body['storage_identifier']),
            files=files,
            topics=topics,
            starting_time_ns=int(body['starting_time']['nanoseconds_since_epoch']),
            duration_ns=int(body['duration']['nanoseconds']),
            message_count=int(body['message_count']),
            compression_format=body.get('compression_format') or '',
            compression_mode=body.get('compression_mode') or '',
            custom_data=body.get('custom_data') or {},
            ros_distro=body.get('ros_distro') or '',
            version=int(body['version']))
    except yaml.YAMLError as error:
        reason = ' '.join(str(error).split())
        raise BagError(f"'{where}' is not valid YAML: {reason}") from None
    except KeyError as error:
        raise BagError(f"'{where}' is not the metadata of a rosbag2: {error} is missing") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise BagError(f"'{where}' is not the metadata of a rosbag2: {error}") from None
    metadata.bag_size = sum(
        (bag_directory / file.path).stat().st_size
        for file in files if (bag_directory / file.path).is_file())
    return metadata


def read_metadata(bag_directory: Path) -> BagMetadata:
    """
    Read `metadata.yaml` of a bag directory.

    Raises:
        BagError: there is none (the recording was cut off), or it cannot be understood.

    """
    try:
        text = (bag_directory / METADATA_FILE).read_text()
    except FileNotFoundError:
        raise BagError(
            f"Could not find metadata in bag directory '{bag_directory}': either it is no "
            'rosbag2, or its recording was cut off; for the latter, '
            f"'ros2 bag reindex {bag_directory}' writes it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BagError(f"Could not read '{bag_directory / METADATA_FILE}': {error}") from None
    return parse_metadata(text, bag_directory)
