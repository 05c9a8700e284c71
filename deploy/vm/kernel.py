"""The unpacked kernel: its image, the plain vmlinux inside it, and its modules in the order of their needs."""

import lzma
import pathlib
import struct
import subprocess
import zlib

from .debian import Trouble

# Offsets in the setup header of a bzImage, see Documentation/arch/x86/boot.rst of the kernel.
SETUP_SECTORS = 0x1F1
HEADER_MAGIC = 0x202
PAYLOAD_OFFSET = 0x248


class Kernel:
    """One kernel package, unpacked at `root`."""

    def __init__(self, root: pathlib.Path):
        self.root = root
        images = sorted((root / "boot").glob("vmlinuz-*"))
        if not images:
            raise Trouble(f"no kernel image in {root}/boot; remove {root} and run again to fetch it anew")
        self.image = images[0]
        self.version = self.image.name.removeprefix("vmlinuz-")
        self._modules = {}
        for folder in (root / "lib", root / "usr" / "lib"):
            for path in folder.glob("modules/**/*.ko*"):
                self._modules[path.name.split(".")[0].replace("-", "_")] = path

    def plain(self) -> pathlib.Path:
        """The vmlinux inside the bzImage. Booted directly it saves QEMU's guest the unpacking, 2 to 3 seconds of TCG."""
        target = self.root / "vmlinux"
        if target.exists():
            return target
        image = self.image.read_bytes()
        if image[HEADER_MAGIC : HEADER_MAGIC + 4] != b"HdrS":
            raise Trouble(f"{self.image} is no bzImage; remove {self.root} and run again to fetch it anew")
        start = ((image[SETUP_SECTORS] or 4) + 1) * 512
        offset, length = struct.unpack_from("<II", image, PAYLOAD_OFFSET)
        payload = image[start + offset : start + offset + length]
        unfinished = target.with_suffix(".new")
        unfinished.write_bytes(decompress(payload))
        unfinished.rename(target)
        return target

    def closure(self, names: list[str]) -> list[str]:
        """The modules named and all that they need, each after its needs. Unknown names are built in: left out."""
        order: list[str] = []

        def visit(name: str) -> None:
            name = name.replace("-", "_")
            if name in order or name not in self._modules:
                return
            for needed in self.needs(name):
                visit(needed)
            order.append(name)

        for name in names:
            visit(name)
        return order

    def needs(self, name: str) -> list[str]:
        """What the module's own .modinfo section says it depends on."""
        content = self.content(name)
        start = content.find(b"\0depends=")
        if start < 0:
            return []
        end = content.index(b"\0", start + 1)
        return [each for each in content[start + 9 : end].decode().split(",") if each]

    def content(self, name: str) -> bytes:
        """The bytes of a module, unpacked."""
        path = self._modules[name]
        content = path.read_bytes()
        return content if path.suffix == ".ko" else decompress(content)


def decompress(payload: bytes) -> bytes:
    """Unpacks xz, gzip or zstd, told apart by the first bytes. The kernel's xz carries 4 bytes of length after its end."""
    if payload[:6] == b"\xfd7zXZ\0":
        return lzma.LZMADecompressor().decompress(payload)
    if payload[:2] == b"\x1f\x8b":
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(payload)
    if payload[:4] == b"\x28\xb5\x2f\xfd":
        done = subprocess.run(["zstd", "-dc"], input=payload, capture_output=True)
        if done.stdout:
            return done.stdout
    raise Trouble("the kernel is packed in a way that is not xz, gzip or zstd (for zstd: apt-get install zstd)")
