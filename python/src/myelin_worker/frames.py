"""Frames on the socket: four bytes of length, most significant first, then so many bytes of JSON."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Optional

_LENGTH = struct.Struct(">I")
_CHUNK = 65536


class Connection:
    """One end of the socket. Not for two threads at a time."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        # Bytes that came and belong to no frame that was read.
        self._rest = bytearray()

    def read(self) -> Optional[Any]:
        """The next frame; None when the other side has closed, within a frame too."""
        header = self._take(_LENGTH.size)
        body = None if header is None else self._take(_LENGTH.unpack(header)[0])
        return None if body is None else json.loads(body)

    def write(self, frame: Any) -> None:
        """Raises `OSError` when the other side has closed, `ValueError` or `TypeError` for what JSON cannot hold."""
        self.write_text(json.dumps(frame, allow_nan=False, separators=(",", ":")))

    def write_text(self, text: str) -> None:
        body = text.encode("utf-8")
        self.socket.sendall(_LENGTH.pack(len(body)) + body)

    def _take(self, size: int) -> Optional[bytes]:
        while len(self._rest) < size:
            chunk = self.socket.recv(max(_CHUNK, size - len(self._rest)))
            if not chunk:
                return None
            self._rest += chunk
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return taken
