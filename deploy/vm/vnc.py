"""Enough of the RFB protocol to change the size of the virtual screen, as a monitor that is swapped would (RFC 6143 and the
ExtendedDesktopSize extension)."""

import pathlib
import socket
import struct

from .debian import Trouble

EXTENDED_DESKTOP_SIZE = -308


class Viewer:
    """A viewer that sets the desktop's size, on QEMU's VNC server at a unix socket."""

    def __init__(self, path: pathlib.Path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(20)
        self._socket.connect(str(path))
        self._read(12)
        self._socket.sendall(b"RFB 003.008\n")
        kinds = self._read(self._read(1)[0])
        if 1 not in kinds:
            raise Trouble("QEMU's VNC server wants a password")
        self._socket.sendall(b"\x01")
        if self._read(4) != bytes(4):
            raise Trouble("QEMU's VNC server refused the viewer")
        self._socket.sendall(b"\x01")
        width, height, _, length = struct.unpack(">HH16sI", self._read(24))
        self._read(length)
        self._socket.sendall(struct.pack(">BxHii", 2, 2, 0, EXTENDED_DESKTOP_SIZE))
        # QEMU makes room for the extension with the first update that it is asked for.
        self._socket.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, width, height))

    def resize(self, width: int, height: int) -> None:
        """Sets a new preferred mode; 0 x 0 is a pulled cable."""
        screen = struct.pack(">IHHHHI", 0, 0, 0, width, height, 0)
        self._socket.sendall(struct.pack(">BxHHBx", 251, width, height, 1) + screen)

    def close(self) -> None:
        self._socket.close()

    def _read(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            part = self._socket.recv(count - len(got))
            if not part:
                raise Trouble("QEMU's VNC server hung up")
            got += part
        return got
