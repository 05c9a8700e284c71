"""The displays that a virtual panel can have, as values."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Display:
    """One kind of display hardware and how the guest's kernel comes by it."""

    name: str
    arguments: tuple[str, ...]
    """QEMU's; {width} and {height} are filled in."""
    module: str | None
    """The driver to load; None where the kernel has it built in."""
    mode: tuple[int, int] | None
    """The one mode it has; None where it takes what QEMU is given."""
    kernel: str = ""
    """More of the kernel's command line. `vga=` is read by the boot code of the bzImage, not by vmlinux."""
    bits: tuple[int, int, int] = (8, 8, 8)
    """Bits of red, green and blue that reach the glass."""


DISPLAYS = {
    display.name: display
    for display in (
        Display("virtio-gpu", ("-vga", "none", "-device", "virtio-gpu-pci,xres={width},yres={height}"), "virtio_gpu", None),
        Display("bochs", ("-vga", "none", "-device", "bochs-display,edid=on,xres={width},yres={height}"), "bochs", None),
        # The driver takes XRGB8888 and makes 16 bits of it, since four bytes a pixel do not fit the card at this mode.
        Display("cirrus", ("-vga", "cirrus"), "cirrus", (1024, 768), bits=(5, 6, 5)),
        Display("vesafb16", ("-vga", "std"), None, (1024, 768), "vga=0x317", (5, 6, 5)),
        Display("vesafb24", ("-vga", "std"), None, (1024, 768), "vga=0x318"),
        Display("vesafb32", ("-vga", "std"), None, (1024, 768), "vga=0x344"),
        Display("none", ("-vga", "none"), None, None),
    )
}
