"""Debian with systemd, booted in QEMU, the panel installed as a service: it is used, killed, hung, and loses its power.

Time in the guest is counted: an instruction takes a nanosecond, whatever else this machine does, and so the seconds that are
printed are those of a board that does a thousand million instructions a second.
"""

import pathlib
import re
import tempfile
import unittest

import installed
from installed import Appliance, Installed, until
from vm import debian, disk, system
from vm.nbd import Disk

BACK = 5.0
"""Seconds from a kill or a hang to the invitation."""


class Booted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="panel-appliance-")))
        try:
            debian.install()
            installed.make(cls.place / "system.img")
        except system.NotThere as reason:
            raise unittest.SkipTest(str(reason)) from None
        disk.make(cls.place / "store.img", 128)
        cls.boot(1)

    @classmethod
    def boot(cls, number: int) -> None:
        """Boots with a store's disk that forgets what was not flushed when its power is cut."""
        cls.power = Disk(cls.place / "store.img", cls.place / f"nbd{number}")
        cls.guest = Appliance(cls.place / "system.img", cls.power, size=installed.SIZE)
        cls.addClassCleanup(cls.guest.close)
        cls.panel = Installed(cls.guest)
        cls.first = cls.panel.lit()["first_picture_ns"] / 1e9
        cls.panel.plug()

    def visitor(self) -> None:
        """A visitor stands before the sheet."""
        if self.panel.status()["screen"] not in ("challenge", "free play"):
            self.panel.enter()

    def back(self, when: float, what: str, limit: float = BACK) -> float:
        """Waits until a new panel invites, and says how long that took in the guest."""
        told = self.panel.lit()
        self.assertEqual(told["screen"], "attract")
        self.assertEqual(told["display_state"], "lit")
        took = told["first_picture_ns"] / 1e9 - when
        print(f"{what}: the invitation stands again after {took:.2f} s (limit {limit:.1f} s)", flush=True)
        self.assertLess(took, limit)
        self.panel.settled()
        return took

    def test_1_the_service_has_the_console_and_says_how_it_is(self):
        print(f"kernel start to the first picture: {self.first:.2f} s", flush=True)
        memory = int(re.search(r"VmRSS:\s+(\d+)", self.guest.run(f"cat /proc/{self.panel.process}/status").text).group(1))
        print(f"resident memory: {memory / 1000:.1f} MB; of the service with its caches: "
              f"{int(self.panel.show('MemoryCurrent')) / 1e6:.1f} MB", flush=True)
        self.assertEqual(self.panel.show("ActiveState"), "active")
        self.assertEqual(self.panel.show("ActiveState", "getty@tty1"), "inactive")
        self.assertRegex(self.panel.show("StatusText"), r"^attract; 0 visits and 0 drawings since the start, 0 in the store$")
        self.assertEqual(self.guest.run(f"stat -c %U /proc/{self.panel.process}").text.strip(), "panel")
        self.assertIn("NoNewPrivs:\t1", self.guest.run(f"cat /proc/{self.panel.process}/status").text)
        self.panel.settled()
        self.assertEqual(self.panel.show("NRestarts"), "0", "nothing starved the watchdog meanwhile")

    def test_2_a_visitor_draws_and_the_drawing_is_stored(self):
        self.assertIn("consent", self.panel.enter())
        asked = self.panel.draw()
        self.panel.submit()
        self.panel.settled()
        sample = self.panel.samples()[-1]
        self.assertEqual((sample.label, sample.reading), (asked, asked))
        self.assertRegex(self.panel.show("StatusText"), r"1 visit and 1 drawing since the start, 1 in the store$")

    def test_3_another_monitor_is_seen_though_the_service_has_no_network(self):
        viewer = self.guest.viewer()
        viewer.resize(1024, 600)
        until(lambda: "1024x600" in self.panel.status()["display"], "the panel has taken the other monitor", 60)
        viewer.resize(*installed.SIZE)
        until(lambda: "1280x800" in self.panel.status()["display"], "the panel has taken the first monitor again", 60)
        viewer.close()
        devices = self.guest.run(f"tail -n +3 /proc/{self.panel.process}/net/dev | cut -d : -f 1").text.split()
        self.assertEqual(devices, ["lo"])

    def test_4_the_service_reaches_what_it_needs_and_nothing_else(self):
        inside = f"/usr/bin/nsenter --target {self.panel.process} --mount --net"
        user = f"{inside} /usr/bin/setpriv --reuid panel --regid panel --init-groups"
        # A file of sysfs that the group may write, as a udev rule makes the backlight's brightness one.
        light = "/sys/devices/virtual/graphics/fbcon/cursor_blink"
        self.guest.run(f"chgrp video {light}; chmod g+w {light}; {user} sh -c 'echo 1 >{light}'")
        self.guest.run(f"{user} sh -c 'echo x >{installed.SPOOL}/witness && rm {installed.SPOOL}/witness'")
        for place in ("/etc/panel/panel.ini", "/usr/bin/panelctl", "/proc/sys/kernel/printk", "/sys/kernel/mm/ksm/run", "/var/log/x"):
            refused = self.guest.run(f"{inside} sh -c 'echo x >>{place}'", check=False)
            self.assertNotEqual(refused.code, 0, place)
            self.assertIn("Read-only file system", refused.complaint, place)
        # The cgroup's devices: no disk, though root opens it.
        group = "/sys/fs/cgroup/system.slice/panel.service/cgroup.procs"
        disks = self.guest.run(f"sh -c 'echo $$ >{group}; head -c 1 /dev/vda'", check=False)
        self.assertIn("Operation not permitted", disks.complaint)

    def test_5_only_the_group_asks_and_only_the_owner_sees(self):
        ask = "/usr/bin/setpriv --reuid {} --regid {} --clear-groups panelctl {}"
        member = self.guest.run(ask.format("panel-monitor", "panel", "status --json"), check=False)
        self.assertIn('"panel":{', member.text)
        shot = self.guest.run(ask.format("panel-monitor", "panel", "screenshot -o /tmp/x.png"), check=False)
        self.assertEqual(shot.code, 1)
        self.assertIn("only the panel's user and root", shot.complaint)
        # A stranger is let through by every mode, and turned away by the credentials.
        self.guest.run(f"chmod o+rwx {installed.SPOOL} {installed.SPOOL}/control")
        stranger = self.guest.run(ask.format("nobody", "nogroup", f"screenshot --spool {installed.SPOOL} -o /tmp/y.png"), check=False)
        self.guest.run(f"chmod o-rwx {installed.SPOOL} {installed.SPOOL}/control")
        self.assertEqual(stranger.code, 1)
        self.assertIn("the panel closed the connection", stranger.complaint)

    def test_6_killed_it_comes_back_and_has_everything(self):
        self.visitor()
        self.panel.draw()
        self.panel.submit()
        stored = len(self.panel.samples())
        when = float(self.guest.run(f"cut -d ' ' -f 1 /proc/uptime; kill -KILL {self.panel.process}").text)
        self.back(when, "killed")
        self.assertEqual(len(self.panel.samples()), stored)

    def test_7_hung_it_is_started_anew(self):
        when = float(self.guest.run(f"cut -d ' ' -f 1 /proc/uptime; kill -STOP {self.panel.process}").text)
        self.back(when, "hung (SIGSTOP)")
        self.assertIn("Watchdog timeout", self.panel.journal())

    def test_8_a_disk_that_does_not_answer_takes_no_picture_away(self):
        self.visitor()
        self.panel.draw()
        x, y = installed.way_in.places(self.panel.status())["submit"].middle
        names = [sample.identifier for sample in self.panel.samples()]
        sheet = installed.glass(self.guest)
        old = self.panel.process
        when = self.panel.clock()
        self.guest.run(f"/usr/sbin/fsfreeze --freeze {installed.SPOOL}")
        try:
            self.panel.tap(x, y)
            until(lambda: "no sign of life from store" in self.panel.journal(), "the panel says what hangs", 60)
            # The thread that stores waits in the kernel, and no signal ends its process: another one is put beside it.
            until(lambda: self.started(when), "systemd has started another panel", 240)
            took = self.started(when)
            print(f"the store's disk froze: a new panel stands there after {took:.2f} s", flush=True)
            self.assertEqual(self.guest.run(f"test -d /proc/{old}", check=False).code, 0, "the old process cannot end")
            until(lambda: (installed.glass(self.guest) != sheet).any(2).mean() > 0.2, "the glass shows the invitation", 30)
        finally:
            self.guest.run(f"/usr/sbin/fsfreeze --unfreeze {installed.SPOOL}")
        self.panel.lit()
        until(lambda: self.guest.run(f"test -d /proc/{old}", check=False).code != 0, "the old process has gone", 60)
        self.assertEqual([sample.identifier for sample in self.panel.samples()][: len(names)], names)
        # And it goes on collecting.
        self.visitor()
        self.panel.draw()
        self.panel.submit()
        self.panel.settled()

    def started(self, when: float) -> float | None:
        """Seconds from then to the next start that systemd told of; None when there was none."""
        told = re.findall(r"^\[\s*([0-9.]+)\] \S+ systemd\[1\]: Started panel.service", self.panel.journal(), re.MULTILINE)
        later = [float(each) - when for each in told if float(each) > when]
        return later[0] if later else None

    def test_9_when_the_power_is_cut_every_saved_drawing_is_there_and_the_operator_shuts_down(self):
        self.visitor()
        self.panel.draw()
        self.panel.submit()
        names = [sample.identifier for sample in self.panel.samples()]
        self.power.cut()
        self.guest.close()
        self.assertEqual(disk.check(self.place / "store.img"), "")
        self.boot(2)
        print(f"after the power cut: kernel start to the first picture: {self.first:.2f} s", flush=True)
        self.assertEqual([sample.identifier for sample in self.panel.samples()], names)
        self.restart_and_shut_down()

    def restart_and_shut_down(self) -> None:
        """The operator comes in by the gesture and the PIN: starts the panel anew, and then shuts the machine down, by logind
        and from within the unit."""
        self.panel.press_twice(self.operator("restart"))
        until(lambda: self.panel.status() is None or self.panel.status()["running_s"] < 20, "the panel starts anew", 60)
        until(lambda: (self.panel.status() or {}).get("screen") == "attract", "the invitation stands there", 60)
        self.assertEqual(int(self.panel.show("MainPID")), self.panel.process, "in the same process")
        self.assertEqual(self.panel.show("NRestarts"), "0", "and systemd saw nothing of it")
        self.panel.press_twice(self.operator("shutDown"))
        self.assertEqual(self.guest.wait(240), 0, "the machine is off")

    def operator(self, control: str) -> tuple[float, float]:
        """Opens the operator's screen, and returns where that control is."""
        width, height = installed.SIZE
        self.panel.do(f"pair 12,12,{width - 12},{height - 12},3600")
        until(lambda: self.panel.status()["screen"] == "operator PIN", "the panel asks for the PIN", 60)
        keys = installed.way_in.places(self.panel.status())
        steps = []
        for name in [*(f"digit({digit})" for digit in installed.PIN), "enter"]:
            x, y = keys[name].middle
            steps += [f"tap {x:.0f},{y:.0f}", "wait 100"]
        self.panel.do(*steps)
        until(lambda: self.panel.status()["screen"] == "operator", "the PIN is taken", 60)
        found = installed.way_in.places(self.panel.status())
        for page in [name for name in found if name.startswith("page(")]:
            if control not in found:
                self.panel.press(page)
                found = installed.way_in.places(self.panel.status())
        return found[control].middle


if __name__ == "__main__":
    unittest.main()
