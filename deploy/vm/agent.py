"""The host's end of the guest's agent: shell scripts in, output and exit code out, over virtio-serial ports."""

import base64
import dataclasses
import pathlib
import queue
import socket

from .debian import Trouble


@dataclasses.dataclass(frozen=True)
class Result:
    """What a command in the guest did."""

    command: str
    code: int
    output: bytes
    errors: bytes

    @property
    def text(self) -> str:
        return self.output.decode(errors="replace")

    @property
    def complaint(self) -> str:
        return self.errors.decode(errors="replace")


class Port:
    """One port: one command at a time."""

    def __init__(self, path: pathlib.Path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._number = 0

    def run(self, command: str, timeout: float) -> Result:
        self._number += 1
        self._socket.settimeout(timeout)
        script = base64.b64encode(command.encode())
        self._socket.sendall(b"%d %s\n" % (self._number, script))
        try:
            while True:
                head = b""
                while not head.endswith(b"\n"):
                    head += self._read(1)
                number, code, output, errors = (int(word) for word in head.split())
                result = Result(command, code, self._read(output), self._read(errors))
                if number == self._number:
                    return result
        except TimeoutError:
            raise Trouble(f"the guest did not finish within {timeout:.0f} s: {command}") from None

    def _read(self, count: int) -> bytes:
        parts = []
        while count > 0:
            part = self._socket.recv(count)
            if not part:
                raise Trouble("the guest is gone")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._socket.close()


class Agent:
    """All ports: as many commands at once as there are ports, the others wait."""

    def __init__(self, paths: list[pathlib.Path]):
        self._ports = [Port(path) for path in paths]
        self._free: queue.SimpleQueue[Port] = queue.SimpleQueue()
        for port in self._ports:
            self._free.put(port)

    def run(self, command: str, timeout: float) -> Result:
        port = self._free.get()
        try:
            return port.run(command, timeout)
        finally:
            self._free.put(port)

    def close(self) -> None:
        for port in self._ports:
            port.close()
