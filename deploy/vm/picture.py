"""Pictures of the virtual screen: QEMU's PPM in, PNG out."""

import dataclasses
import pathlib
import re
import struct
import zlib


@dataclasses.dataclass(frozen=True)
class Picture:
    """Rows of 8-bit RGB pixels from the top left."""

    width: int
    height: int
    rgb: bytes

    @classmethod
    def ppm(cls, content: bytes) -> "Picture":
        """Reads the binary PPM that QEMU's screendump writes."""
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", content)
        if not head:
            raise ValueError("not a binary PPM with 8 bits a colour")
        width, height = int(head.group(1)), int(head.group(2))
        rgb = content[head.end() :]
        if len(rgb) != width * height * 3:
            raise ValueError(f"a PPM of {width}x{height} with {len(rgb)} bytes of pixels")
        return cls(width, height, rgb)

    def png(self) -> bytes:
        """The picture as PNG, colour type RGB, every row unfiltered."""
        row = self.width * 3
        rows = b"".join(b"\0" + self.rgb[y * row : (y + 1) * row] for y in range(self.height))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")

    def save(self, path: pathlib.Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.png())


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
