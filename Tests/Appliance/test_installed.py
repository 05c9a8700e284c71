"""The packages installed in a bare Debian: users, files, a visitor, and a real sshd that lets collect and monitor, and nothing else."""

import contextlib
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import packages
from chroot import Chroot, base

RECORDING = packages.REPOSITORY / "Assets" / "recordings" / "digit-7.evemu"


class Installed:
    """What holds on each Debian."""

    suite: str

    @classmethod
    def setUpClass(cls):
        made = packages.made()
        began = time.monotonic()
        tarball = base(cls.suite, packages.depends())
        print(f"  {cls.suite}: the bare system after {time.monotonic() - began:.1f} s")
        cls.chroot = Chroot(tarball)
        cls.addClassCleanup(cls.chroot.end)
        cls.place = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="panel-appliance-")))
        shutil.copy(packages.REPOSITORY / "deploy" / "install", cls.chroot.path("/srv/install"))
        for package in made:
            shutil.copy(package, cls.chroot.path("/srv"))
        cls.files = [f"/srv/{package.name}" for package in made]
        began = time.monotonic()
        cls.told = cls.chroot.must("/srv/install", *cls.files)
        print(f"  {cls.suite}: installed in {time.monotonic() - began:.1f} s")

    # Everything that needs the panel to be installed stands before the last test, which takes it off.

    def test_a_the_installer_says_what_is_next(self):
        self.assertIn("panelctl pin", self.told)

    def test_a_a_file_that_is_no_package_is_one_sentence(self):
        self.chroot.path("/srv/digit-panel_0.deb").write_text("nonsense")
        told = self.chroot.run("/srv/install", "/srv/digit-panel_0.deb")
        self.assertEqual(told.returncode, 1)
        self.assertEqual(told.stdout, "deploy/install: /srv/digit-panel_0.deb is no Debian package; name the files that "
                                      "deploy/package printed\n")

    def test_a_users_and_groups(self):
        entries = {line.split(":")[0]: line.split(":") for line in self.chroot.path("/etc/passwd").read_text().splitlines()}
        self.assertEqual(entries["panel"][6], "/usr/sbin/nologin")
        self.assertEqual(self.chroot.must("id", "-Gn", "panel").split(), ["panel", "tty", "video", "input"])
        for user in ("panel-sync", "panel-monitor"):
            self.assertEqual(self.chroot.must("id", "-Gn", user).split(), ["panel"])
        for user in ("panel", "panel-sync", "panel-monitor"):
            password = next(
                line.split(":")[1] for line in self.chroot.path("/etc/shadow").read_text().splitlines()
                if line.startswith(f"{user}:"))
            self.assertRegex(password, r"^[!*]", f"{user} has a password")

    def test_a_modes_and_owners(self):
        told = self.chroot.must("stat", "-c", "%n %a %U %G", "/var/lib/panel", "/etc/panel/panel.ini", "/etc/panel/ssh",
                                "/etc/panel/ssh/panel-sync", "/etc/panel/ssh/panel-monitor")
        self.assertEqual(told.splitlines(), [
            "/var/lib/panel 2770 panel panel", "/etc/panel/panel.ini 640 root panel", "/etc/panel/ssh 755 root root",
            "/etc/panel/ssh/panel-sync 644 root root", "/etc/panel/ssh/panel-monitor 644 root root",
        ])
        self.assertEqual(self.chroot.run("ls", "/var/lib/panel", user="nobody").returncode, 2)

    def test_a_the_programs_start_and_find_their_files(self):
        self.assertRegex(self.chroot.must("panel", "--version"), r"\d+\.\d+\.\d+")
        told = json.loads(self.chroot.run("panelctl", "doctor", "--json", user="panel").stdout)
        levels = {(check["name"], check["level"]) for check in told["checks"]}
        for name in ("model", "fonts", "configuration"):
            self.assertIn((name, "well"), levels, told)

    def test_a_the_service_is_enabled_and_understood(self):
        self.assertTrue(self.chroot.path("/etc/systemd/system/multi-user.target.wants/panel.service").is_symlink())
        told = self.chroot.run("systemd-analyze", "--man=no", "verify", "panel.service")
        self.assertEqual([line for line in told.stdout.splitlines() if "panel.service" in line], [])

    def test_a_udev_takes_the_rules(self):
        version = self.chroot.must("udevadm", "--version").strip()
        if int(version.split(".")[0]) < 254:
            self.skipTest(f"udevadm {version} cannot verify rules")
        self.chroot.must("udevadm", "verify", "/usr/lib/udev/rules.d/60-panel.rules")

    def test_a_it_can_be_repeated_and_keeps_what_was_edited(self):
        path = self.chroot.path("/etc/panel/panel.ini")
        text = path.read_text()
        self.addCleanup(path.write_text, text)
        path.write_text(text.replace("#name = Digit Panel", "name = At the door"))
        self.chroot.must("/srv/install", *self.files)
        self.assertIn("\nname = At the door\n", path.read_text())
        self.assertEqual(self.chroot.must("stat", "-c", "%a %U %G", "/etc/panel/panel.ini").strip(), "640 root panel")
        told = json.loads(self.chroot.run("panelctl", "status", "--json", user="panel").stdout)
        self.assertEqual(told["name"], "At the door")

    def test_b_polkit_lets_the_panel_shut_down_and_nobody_else(self):
        self.chroot.must("sh", "-c", "mkdir -p /run/dbus && dbus-daemon --system --fork")
        daemon = subprocess.Popen(
            self.chroot.words("sh", "-c", "exec $(ls /usr/lib/polkit-1/polkitd /usr/libexec/polkitd 2>/dev/null) --no-debug"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)

        def may(user: str, action: str) -> bool:
            check = f"sleep 20 & pkcheck --action-id org.freedesktop.login1.{action} --process $!; code=$?; kill $!; exit $code"
            deadline = time.monotonic() + 20
            while True:
                told = self.chroot.run("sh", "-c", check, user=user)
                if "org.freedesktop.PolicyKit1" not in told.stdout or time.monotonic() > deadline:
                    break
                time.sleep(0.2)
            # pkcheck(1): 1 is no, 2 is no without somebody's password, 3 is dismissed; anything else is no answer.
            self.assertIn(told.returncode, (0, 1, 2, 3), told.stdout)
            return told.returncode == 0

        for action in ("power-off", "reboot", "power-off-multiple-sessions", "reboot-multiple-sessions"):
            self.assertTrue(may("panel", action), action)
            self.assertFalse(may("panel-monitor", action), action)
        self.assertFalse(may("panel", "suspend"))

    def test_c_a_visitor_is_collected_and_monitored_over_ssh(self):
        booth = Booth(self)
        with booth.panel():
            status = json.loads(booth.ssh("panel-monitor", "panelctl status --json", exits=None).stdout)
            self.assertEqual(status["store"]["samples"], 1)
            self.assertEqual(status["store"]["unsent"], 1)
            self.assertGreaterEqual(status["panel"]["running_s"], 0, "the running panel itself was not asked")
            self.assertNotIn("unreachable", json.dumps(status))
            metrics = booth.ssh("panel-monitor", "panelctl status --prometheus", exits=None).stdout
            self.assertRegex(metrics, r"(?m)^panel_up 1$")
            self.assertRegex(metrics, r"(?m)^panel_store_unsent_samples 1$")
            # A picture of the screen may show a name: it is for the panel's user and root.
            shot = self.chroot.run("panelctl", "screenshot", "-o", "/dev/null", "--spool", "/var/lib/panel", user="panel-monitor")
            self.assertEqual(shot.returncode, 1)
            self.assertIn("only the panel's user and root may see the screen", shot.stdout)
            self.chroot.must("panelctl", "screenshot", "-o", "/tmp/screen.png", "--spool", "/var/lib/panel", user="panel")
            # A stranger in no group of the panel's reaches nothing.
            self.assertNotEqual(self.chroot.run("panelctl", "status", "--spool", "/var/lib/panel", user="nobody").returncode, 0)
            told = booth.sync()
        self.assertEqual(told["stored"], 1)
        again = booth.sync()
        self.assertEqual((again["stored"], again["failed"]), (0, 0))
        status = json.loads(booth.ssh("panel-monitor", "panelctl status --json", exits=None).stdout)
        self.assertEqual(status["store"]["unsent"], 0)
        self.assertIsNotNone(status["store"]["last_sync"])
        self.assertIsNone(status["panel"])
        # The panel goes on with what the collector's user wrote beside it.
        with booth.panel():
            pass
        self.assertEqual(booth.sync()["stored"], 1)

    def test_d_a_key_does_its_one_thing(self):
        booth = Booth(self)
        for command in ("", "sh", "bash -i", "cat /etc/panel/panel.ini", "panelctl status; id", "panelctl sync --serve",
                        "panelctl status --json --spool /etc", "$(id)", "/usr/lib/openssh/sftp-server"):
            told = booth.ssh("panel-monitor", command, exits=None)
            if command:
                self.assertEqual(told.returncode, 2, command)
                self.assertIn("this key reads the panel's status only", told.stderr)
            self.assertNotIn("uid=", told.stdout + told.stderr)
            told = booth.ssh("panel-sync", command, exits=None)
            self.assertNotIn("uid=", told.stdout + told.stderr)
            self.assertNotIn("[operator]", told.stdout)
        for user in ("panel-sync", "panel-monitor"):
            told = booth.ssh(user, "id", "-tt", exits=None)
            self.assertIn("PTY allocation request failed", told.stderr)
            self.assertNotIn("uid=", told.stdout)
            told = booth.ssh(user, "", "-W", "127.0.0.1:22", exits=None)
            self.assertIn("administratively prohibited", told.stderr)
            told = booth.ssh(user, "", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22", exits=None)
            self.assertIn("remote port forwarding failed", told.stderr)
            copied = subprocess.run(
                ["scp", "-F", booth.config, f"{user}:/etc/passwd", self.place / "passwd"], capture_output=True, timeout=30)
            self.assertNotEqual(copied.returncode, 0)
            self.assertFalse((self.place / "passwd").exists())
        # One user's key does not open the other's door, and nobody comes in as the panel itself.
        self.assertIn("Permission denied", booth.ssh("panel-sync", "", "-l", "panel-monitor", exits=255).stderr)
        self.assertIn("Permission denied", booth.ssh("panel-sync", "", "-l", "panel", exits=255).stderr)

    def test_e_what_sshd_made_of_the_drop_in(self):
        booth = Booth(self)
        for user in ("panel-sync", "panel-monitor"):
            told = booth.settings(user)
            for line in ("permittty no", "permittunnel no", "disableforwarding yes", "allowtcpforwarding no", "permituserrc no",
                         "allowagentforwarding no", "x11forwarding no", "authenticationmethods publickey",
                         "authorizedkeysfile /etc/panel/ssh/%u"):
                self.assertIn(line, told)
        self.assertNotIn("sshd does not read", self.chroot.must("/srv/install", *self.files))
        path = self.chroot.path("/etc/ssh/sshd_config")
        text = path.read_text()
        self.addCleanup(path.write_text, text)
        path.write_text(text.replace("\nInclude ", "\n#Include "))
        self.assertIn("sshd does not read", self.chroot.must("/srv/install", *self.files))
        path.write_text(text)
        # Nobody else's login changes.
        told = booth.settings("root")
        self.assertIn("forcecommand none", told)
        self.assertIn("permittty yes", told)

    def test_z_taken_off_the_drawings_stay(self):
        store = self.chroot.path("/var/lib/panel/panel.db")
        self.assertTrue(store.exists(), "the tests before this one make a store")
        told = self.chroot.must("/srv/install", "--uninstall")
        self.assertIn("The drawings stay in /var/lib/panel", told)
        self.assertFalse(self.chroot.path("/usr/bin/panel").exists())
        self.assertTrue(store.exists())
        self.assertTrue(self.chroot.path("/etc/panel/panel.ini").exists())
        # Back again, the drawings are there.
        self.chroot.must("/srv/install", *self.files)
        told = json.loads(self.chroot.run("panelctl", "status", "--json", user="panel").stdout)
        self.assertGreaterEqual(told["store"]["samples"], 1)
        # dpkg's purge takes the configuration and leaves the drawings.
        told = self.chroot.must("dpkg", "--purge", "digit-panel")
        self.assertIn("The drawings in /var/lib/panel stay", told)
        self.assertTrue(store.exists())
        self.assertFalse(self.chroot.path("/etc/panel/panel.ini").exists())
        # To delete them somebody has to be asked, or to have said so.
        refused = self.chroot.run("/srv/install", "--uninstall", "--purge-data")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("nobody is there to answer", refused.stdout)
        self.assertTrue(store.exists())
        self.chroot.must("/srv/install", "--uninstall", "--purge-data", "--yes")
        self.assertFalse(self.chroot.path("/var/lib/panel").exists())
        self.assertFalse(self.chroot.path("/etc/panel").exists())
        self.assertEqual(self.chroot.run("dpkg-query", "-W", "digit-panel", "digit-panelctl").returncode, 1)
        # A collector gets panelctl and nothing of a booth.
        told = self.chroot.must("/srv/install", "--collector", *self.files)
        self.assertIn("panelctl is installed", told)
        for path in ("/usr/bin/panel", "/etc/panel", "/etc/ssh/sshd_config.d/panel.conf", "/var/lib/panel"):
            self.assertFalse(self.chroot.path(path).exists(), path)
        shutil.copy(packages.REPOSITORY / "Tests/SpoolTests/Golden/seven.png", self.chroot.path("/tmp/seven.png"))
        self.assertEqual(json.loads(self.chroot.must("panelctl", "recognize", "--json", "/tmp/seven.png"))["digit"], 7)


class Booth:
    """The installed booth with sshd as Debian configures it, and a collector's and a monitor's keys in their files."""

    def __init__(self, test: unittest.TestCase):
        self._test = test
        self.chroot: Chroot = test.chroot
        self._place = pathlib.Path(tempfile.mkdtemp(dir=test.place))
        self._desk = test.place / "desk"
        with contextlib.closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.chroot.must("ssh-keygen", "-A")
        self.chroot.must("mkdir", "-p", "/run/sshd")
        host = self.chroot.path("/etc/ssh/ssh_host_ed25519_key.pub").read_text().split()
        known = self._place / "known_hosts"
        known.write_text(f"[127.0.0.1]:{self._port} {host[0]} {host[1]}\n")
        self.config = self._place / "config"
        blocks = []
        for user in ("panel-sync", "panel-monitor"):
            key = self._place / user
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
            keys = self.chroot.path(f"/etc/panel/ssh/{user}")
            before = keys.read_text()
            keys.write_text(before + key.with_suffix(".pub").read_text())
            test.addCleanup(keys.write_text, before)
            blocks += [
                f"Host {user}", "HostName 127.0.0.1", f"Port {self._port}", f"User {user}", f"IdentityFile {key}",
                "IdentitiesOnly yes", f"UserKnownHostsFile {known}", "StrictHostKeyChecking yes", "BatchMode yes",
            ]
        self.config.write_text("\n".join(blocks) + "\n")
        # Its own configuration, with the drop-in: only place and log are named here.
        log = open(self._place / "sshd.log", "wb")
        test.addCleanup(log.close)
        words = ["/usr/sbin/sshd", "-D", "-e", "-p", str(self._port), "-o", "ListenAddress=127.0.0.1"]
        self._sshd = subprocess.Popen(self.chroot.words(*words), stdout=log, stderr=log)
        test.addCleanup(self._end)
        deadline = time.monotonic() + 20
        while True:
            with contextlib.closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    break
            if self._sshd.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"sshd does not answer: {self.log()}")
            time.sleep(0.05)

    def log(self) -> str:
        return (self._place / "sshd.log").read_text(errors="replace")

    def _end(self) -> None:
        self._sshd.send_signal(signal.SIGTERM)
        self._sshd.wait(10)

    def ssh(self, user: str, command: str, *options: str, exits: int | None = 0) -> subprocess.CompletedProcess:
        words = ["ssh", "-F", self.config, *options, user, *([command] if command else [])]
        told = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=60)
        if exits is not None:
            self._test.assertEqual(told.returncode, exits, f"{told.stdout}{told.stderr}{self.log()[-2000:]}")
        return told

    def sync(self) -> dict:
        """Collects by a hosts file, as an operator does."""
        hosts = self._place / "hosts.txt"
        hosts.write_text("# all booths\npanel-sync   # the one in the chroot\n\n")
        words = [packages.BUILT / "panelctl", "sync", "--all", hosts, "--spool", self._desk, "--json", "--ssh", f"ssh -F {self.config}"]
        told = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=120)
        self._test.assertEqual(told.returncode, 0, f"{told.stdout}{told.stderr}{self.log()[-2000:]}")
        return json.loads(told.stdout)

    def settings(self, user: str) -> str:
        """What sshd would go by for a user who comes in."""
        return self.chroot.must("/usr/sbin/sshd", "-T", "-C", f"user={user},host=collector,addr=127.0.0.1").lower()

    @contextlib.contextmanager
    def panel(self):
        """The installed panel as its service's user, without a screen; a recorded visitor draws once."""
        shutil.copy(RECORDING, self.chroot.path("/tmp/visitor.evemu"))
        self.chroot.path("/tmp/visitor.evemu").chmod(0o644)

        def samples() -> int:
            told = self.chroot.run("panelctl", "status", "--json", "--spool", "/var/lib/panel", user="panel")
            store = json.loads(told.stdout)["store"] if told.stdout.startswith("{") else None
            return store["samples"] if store else 0

        before = samples()
        run = "umask 007; exec panel --display headless:1280x800 --touch replay:/tmp/visitor.evemu"
        log = open(self._place / "panel.log", "ab")
        with log, subprocess.Popen(self.chroot.words("sh", "-c", run, user="panel"), stdout=log, stderr=log) as panel:
            try:
                deadline = time.monotonic() + 60
                while samples() == before:
                    if panel.poll() is not None or time.monotonic() > deadline:
                        raise AssertionError(f"no drawing was stored: {(self._place / 'panel.log').read_text()}")
                    time.sleep(0.3)
                yield
            finally:
                # The program in the namespace, and not nsenter around it.
                self.chroot.run("sh", "-c", 'for p in /proc/[0-9]*; do [ "$(cat $p/comm 2>/dev/null)" = panel ] && kill -TERM ${p#/proc/}; done; true')
                panel.wait(20)


class Bookworm(Installed, unittest.TestCase):
    suite = "bookworm"


class Trixie(Installed, unittest.TestCase):
    suite = "trixie"


if __name__ == "__main__":
    unittest.main()
