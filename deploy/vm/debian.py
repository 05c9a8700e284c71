"""What the virtual panel takes from Debian: packages by apt-get, and a kernel that is unpacked but never installed."""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class Trouble(Exception):
    """What went wrong, as one sentence with the next step."""


def cache() -> pathlib.Path:
    """Where kernels and what is made from them are kept: out/vm, or what DIGIT_PANEL_CACHE names."""
    named = os.environ.get("DIGIT_PANEL_CACHE")
    place = pathlib.Path(named) if named else REPOSITORY / "out" / "vm"
    place.mkdir(parents=True, exist_ok=True)
    return place


def install() -> None:
    """Installs QEMU, busybox and the disk tools where they are missing."""
    subprocess.run([REPOSITORY / "deploy" / "needs", "virtual"], check=True)


def kernel_package() -> str:
    """The package that linux-image-amd64 depends on, such as linux-image-6.1.0-56-amd64."""
    for attempt in range(2):
        listed = subprocess.run(
            ["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True
        ).stdout
        found = re.search(r"Depends: (linux-image-\d\S*)", listed)
        if found:
            return found.group(1)
        if attempt == 0:
            as_root = [] if os.geteuid() == 0 else ["sudo"]
            subprocess.run([*as_root, "apt-get", "-qq", "update"], check=True)
    raise Trouble(
        "cannot find a kernel: apt-cache knows no linux-image-amd64; the virtual panel needs Debian's x86-64 packages"
    )


@contextlib.contextmanager
def locked():
    """One at a time makes what lies in the cache; others that boot meanwhile wait and find it made."""
    with open(cache() / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kernel() -> pathlib.Path:
    """The root of the unpacked kernel package; fetched once and kept in the cache."""
    place = cache()
    with locked():
        for ready in sorted(place.glob("linux-image-*/complete")):
            return ready.parent
        package = kernel_package()
        fetched = place / "fetched"
        shutil.rmtree(fetched, ignore_errors=True)
        fetched.mkdir()
        got = subprocess.run(["apt-get", "-qq", "download", package], cwd=fetched, capture_output=True, text=True)
        archives = list(fetched.glob("*.deb"))
        if got.returncode != 0 or not archives:
            raise Trouble(f"cannot download {package}: {got.stderr.strip() or 'apt-get left no file'}")
        unpacked = place / package
        shutil.rmtree(unpacked, ignore_errors=True)
        subprocess.run(["dpkg", "-x", archives[0], unpacked], check=True)
        shutil.rmtree(fetched)
        (unpacked / "complete").touch()
        return unpacked
