"""A disk that loses power as disks do: what was not flushed is gone.

An NBD server on a unix socket (the protocol document of NetworkBlockDevice/nbd, fixed newstyle and simple replies). Writes lie in
a volatile cache until the guest flushes them or marks them FUA; `cut` forgets that cache. SIGKILL of QEMU alone would only lose
the guest's page cache, and prove nothing about flushing.
"""

import pathlib
import socket
import struct
import threading

SECTOR = 512
MAGIC, OPTION_MAGIC, REPLY_MAGIC = 0x4E42444D41474943, 0x49484156454F5054, 0x0003E889045565A9
REQUEST_MAGIC, SIMPLE_MAGIC = 0x25609513, 0x67446698
EXPORT_NAME, ABORT, INFO, GO = 1, 2, 6, 7
READ, WRITE, DISCONNECT, FLUSH = 0, 1, 2, 3
ACK, INFO_REPLY, UNSUPPORTED = 1, 3, 0x80000001
FUA = 1
# has flags, flush, FUA
EXPORT_FLAGS = 1 | 4 | 8
EINVAL, ESHUTDOWN = 22, 108


class Disk:
    """An image file behind a volatile write cache."""

    def __init__(self, image: pathlib.Path, path: pathlib.Path):
        self.log: list[tuple[str, int, bytes]] = []
        """Every operation since the start: ("write", offset, bytes), ("fua", offset, bytes), ("flush", 0, b"")."""
        self.path = path
        self._file = open(image, "r+b", buffering=0)
        self._size = image.stat().st_size
        self._volatile: dict[int, bytes] = {}
        self._lock = threading.Lock()
        self._on = True
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def unflushed(self) -> int:
        """Bytes that a power cut would lose now."""
        with self._lock:
            return len(self._volatile) * SECTOR

    def cut(self) -> int:
        """The power fails: nothing is answered any more, the volatile cache is lost. Returns the bytes lost."""
        with self._lock:
            self._on = False
            lost = len(self._volatile) * SECTOR
            self._volatile.clear()
            self._file.close()
        self._listener.close()
        return lost

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                if self._negotiate(connection):
                    self._transmit(connection)
        except OSError:
            # QEMU was killed; that is how every power cut ends.
            return

    def _negotiate(self, connection: socket.socket) -> bool:
        connection.sendall(struct.pack(">QQH", MAGIC, OPTION_MAGIC, 1 | 2))
        no_zeroes = struct.unpack(">I", _read(connection, 4))[0] & 2
        while True:
            _, option, length = struct.unpack(">QII", _read(connection, 16))
            _read(connection, length)
            if option == EXPORT_NAME:
                connection.sendall(struct.pack(">QH", self._size, EXPORT_FLAGS) + (b"" if no_zeroes else bytes(124)))
                return True
            if option in (GO, INFO):
                told = struct.pack(">HQH", 0, self._size, EXPORT_FLAGS)
                connection.sendall(struct.pack(">QIII", REPLY_MAGIC, option, INFO_REPLY, len(told)) + told)
                connection.sendall(struct.pack(">QIII", REPLY_MAGIC, option, ACK, 0))
                if option == GO:
                    return True
            elif option == ABORT:
                connection.sendall(struct.pack(">QIII", REPLY_MAGIC, option, ACK, 0))
                return False
            else:
                connection.sendall(struct.pack(">QIII", REPLY_MAGIC, option, UNSUPPORTED, 0))

    def _transmit(self, connection: socket.socket) -> None:
        while True:
            _, flags, kind, handle, offset, length = struct.unpack(">IHHQQI", _read(connection, 28))
            content = _read(connection, length) if kind == WRITE else b""
            if kind == DISCONNECT:
                return
            error, answer = 0, b""
            with self._lock:
                if not self._on:
                    error = ESHUTDOWN
                elif kind == READ:
                    answer = self._get(offset, length)
                elif kind == WRITE:
                    self._put(offset, content, durable=bool(flags & FUA))
                elif kind == FLUSH:
                    self._flush()
                else:
                    error = EINVAL
            connection.sendall(struct.pack(">IIQ", SIMPLE_MAGIC, error, handle) + answer)

    def _get(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        content = bytearray(self._file.read(length))
        for sector in range(offset // SECTOR, (offset + length) // SECTOR):
            if sector in self._volatile:
                at = sector * SECTOR - offset
                content[at : at + SECTOR] = self._volatile[sector]
        return bytes(content)

    def _put(self, offset: int, content: bytes, durable: bool) -> None:
        self.log.append(("fua" if durable else "write", offset, content))
        for at in range(0, len(content), SECTOR):
            sector = (offset + at) // SECTOR
            if durable:
                self._volatile.pop(sector, None)
            else:
                self._volatile[sector] = content[at : at + SECTOR]
        if durable:
            self._file.seek(offset)
            self._file.write(content)

    def _flush(self) -> None:
        self.log.append(("flush", 0, b""))
        for sector, content in self._volatile.items():
            self._file.seek(sector * SECTOR)
            self._file.write(content)
        self._volatile.clear()


def _read(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            raise ConnectionError("the other end closed")
        parts += part
    return bytes(parts)
