"""A whole Debian on a disk image: mmdebstrap makes it, systemd is its init, packages of ours are installed as on a booth.

What comes from Debian's mirror is kept in the cache, by the list of packages; the image is made from it in seconds. It takes root, for
chroot: that of the person who runs it, or by sudo.
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from . import debian, disk
from .debian import Trouble
from .kernel import Kernel

HERE = pathlib.Path(__file__).resolve().parent
# init, devices, the bus and the rules by which a service may shut the machine down; what tests look with.
PACKAGES = ("systemd-sysv", "udev", "kmod", "dbus", "polkitd", "init-system-helpers", "fonts-inter")
MODULES = ("virtio_gpu", "virtio_console", "9p", "9pnet_virtio", "evdev", "uinput", "virtio_blk", "ext4", "crc32c_generic")
# Timers and consoles that nobody needs for the few minutes of a test.
MASKED = ("serial-getty@ttyS0.service", "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer",
          "e2scrub_reap.service", "fstrim.timer", "systemd-pstore.service", "systemd-random-seed.service",
          "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service", "systemd-hwdb-update.service")
AGENT = """[Unit]
Description=What the host asks for at %i
DefaultDependencies=no
After=systemd-udev-trigger.service local-fs.target

[Service]
ExecStartPre=/bin/sh -c 'until [ -e /dev/virtio-ports/%i ]; do sleep 0.1; done'
ExecStart=/usr/local/bin/agent /dev/virtio-ports/%i
OOMScoreAdjust=-1000

[Install]
WantedBy=sysinit.target
"""
# The first disk is the store's, the second the system's own (hand-over mounts it).
FSTAB = """/dev/vda /var/lib/panel ext4 defaults 0 2
host /host 9p trans=virtio,version=9p2000.L,msize=262144,cache=none 0 0
"""
AGENTS = 3


class NotThere(Exception):
    """The system cannot be made here; the text says why."""


def release() -> str:
    """The Debian release of this machine, such as bookworm: our programs are linked with its libraries."""
    lines = pathlib.Path("/etc/os-release").read_text().splitlines()
    words = dict(line.split("=", 1) for line in lines if "=" in line)
    name = words.get("VERSION_CODENAME", "").strip('"')
    if words.get("ID", "").strip('"') != "debian" or not name:
        raise NotThere("this machine is no Debian, and what is built here does not run on one")
    return name


def mirror(suite: str) -> str:
    """Where apt takes Debian's packages from on this machine."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"], capture_output=True, text=True
    ).stdout
    for line in told.splitlines():
        site, _, name = line.partition(" ")
        if name == suite:
            return site
    return "http://deb.debian.org/debian"


def base(packages: tuple[str, ...]) -> pathlib.Path:
    """The archive of a small Debian with these packages; fetched once and kept."""
    suite = release()
    key = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    target = debian.cache() / f"debian-{suite}-{key}.tar"
    with debian.locked():
        if target.exists():
            return target
        if shutil.which("mmdebstrap") is None:
            raise NotThere("there is no mmdebstrap; install it: apt-get install mmdebstrap")
        for old in debian.cache().glob(f"debian-{suite}-*.tar"):
            old.unlink()
        unfinished = target.with_suffix(".new.tar")
        slim = [f"--dpkgopt=path-exclude=/usr/share/{each}/*" for each in ("man", "locale", "info")]
        words = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(sorted(packages))}", *slim]
        made = subprocess.run(
            [*_as_root(), *words, suite, unfinished, mirror(suite)], capture_output=True, text=True
        )
        if made.returncode != 0:
            unfinished.unlink(missing_ok=True)
            said = [line for line in made.stderr.splitlines() if line.startswith("E:")] or ["without a word"]
            raise NotThere(f"mmdebstrap cannot make a Debian {suite}: {said[-1]}")
        unfinished.rename(target)
        return target


def needed(packages: list[pathlib.Path]) -> tuple[str, ...]:
    """What these package files depend on, without themselves; of alternatives the first."""
    names, own = set(), set()
    for package in packages:
        told = subprocess.run(
            ["dpkg-deb", "--field", package, "Package", "Depends"], capture_output=True, text=True, check=True
        ).stdout
        own.update(re.findall(r"^Package: (\S+)", told, re.MULTILINE))
        for each in re.sub(r"^.*Depends: |^Package:.*$", "", told, flags=re.MULTILINE).split(","):
            names.add(re.split(r"[\s(|]", each.strip())[0])
    return tuple(sorted(names - own - {""}))


def make(
    image: pathlib.Path, packages: list[pathlib.Path], programs: dict[str, pathlib.Path], files: dict[str, bytes],
    megabytes: int = 900,
) -> None:
    """Makes the image of a system with our packages installed, with programs in /usr/local/bin for the tests, and with files in
    place of those that the packages brought."""
    archive = base(tuple(sorted({*PACKAGES, *needed(packages)})))
    kernel = Kernel(debian.kernel())
    with tempfile.TemporaryDirectory(prefix="panel-system-") as scratch:
        root = pathlib.Path(scratch) / "root"
        passing = pathlib.Path(scratch) / "passing"
        _furnish(passing, kernel, programs, files)
        quoted = " ".join(f"/{package.name}" for package in packages)
        links = "\n".join(f"ln -sf /dev/null etc/systemd/system/{name}" for name in MASKED)
        agents = "\n".join(
            f"ln -s ../agent@.service etc/systemd/system/sysinit.target.wants/agent@agent{number}.service"
            for number in range(AGENTS)
        )
        script = f"""set -eu
mkdir {root}
cd {root}
tar -xpf {archive} --numeric-owner --xattrs
cp -a {' '.join(str(package) for package in packages)} .
mount --bind /proc proc
trap 'umount {root}/proc' EXIT
chroot . dpkg --install {quoted}
rm {' '.join(package.name for package in packages)}
cp -a {passing}/. .
mkdir -p host var/lib/panel etc/systemd/system/sysinit.target.wants
{links}
{agents}
chroot . depmod {kernel.version}
chroot . systemctl --quiet set-default multi-user.target
umount proc
trap - EXIT
rm -f {image}
truncate --size={megabytes}M {image}
{disk.tool('mke2fs')} -q -F -t ext4 -E lazy_itable_init=0,lazy_journal_init=0 -d . {image}
chown {os.getuid()}:{os.getgid()} {image}
cd /
rm -rf {root}
"""
        done = subprocess.run([*_as_root(), "sh", "-c", script], capture_output=True, text=True)
        if done.returncode != 0:
            subprocess.run([*_as_root(), "rm", "-rf", str(root)], check=False)
            raise Trouble(f"cannot make the system's disk: {(done.stderr or done.stdout)[-2000:]}")


def _furnish(
    place: pathlib.Path, kernel: Kernel, programs: dict[str, pathlib.Path], files: dict[str, bytes]
) -> None:
    """What the system gets besides packages: modules, the agent, programs of the tests."""
    # Debian's /lib is a link to usr/lib.
    modules = place / "usr" / "lib" / "modules" / kernel.version
    modules.mkdir(parents=True)
    for name in kernel.closure(list(MODULES)):
        (modules / f"{name}.ko").write_bytes(kernel.content(name))
    tools = place / "usr" / "local" / "bin"
    tools.mkdir(parents=True)
    shutil.copy2(HERE / "guest" / "agent", tools / "agent")
    for name, source in programs.items():
        shutil.copy2(source, tools / name)
    busybox = shutil.which("busybox", path="/bin:/usr/bin")
    if busybox is None:
        raise Trouble("there is no busybox; install it: apt-get install busybox-static")
    (place / "usr" / "bin").mkdir()
    shutil.copy2(busybox, place / "usr" / "bin" / "busybox")
    etc = place / "etc"
    (etc / "systemd" / "system").mkdir(parents=True)
    (etc / "systemd" / "system" / "agent@.service").write_text(AGENT)
    (etc / "fstab").write_text(FSTAB)
    (etc / "hostname").write_text("booth\n")
    (etc / "machine-id").write_text(hashlib.sha256(b"booth").hexdigest()[:32] + "\n")
    (etc / "modules-load.d").mkdir()
    (etc / "modules-load.d" / "tests.conf").write_text("uinput\n9pnet_virtio\n")
    for path, content in files.items():
        (place / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (place / path.lstrip("/")).write_bytes(content)
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "0:0", place], check=True)


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo"]
