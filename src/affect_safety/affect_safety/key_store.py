# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""One encryption key per wearer, so that destroying it erases what it sealed."""

import contextlib
import json
import os
from pathlib import Path
import secrets
from typing import Any

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken

ANONYMOUS = '(anonymous)'
"""Name under which the data of a wearer without a pseudonym is kept."""


class KeyStore:
    """
    Keys by pseudonym, in a JSON file that only its owner may read.

    The journal names a key by a random id, so that without this file nothing in the journal
    leads to a pseudonym. Back the journal up without this file: a copy of a key survives
    ``destroy``, and so may its old blocks on a flash disk without encryption.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser()

    def wearers(self) -> list[str]:
        """
        Return the pseudonyms that have a key.

        :raises ValueError: the file is damaged.
        """
        return sorted(self._load())

    def seal(self, wearer: str, secret: dict[str, Any]) -> tuple[str, bytes]:
        """
        Encrypt under the wearer's key, made when there is none; return key id and token.

        :raises OSError: the key can't be stored (nothing is sealed with a key that would be lost).
        :raises ValueError: the file is damaged.
        """
        keys = self._load()
        wearer = wearer or ANONYMOUS
        if wearer not in keys:
            keys[wearer] = {'id': secrets.token_hex(8), 'key': Fernet.generate_key().decode()}
            self._save(keys)
        key = keys[wearer]
        # The pseudonym goes inside: once the key is gone, nothing links the entry to a person.
        text = json.dumps({'wearer': wearer, **secret}, ensure_ascii=False)
        return key['id'], Fernet(key['key'].encode()).encrypt(text.encode())

    def open(self, key_id: str, sealed: bytes) -> dict[str, Any] | None:
        """Return what was sealed, or None when the key has been destroyed."""
        for key in self._load().values():
            if key['id'] == key_id:
                with contextlib.suppress(InvalidToken):
                    return json.loads(Fernet(key['key'].encode()).decrypt(sealed))
        return None

    def key_id(self, wearer: str) -> str:
        """Return the id of a wearer's key, empty when there is none."""
        return self._load().get(wearer, {}).get('id', '')

    def destroy(self, wearer: str) -> bool:
        """
        Destroy the wearer's key; return whether there was one.

        :raises OSError: the file can't be written; the key is still there.
        :raises ValueError: the file is damaged.
        """
        keys = self._load()
        if wearer not in keys:
            return False
        del keys[wearer]
        self._save(keys)
        return True

    def _load(self) -> dict[str, dict[str, str]]:
        try:
            text = self.path.read_text(encoding='utf-8')
        except FileNotFoundError:
            return {}
        try:
            keys = json.loads(text)['keys']
            for key in keys.values():
                Fernet(key['key'].encode())
                str(key['id'])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f'key store {self.path} is damaged ({error}); restore it, or move it away to give '
                'up everything that was sealed') from error
        return keys

    def _save(self, keys: dict[str, dict[str, str]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = self.path.with_name(self.path.name + '.new')
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, 'w', encoding='utf-8') as file:
            json.dump({'schema': 1, 'keys': keys}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
