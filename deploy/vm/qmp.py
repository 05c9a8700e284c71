"""QEMU's machine protocol over a unix socket: one JSON object a line."""

import json
import pathlib
import socket
import time

from .debian import Trouble


class QMP:
    """A connection to a running QEMU, capabilities negotiated."""

    def __init__(self, path: pathlib.Path, alive):
        """Waits for QEMU to listen, as long as `alive()` says that it runs."""
        deadline = time.monotonic() + 30
        while True:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._socket.connect(str(path))
                break
            except OSError as error:
                self._socket.close()
                if not alive() or time.monotonic() > deadline:
                    raise Trouble(f"cannot reach QEMU at {path}: {error.strerror}") from error
                time.sleep(0.02)
        self._socket.settimeout(30)
        self._lines = self._socket.makefile("r")
        json.loads(self._lines.readline())
        self.run("qmp_capabilities")

    def run(self, command: str, **arguments):
        """Runs one command and returns what it returns; events that come between are passed over."""
        request = {"execute": command, "arguments": arguments}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            line = self._lines.readline()
            if not line:
                raise Trouble(f"QEMU went away during {command}")
            answer = json.loads(line)
            if "error" in answer:
                raise Trouble(f"QEMU refused {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def ended(self, patience: float) -> str:
        """Waits until the machine stops by itself; returns why: guest-shutdown, or guest-reset."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            self._socket.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                line = self._lines.readline()
            except TimeoutError:
                break
            if not line:
                raise Trouble("QEMU went away without a word")
            told = json.loads(line)
            if told.get("event") == "SHUTDOWN":
                return told["data"]["reason"]
        raise Trouble(f"the guest still runs after {patience:.0f} s")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()
