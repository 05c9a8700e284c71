"""A bare Debian in a directory, with a process tree and mounts of its own, where packages are installed as on a booth.

The base, with the packages that ours depend on, is fetched from the mirror once and kept in the cache, as the virtual panel's
kernels are (out/vm, or what DIGIT_PANEL_CACHE names).
"""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "deploy"))

from vm import debian  # noqa: E402  deploy/ is no package of Python's

MIRROR = os.environ.get("DIGIT_PANEL_MIRROR", "http://deb.debian.org/debian")
# A booth has these besides what the packages depend on.
BESIDES = ["openssh-server", "polkitd", "dbus", "udev"]


def base(suite: str, depends: list[str]) -> pathlib.Path:
    """The tarball of a Debian with these packages; made when it is not there yet. Skips the test where that cannot be."""
    if os.geteuid() != 0:
        raise unittest.SkipTest("making a chroot needs root")
    packages = sorted({*depends, *BESIDES})
    place = debian.cache() / f"{suite}-{hashlib.sha256(' '.join(packages).encode()).hexdigest()[:12]}.tar"
    with open(debian.cache() / f"{suite}.lock", "w") as lock:
        # Two test runs at once make one.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            if shutil.which("mmdebstrap") is None:
                raise unittest.SkipTest("there is no mmdebstrap; deploy/needs test installs it")
            unfinished = place.with_suffix(".part")
            words = ["mmdebstrap", "--mode=root", "--variant=apt", f"--include={','.join(packages)}", "--format=tar"]
            words += ['--aptopt=Acquire::Languages "none"', "--dpkgopt=path-exclude=/usr/share/locale/*"]
            made = subprocess.run([*words, suite, unfinished, MIRROR], capture_output=True, text=True, timeout=1200)
            if made.returncode != 0:
                said = [line for line in made.stderr.splitlines() if line.startswith("E:")] or made.stderr.splitlines()
                raise unittest.SkipTest(f"no Debian {suite} from {MIRROR}: {said[0] if said else 'without a word'}")
            unfinished.rename(place)
    return place


class Chroot:
    """A Debian that lives as long as the object: ``end`` kills what runs in it and removes it."""

    def __init__(self, tarball: pathlib.Path):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="panel-chroot-"))
        subprocess.run(["tar", "-xf", tarball, "-C", self.root, "--numeric-owner"], check=True)
        # In namespaces of its own: all mounts and processes go when the first process does.
        set_up = 'mount -t proc proc "$0/proc" && mount -t tmpfs -o mode=755 run "$0/run" && echo ready && exec sleep infinity'
        self._first = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "sh", "-c", set_up, self.root],
            stdout=subprocess.PIPE, text=True,
        )
        if self._first.stdout.readline() != "ready\n":
            self.end()
            raise unittest.SkipTest("this machine allows no mounts in a namespace of its own")
        children = pathlib.Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read_text().split()
        self._enter = ["nsenter", "--mount", "--pid", "--target", children[0], "chroot", self.root]

    def path(self, inside: str) -> pathlib.Path:
        return self.root / inside.lstrip("/")

    def words(self, *words: str, user: str | None = None) -> list:
        """A command line for this machine that runs one inside, as a user with all their groups."""
        change = ["setpriv", f"--reuid={user}", f"--regid={self.group(user)}", "--init-groups"] if user else []
        return [*self._enter, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", *change, *words]

    def run(self, *words: str, user: str | None = None, text: str | None = None) -> subprocess.CompletedProcess:
        """Runs a command to its end; both outputs in one."""
        return subprocess.run(
            self.words(*words, user=user), input=text, stdin=None if text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
        )

    def must(self, *words: str, user: str | None = None) -> str:
        """Runs a command that has to succeed, and returns what it prints."""
        done = self.run(*words, user=user)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}: {done.stdout}")
        return done.stdout

    def group(self, user: str) -> str:
        """The number of a user's first group, as the system inside has it."""
        for line in self.path("/etc/passwd").read_text().splitlines():
            fields = line.split(":")
            if fields[0] == user:
                return fields[3]
        raise AssertionError(f"there is no user {user}")

    def end(self) -> None:
        self._first.kill()
        self._first.wait()
        self._first.stdout.close()
        shutil.rmtree(self.root, ignore_errors=True)
