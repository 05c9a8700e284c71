"""Builds an initramfs: a cpio archive in the kernel's newc format, uncompressed, since TCG would pay for unpacking."""

import pathlib
import re
import shutil
import stat
import subprocess

from .debian import Trouble, locked
from .kernel import Kernel

HERE = pathlib.Path(__file__).resolve().parent
FONTS = pathlib.Path("/usr/share/fonts/opentype/inter")

# What every guest has: the way in and out, disks, input, and the drivers of all displays, to be loaded when wanted.
BASE = ["virtio_pci", "virtio_console", "9p", "9pnet_virtio", "virtio_blk", "crc32c_generic", "ext4", "evdev", "uinput"]
DISPLAYS = ["virtio_gpu", "bochs", "cirrus"]


class Archive:
    """Files, folders and links on their way into a cpio archive (see the kernel's buffer-format.rst)."""

    def __init__(self):
        self._entries: dict[str, tuple[int, bytes]] = {}

    def folder(self, path: str) -> None:
        """A folder and those above it."""
        parts = path.strip("/").split("/")
        for count in range(1, len(parts) + 1):
            self._entries.setdefault("/".join(parts[:count]), (stat.S_IFDIR | 0o755, b""))

    def file(self, path: str, content: bytes, mode: int = 0o644) -> None:
        path = path.strip("/")
        if "/" in path:
            self.folder(path.rsplit("/", 1)[0])
        self._entries[path] = (stat.S_IFREG | mode, content)

    def copy(self, source: pathlib.Path, path: str) -> None:
        """A file of this machine with its mode; a folder whole."""
        if source.is_dir():
            self.folder(path)
            for each in sorted(source.iterdir()):
                self.copy(each, f"{path}/{each.name}")
        else:
            self.file(path, source.read_bytes(), 0o755 if source.stat().st_mode & 0o111 else 0o644)

    def program(self, source: pathlib.Path, path: str) -> None:
        """A program, its loader and every shared library that ldd names."""
        self.copy(source, path)
        told = subprocess.run(["ldd", source], capture_output=True, text=True)
        if "not found" in told.stdout:
            lost = re.findall(r"(\S+) => not found", told.stdout)
            raise Trouble(f"cannot put {source} into the guest: this machine lacks its libraries {', '.join(lost)}")
        for name, library in re.findall(r"^\s*(\S+) => (/\S+)", told.stdout, re.MULTILINE):
            self.copy(pathlib.Path(library).resolve(), f"usr/lib/{name}")
        for loader in re.findall(r"^\s*(/\S+) \(", told.stdout, re.MULTILINE):
            self.copy(pathlib.Path(loader).resolve(), loader)

    def bytes(self) -> bytes:
        """The archive. Several archives one after another are one archive to the kernel."""
        out = bytearray()
        for number, (path, (mode, content)) in enumerate(sorted(self._entries.items()), 1):
            _append(out, path, mode, content, number)
        _append(out, "TRAILER!!!", 0, b"", 0)
        out += bytes(-len(out) % 512)
        return bytes(out)


def _append(out: bytearray, path: str, mode: int, content: bytes, number: int) -> None:
    name = path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = [number, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name), 0]
    out += b"070701" + b"".join(b"%08X" % field for field in fields) + name
    out += bytes(-len(out) % 4)
    out += content
    out += bytes(-len(out) % 4)


def base(kernel: Kernel) -> pathlib.Path:
    """The part that every guest shares: busybox, init, agent, fonts and modules. Made once for a kernel and its sources."""
    sources = [HERE / "guest" / "init", HERE / "guest" / "agent", HERE / "guest" / "load", pathlib.Path(__file__)]
    target = kernel.root / "base.cpio"
    busybox = shutil.which("busybox", path="/bin:/usr/bin")
    if busybox is None:
        raise Trouble("there is no busybox; install it: apt-get install busybox-static")
    if target.exists() and target.stat().st_mtime > max(each.stat().st_mtime for each in sources):
        return target
    archive = Archive()
    for folder in ("proc", "sys", "dev", "tmp", "run", "host", "root", "var/lib/panel", "usr/bin", "usr/lib"):
        archive.folder(folder)
    archive.file("bin/busybox", pathlib.Path(busybox).read_bytes(), 0o755)
    archive.copy(HERE / "guest" / "init", "init")
    archive.copy(HERE / "guest" / "agent", "bin/agent")
    archive.copy(HERE / "guest" / "load", "bin/load")
    for font in sorted(FONTS.glob("*.otf")):
        if "Italic" not in font.name:
            archive.copy(font, str(font))
    for name in kernel.closure(BASE + DISPLAYS):
        archive.file(f"lib/modules/{name}.ko", kernel.content(name))
        archive.file(f"lib/modules/{name}.order", " ".join(kernel.closure([name])).encode())
    unfinished = target.with_suffix(".new")
    unfinished.write_bytes(archive.bytes())
    unfinished.rename(target)
    return target


def write(kernel: Kernel, own: Archive, image: pathlib.Path) -> pathlib.Path:
    """An initramfs of what every guest shares and what is this one's own."""
    with locked():
        shared = base(kernel).read_bytes()
    with open(image, "wb") as out:
        out.write(shared)
        out.write(own.bytes())
    return image
