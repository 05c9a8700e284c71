"""The data disk of a virtual panel: a raw image with ext4, kept between boots."""

import pathlib
import shutil
import subprocess

from .debian import Trouble

# mke2fs and e2fsck lie in /usr/sbin, which an ordinary user's PATH lacks.
WHERE = "/usr/sbin:/sbin:/usr/bin:/bin"


def make(path: pathlib.Path, megabytes: int = 64) -> None:
    """Makes an empty image; what lies at `path` is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as image:
        image.truncate(megabytes << 20)
    # No lazy initialisation: its writes would come later, in the middle of what a test looks at.
    options = "lazy_itable_init=0,lazy_journal_init=0"
    made = subprocess.run(
        [tool("mke2fs"), "-q", "-F", "-t", "ext4", "-E", options, path], capture_output=True, text=True
    )
    if made.returncode != 0:
        raise Trouble(f"cannot make a disk at {path}: {made.stderr.strip()}")


def check(path: pathlib.Path) -> str:
    """What e2fsck finds wrong after it has replayed the journal; empty when nothing."""
    replayed = subprocess.run([tool("e2fsck"), "-p", path], capture_output=True, text=True)
    looked = subprocess.run([tool("e2fsck"), "-fn", path], capture_output=True, text=True)
    return "" if looked.returncode == 0 else replayed.stdout + looked.stdout


def tool(name: str) -> str:
    """Where a program of e2fsprogs lies."""
    found = shutil.which(name, path=WHERE)
    if found is None:
        raise Trouble(f"there is no {name}; install it: apt-get install e2fsprogs")
    return found
