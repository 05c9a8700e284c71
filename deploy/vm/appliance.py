"""A booted appliance: a guest whose system lies on a disk (`system.make`), with systemd as its first process."""

import pathlib

from . import initramfs
from .guest import Guest
from .nbd import Disk

ROOT = "/dev/vdb"
INSTRUCTION = 0
"""An instruction takes 2 to the power of this nanoseconds: what a test times does not depend on what else runs here."""
DISKS = ("virtio_pci", "virtio_blk", "crc32c_generic", "ext4")


class Appliance(Guest):
    """A `Guest` that boots a system's disk. What it writes there is forgotten with it; the store's disk keeps what it got.

    system: an image of `system.make`. store: an image of `disk.make`, or a `nbd.Disk`; mounted at /var/lib/panel.
    """

    def __init__(
        self, system: pathlib.Path, store: "pathlib.Path | Disk", display: str = "virtio-gpu",
        size: tuple[int, int] = (1280, 800), accel: str = "tcg", patience: float = 240,
    ):
        words = ("-drive", f"file={system},format=raw,if=none,id=system,snapshot=on,cache=unsafe")
        words += ("-device", "virtio-blk-pci,drive=system")
        words += ("-icount", f"shift={INSTRUCTION},align=off")
        super().__init__(display, size, disk=store, accel=accel, arguments=words, patience=patience)

    def wait(self, timeout: float) -> int:
        """Waits until the machine has switched itself off; returns QEMU's exit code."""
        return self._process.wait(timeout)

    def _initramfs(self, kernel, loaded, disk, programs, files) -> pathlib.Path:
        """Only what mounts the system's disk; its own udev loads the rest."""
        own = initramfs.Archive()
        own.file("etc/guest.conf", f'modules="{" ".join(DISKS)}"\nroot={ROOT}\n'.encode())
        own.folder("new")
        own.copy(initramfs.HERE / "guest" / "hand-over", "init")
        return initramfs.write(kernel, own, self._place / "initramfs")
