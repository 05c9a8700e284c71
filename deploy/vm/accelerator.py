"""Whether KVM can carry the guest. /dev/kvm may open and yet not run an unmodified kernel, so only a boot tells."""

import os

from . import debian
from .debian import Trouble


def accelerator(wanted: str = "tcg") -> str:
    """tcg or kvm. For "auto", kvm where one guest has booted with it on this machine since it started; else tcg."""
    if wanted != "auto":
        return wanted
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    with open("/proc/sys/kernel/random/boot_id") as told:
        answer = debian.cache() / f"accelerator-{told.read().strip()}"
    if not answer.exists():
        answer.write_text(_probe())
    return answer.read_text()


def _probe() -> str:
    from .guest import Guest

    try:
        with Guest(display="none", accel="kvm", patience=15):
            return "kvm"
    except Trouble:
        return "tcg"
