"""The virtual panel: Debian's own kernel in QEMU, with a screen, touch devices and a disk that can lose power.

`Guest` boots it and runs commands in it; `deploy/vm/run` is the same from a shell.
"""
