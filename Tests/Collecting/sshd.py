"""A real sshd on a loopback port, with host and client keys of its own and a forced command for each panel."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

from samples import BUILT

PROGRAM = BUILT / "panelctl"


class Sshd:
    """Each panel is a name that ssh knows by the configuration file here, with a key of its own and a forced command."""

    def __init__(self, place: pathlib.Path):
        self.place = place
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.known = place / "known_hosts"
        self.config = place / "config"
        self._authorized = place / "authorized_keys"
        self._names: dict[str, str] = {}
        place.chmod(0o700)
        self._authorized.touch(mode=0o600)
        with contextlib.closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        host_key = self._key("host")
        public = host_key.with_suffix(".pub").read_text().split()
        self.known.write_text(f"[127.0.0.1]:{self.port} {public[0]} {public[1]}\n")
        settings = [
            f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {host_key}", f"PidFile {place / 'sshd.pid'}",
            f"AuthorizedKeysFile {self._authorized}", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
            "PermitRootLogin forced-commands-only", "MaxStartups 100", "MaxSessions 100", "LogLevel VERBOSE",
        ]
        (place / "sshd_config").write_text("\n".join(settings) + "\n")
        # sshd wants the directory that its service makes at boot.
        if os.getuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            raise RuntimeError("there is no sshd; deploy/needs test installs it")
        self.log = place / "sshd.log"
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen([program, "-D", "-e", "-f", place / "sshd_config"], stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            with contextlib.closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"sshd does not answer: {self.log.read_text()}")
            time.sleep(0.05)

    def _key(self, name: str) -> pathlib.Path:
        path = self.place / f"key-{name}"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
        return path

    def panel(self, name: str, spool: pathlib.Path, before: str = "") -> str:
        """A panel's name for ssh; `before` is what its shell does before it serves."""
        return self.command(name, f"{before}exec '{PROGRAM}' sync --serve --spool '{spool}'")

    def command(self, name: str, command: str, accepted: bool = True, known: bool = True) -> str:
        """A name whose key has some forced command; or whose key is not accepted, or whose host is not known."""
        key = self._key(name)
        public = key.with_suffix(".pub").read_text()
        if accepted:
            with open(self._authorized, "a") as file:
                file.write(f'command="{command}",restrict {public}')
        self._names[name] = "\n  ".join([
            f"Host {name}", "HostName 127.0.0.1", f"Port {self.port}", f"User {self.user}", f"IdentityFile {key}",
            "IdentitiesOnly yes", f"UserKnownHostsFile {self.known if known else '/dev/null'}",
            "StrictHostKeyChecking yes", "LogLevel ERROR",
        ])
        self.config.write_text("\n".join(self._names.values()) + "\n")
        return name

    @property
    def ssh(self) -> str:
        """What --ssh takes."""
        return f"ssh -F {self.config}"

    def end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(10)


def serving(spool: pathlib.Path) -> list[int]:
    """The processes that serve a store at this moment."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit():
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if words[0] == os.fsencode(PROGRAM) and os.fsencode(spool) in words:
                    found.append(int(entry.name))
    return found
