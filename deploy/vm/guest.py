"""One virtual panel: boots, runs commands, shows its screen, loses its power."""

import atexit
import ctypes
import pathlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

from . import debian, initramfs
from .agent import Agent, Result
from .debian import Trouble
from .displays import DISPLAYS
from .kernel import Kernel
from .nbd import Disk
from .picture import Picture
from .qmp import QMP
from .vnc import Viewer

AGENTS = 3
MEMORY = 640


class Guest:
    """A booted guest. Use it in a `with`; leaving it cuts the power.

    display: a name of `DISPLAYS`; size: panel pixels where the display takes them.
    programs: name in the guest's /usr/bin -> file here. files: path in the guest -> file or folder here.
    disk: an image of `disk.make`, or a `nbd.Disk`; mounted at /var/lib/panel.
    patience: seconds that the boot may take.
    driver: False leaves the display's driver unloaded, `load` in the guest loads it later.
    """

    def __init__(
        self,
        display: str = "virtio-gpu",
        size: tuple[int, int] = (1280, 800),
        programs: dict[str, pathlib.Path] | None = None,
        files: dict[str, pathlib.Path] | None = None,
        disk: "pathlib.Path | Disk | None" = None,
        driver: bool = True,
        accel: str = "tcg",
        modules: tuple[str, ...] = (),
        arguments: tuple[str, ...] = (),
        patience: float = 120,
    ):
        self.display = DISPLAYS[display]
        self.size = self.display.mode or size
        self._place = pathlib.Path(tempfile.mkdtemp(prefix="panel-vm-"))
        self.shared = self._place / "host"
        """Seen in the guest as /host."""
        self.shared.mkdir()
        self._process: subprocess.Popen | None = None
        atexit.register(self.close)
        began = time.monotonic()
        try:
            kernel = Kernel(debian.kernel())
            loaded = ["virtio_pci", "virtio_console", "9p", "9pnet_virtio", "evdev", "uinput", *modules]
            if disk:
                loaded += ["virtio_blk", "crc32c_generic", "ext4"]
            if driver and self.display.module:
                loaded.append(self.display.module)
            image = self._initramfs(kernel, loaded, bool(disk), programs or {}, files or {})
            self._start(kernel, image, disk, accel, arguments)
            self.run("true", timeout=patience)
            self.boot_seconds = time.monotonic() - began
        except BaseException:
            self.close()
            raise

    def run(self, command: str, timeout: float = 60, check: bool = True) -> Result:
        """Runs a shell script in the guest. A failure raises, with what the script complained of, unless told not to."""
        try:
            result = self.agent.run(command, timeout)
        except (Trouble, OSError) as error:
            raise Trouble(f"{error}\n--- the guest's console:\n{self.console()[-3000:]}") from error
        if check and result.code != 0:
            raise Trouble(
                f"in the guest, exit {result.code}: {command}\n{result.text[-2000:]}{result.complaint[-2000:]}"
            )
        return result

    def start(self, command: str, name: str) -> "Running":
        """Starts a command in the background; its output goes to /tmp/NAME.out and .err of the guest."""
        files = f"/tmp/{name}.out 2>/tmp/{name}.err"
        inner = f"( {command}\n); echo $? >/tmp/{name}.code.new; mv /tmp/{name}.code.new /tmp/{name}.code"
        quoted = shlex.quote(inner)
        self.run(f"rm -f /tmp/{name}.code; setsid sh -c {quoted} </dev/null >{files} &")
        return Running(self, name)

    def screendump(self) -> Picture:
        """What the virtual screen shows now."""
        target = self._place / "screen.ppm"
        self.qmp.run("screendump", filename=str(target))
        return Picture.ppm(target.read_bytes())

    def read(self, path: str) -> bytes:
        """A file of the guest."""
        return self.run(f"cat {shlex.quote(path)}").output

    def put(self, content: bytes, path: str) -> None:
        """Writes a file of the guest, by way of the shared folder."""
        passing = self.shared / ".passing"
        passing.write_bytes(content)
        self.run(f"mkdir -p $(dirname {shlex.quote(path)}) && cp /host/.passing {shlex.quote(path)}")
        passing.unlink()

    def viewer(self) -> Viewer:
        """A VNC viewer, which can swap the monitor or pull its cable."""
        return Viewer(self._place / "vnc")

    def console(self) -> str:
        """What the kernel and init wrote to the serial line."""
        path = self._place / "console"
        return path.read_text(errors="replace") if path.exists() else ""

    def cut(self) -> None:
        """The plug is pulled: QEMU dies at once, and with it everything in the guest's memory."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        self.cut()
        for each in ("agent", "qmp"):
            if hasattr(self, each):
                getattr(self, each).close()
        shutil.rmtree(self._place, ignore_errors=True)
        atexit.unregister(self.close)

    def __enter__(self) -> "Guest":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _initramfs(self, kernel, loaded, disk, programs, files) -> pathlib.Path:
        own = initramfs.Archive()
        words = f'modules="{" ".join(loaded)}"\ndisk={"yes" if disk else "no"}\n'
        own.file("etc/guest.conf", words.encode())
        for name, source in programs.items():
            own.program(pathlib.Path(source), f"usr/bin/{name}")
        for path, source in files.items():
            own.copy(pathlib.Path(source), path)
        return initramfs.write(kernel, own, self._place / "initramfs")

    def _start(self, kernel, image, disk, accel, arguments) -> None:
        at = self._place
        width, height = self.size
        with debian.locked():
            starts = kernel.image if "vga=" in self.display.kernel else kernel.plain()
        words = f"console=ttyS0 quiet panic=-1 random.trust_cpu=on {self.display.kernel}"
        command = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot", "-nic", "none"]
        command += ["-machine", "q35", "-accel", accel, "-m", str(MEMORY), "-smp", "1"]
        command += ["-kernel", starts, "-initrd", image, "-append", words]
        command += ["-display", f"vnc=unix:{at}/vnc", "-serial", f"file:{at}/console"]
        command += ["-qmp", f"unix:{at}/qmp,server=on,wait=off", "-device", "virtio-serial-pci"]
        for number in range(AGENTS):
            command += ["-chardev", f"socket,id=agent{number},path={at}/agent{number},server=on,wait=off"]
            command += ["-device", f"virtserialport,chardev=agent{number},name=agent{number}"]
        command += ["-virtfs", f"local,path={self.shared},mount_tag=host,security_model=none"]
        command += [word.format(width=width, height=height) for word in self.display.arguments]
        if disk:
            place = f"nbd+unix:///?socket={disk.path}" if isinstance(disk, Disk) else disk
            command += ["-drive", f"file={place},format=raw,if=none,id=data,cache=writeback"]
            command += ["-device", "virtio-blk-pci,drive=data"]
        said = open(at / "qemu", "wb")
        self._process = subprocess.Popen(
            [*map(str, command), *arguments], stdout=said, stderr=said, stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
        )
        said.close()
        try:
            self.qmp = QMP(at / "qmp", lambda: self._process.poll() is None)
        except Trouble as error:
            raise Trouble(f"{error}; QEMU said: {(at / 'qemu').read_text().strip() or 'nothing'}") from error
        self.agent = Agent([at / f"agent{number}" for number in range(AGENTS)])


class Running:
    """A command in the background of a guest."""

    def __init__(self, guest: Guest, name: str):
        self._guest = guest
        self.name = name

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs. 128 + N after signal N."""
        told = self._guest.run(f"cat /tmp/{self.name}.code", check=False)
        return int(told.text) if told.code == 0 else None

    @property
    def output(self) -> str:
        return self._guest.run(f"cat /tmp/{self.name}.out").text

    @property
    def errors(self) -> str:
        return self._guest.run(f"cat /tmp/{self.name}.err").text

    def wait(self, timeout: float = 60) -> int:
        """Waits for its end and returns its exit code."""
        waiting = f"while [ ! -f /tmp/{self.name}.code ]; do sleep 0.05; done; cat /tmp/{self.name}.code"
        return int(self._guest.run(waiting, timeout).text)


def _die_with_parent() -> None:
    """A test that is killed takes its QEMU with it (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
