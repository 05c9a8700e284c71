"""The Debian packages, as they lie there: what is in them, what lintian says, and the same bytes when they are made again."""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import packages


def listing(package: pathlib.Path) -> dict[str, tuple[str, str]]:
    """Mode and owner of each file, by its path."""
    told = subprocess.run(["dpkg-deb", "-c", package], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in told.splitlines()]
    return {row[5].removeprefix("."): (row[0], row[1]) for row in rows if not row[5].endswith("/")}


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.booth, cls.control = packages.made()
        cls.unpacked = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="panel-unpacked-")))
        for package in packages.made():
            subprocess.run(["dpkg-deb", "-R", package, cls.unpacked / package.name.split("_")[0]], check=True)

    def test_sizes_are_those_of_a_small_program(self):
        for package, limit in ((self.booth, 4 << 20), (self.control, 8 << 20)):
            size = package.stat().st_size
            print(f"  {package.name}: {size / 1e6:.2f} MB, installed {int(packages.field(package, 'Installed-Size')) / 1000:.1f} MB")
            self.assertLess(size, limit)

    def test_lintian_finds_no_error_and_no_warning(self):
        words = ["lintian", "--allow-root", "--no-cfg", "--fail-on", "error,warning", "--tag-display-limit", "0"]
        told = subprocess.run([*words, *packages.made()], capture_output=True, text=True)
        findings = [line for line in told.stdout.splitlines() if re.match(r"[EW]:", line)]
        print(f"  lintian: {len(findings)} errors and warnings")
        self.assertEqual(findings, [])
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)

    def test_the_same_programs_give_the_same_bytes(self):
        with tempfile.TemporaryDirectory(prefix="panel-again-") as place:
            again = packages.make(pathlib.Path(place))
            for first, second in zip(packages.made(), again, strict=True):
                self.assertEqual(first.name, second.name)
                self.assertEqual(*(hashlib.sha256(each.read_bytes()).hexdigest() for each in (first, second)), first.name)

    def test_every_file_is_roots_and_only_programs_can_be_run(self):
        programs = {"/usr/bin/panel", "/usr/bin/panelctl", "/usr/libexec/panel/monitor"}
        found = listing(self.booth) | listing(self.control)
        self.assertLessEqual(programs, set(found))
        for path, (mode, owner) in found.items():
            self.assertEqual((mode, owner), ("-rwxr-xr-x" if path in programs else "-rw-r--r--", "root/root"), path)
        self.assertEqual(set(listing(self.booth)) & set(listing(self.control)), set(), "a file is in both packages")

    def test_all_that_the_programs_look_for_is_there(self):
        found = set(listing(self.booth)) | set(listing(self.control))
        strings = {f"/usr/share/panel/strings/{file.name}" for file in (packages.REPOSITORY / "Assets/strings").glob("*.ini")}
        wanted = strings | {
            "/usr/share/panel/model/digits.safetensors", "/usr/share/panel/attract/digits.txt", "/etc/panel/panel.ini",
            "/etc/panel/ssh/panel-sync", "/etc/panel/ssh/panel-monitor", "/etc/ssh/sshd_config.d/panel.conf",
            "/usr/lib/systemd/system/panel.service", "/usr/lib/sysusers.d/panel.conf", "/usr/lib/tmpfiles.d/panel.conf",
            "/usr/lib/udev/rules.d/60-panel.rules", "/usr/share/polkit-1/rules.d/50-panel.rules",
            "/usr/share/man/man1/panel.1.gz", "/usr/share/man/man1/panelctl.1.gz", "/usr/share/man/man5/panel.ini.5.gz",
        }
        self.assertEqual(wanted - found, set())
        # panelctl alone is a collector: nothing of a booth comes with it.
        self.assertEqual([path for path in listing(self.control) if path.startswith("/etc") or "systemd" in path], [])

    def test_all_of_etc_is_kept_as_it_was_edited(self):
        conffiles = (self.unpacked / "digit-panel/DEBIAN/conffiles").read_text().split()
        self.assertEqual(sorted(conffiles), sorted(path for path in listing(self.booth) if path.startswith("/etc/")))
        self.assertFalse((self.unpacked / "digit-panelctl/DEBIAN/conffiles").exists())

    def test_no_swift_runtime_is_needed(self):
        for package, program in (("digit-panel", "panel"), ("digit-panelctl", "panelctl")):
            dynamic = subprocess.run(
                ["readelf", "-d", self.unpacked / package / "usr/bin" / program], check=True, capture_output=True, text=True
            ).stdout
            libraries = re.findall(r"NEEDED.*\[(.*)\]", dynamic)
            self.assertTrue(libraries)
            self.assertEqual([each for each in libraries if re.search("swift|Foundation|dispatch", each)], [])
            self.assertNotRegex(dynamic, "RUNPATH|RPATH")
        # PostgreSQL's library, with all that it brings, is for collectors: panelctl loads it when it is told to upload.
        for package in (self.booth, self.control):
            self.assertNotIn("libpq5", packages.field(package, "Depends"))
        self.assertIn("libpq5", packages.field(self.control, "Suggests"))

    def test_nothing_of_the_machine_that_built_it_is_told(self):
        root = str(packages.REPOSITORY).encode()
        for file in self.unpacked.rglob("*"):
            if file.is_file() and not file.is_symlink():
                self.assertNotIn(root, file.read_bytes(), f"{file} names {packages.REPOSITORY}")

    def test_the_manual_names_every_option_and_key(self):
        def page(package: str, name: str) -> str:
            path = self.unpacked / package / "usr/share/man" / name
            text = subprocess.run(["zcat", path], check=True, capture_output=True, text=True).stdout
            return re.sub(r"\\f[BIR]|\\&", "", text).replace("\\-", "-")

        manual = page("digit-panel", "man1/panel.1.gz")
        told = subprocess.run([packages.BUILT / "panel", "--help"], check=True, capture_output=True, text=True).stdout
        for option in set(re.findall(r"--[a-z]+", told)):
            self.assertIn(option, manual)
        manual = page("digit-panelctl", "man1/panelctl.1.gz")
        told = subprocess.run([packages.BUILT / "panelctl", "--help"], check=True, capture_output=True, text=True).stdout
        commands = re.findall(r"^  ([a-z]+)  ", told.split("SUBCOMMANDS:")[1], re.MULTILINE)
        self.assertGreater(len(commands), 10)
        for command in commands:
            self.assertIn(f'.SS "panelctl {command}"', manual)
        manual = page("digit-panel", "man5/panel.ini.5.gz")
        keys = re.findall(r"^#(\w+) =", (packages.REPOSITORY / "Assets/panel.ini").read_text(), re.MULTILINE)
        for key in keys:
            self.assertRegex(manual, rf"(?m)^{key} = ")

    def test_every_link_in_the_pages_leads_somewhere(self):
        seen = 0
        for package, other in (("digit-panel", "digit-panelctl"), ("digit-panelctl", "digit-panel")):
            for page in (self.unpacked / package / "usr/share/doc" / package).glob("*.md"):
                for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
                    place = os.path.normpath(f"/usr/share/doc/{package}/{link}").lstrip("/")
                    there = [(self.unpacked / each / place).exists() for each in (package, other)]
                    self.assertTrue(any(there), f"{page.name} of {package}: {link}")
                    seen += 1
        self.assertGreater(seen, 8)

    def test_what_the_pages_tell_to_type_is_there(self):
        told = json.loads(subprocess.run(
            [packages.BUILT / "panelctl", "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout)
        options = {
            each["commandName"]: {"--" + name["name"] for part in each.get("arguments", []) for name in part.get("names", [])}
            for each in told["command"]["subcommands"]
        }
        pages = [*packages.REPOSITORY.glob("deploy/docs/*"), packages.REPOSITORY / "deploy/system/README.md"]
        seen = 0
        for page in pages:
            for command, rest in re.findall(r"\bpanelctl ([a-z]+)((?: [^`<|\n]*)?)", page.read_text()):
                self.assertIn(command, options, page)
                for option in re.findall(r"--[a-z-]+", rest):
                    self.assertIn(option, options[command], f"{page}: panelctl {command}")
                    seen += 1
        self.assertGreater(seen, 10)

    def test_the_installer_says_what_it_would_do_and_does_nothing(self):
        program = packages.REPOSITORY / "deploy/install"
        for words in ([], ["--uninstall"], ["--uninstall", "--purge-data"], ["--collector", *map(str, packages.made())]):
            told = subprocess.run([program, "--dry-run", *words], capture_output=True, text=True)
            self.assertEqual(told.returncode, 0, told.stderr)
            for line in told.stdout.splitlines():
                self.assertRegex(line, "^(would |nothing is installed)")
        for words in (["--nonsense"], ["file"], ["--purge-data"], ["--uninstall", "a.deb"], ["--uninstall", "--collector"]):
            told = subprocess.run([program, *words], capture_output=True, text=True)
            self.assertEqual(told.returncode, 2)
            self.assertEqual(len(told.stderr.splitlines()), 1)


class Installer(unittest.TestCase):
    """deploy/install --dry-run with stand-ins for what asks dpkg."""

    def install(self, *words: str | pathlib.Path, query: str, file: str = "1") -> subprocess.CompletedProcess:
        place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="panel-install-")))
        stand_ins = {
            "dpkg-query": query,
            "dpkg-deb": f'case "$*" in *Version*) printf {file} ;; *) printf "$(dpkg --print-architecture)" ;; esac',
        }
        for name, script in stand_ins.items():
            (place / name).write_text(f"#!/bin/sh\n{script}\n")
            (place / name).chmod(0o755)
        program = packages.REPOSITORY / "deploy/install"
        return subprocess.run(
            [program, "--dry-run", *words], capture_output=True, text=True,
            env={**os.environ, "PATH": f"{place}:{os.environ['PATH']}"})

    def collector(self, panel: str, file: str) -> subprocess.CompletedProcess:
        place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="panel-file-")))
        package = place / "digit-panelctl_1_all.deb"
        package.touch()
        query = f'case "$*" in *Status*) printf installed ;; *) printf {panel} ;; esac'
        return self.install("--collector", package, query=query, file=file)

    def test_what_was_cut_off_in_the_middle_is_taken_off_too(self):
        query = 'case "$*" in *digit-panelctl) printf unpacked ;; *) printf half-configured ;; esac'
        for words in (["--uninstall"], ["--uninstall", "--purge-data"]):
            told = self.install(*words, query=query)
            self.assertEqual(told.returncode, 0, told.stderr)
            self.assertIn(" digit-panel digit-panelctl", told.stdout)
        for state in ("not-installed", "config-files"):
            told = self.install("--uninstall", query=f"printf {state}")
            self.assertEqual((told.returncode, told.stdout), (0, "nothing is installed\n"))

    def test_it_does_not_take_the_panel_away_from_a_booth(self):
        told = self.collector("0.1.0", "0.2.0")
        self.assertEqual(told.returncode, 1)
        self.assertIn("this machine is a booth with digit-panel 0.1.0", told.stderr)
        self.assertEqual(len(told.stderr.splitlines()), 1)
        told = self.collector("0.1.0", "0.1.0")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("install --no-remove", told.stdout)


if __name__ == "__main__":
    unittest.main()
