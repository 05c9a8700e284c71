#!/usr/bin/python3
"""Writes the manual pages panel(1), panelctl(1) and panel.ini(5) from what the programs say of themselves.

  manual.py PROGRAMS PANEL.INI OUTPUT --version TEXT --date YYYY-MM-DD

PROGRAMS is the directory of the built programs: `panel --help` and the table of commands that panelctl's parser prints are
the source, so that a page cannot tell of an option that is not there.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import textwrap

EXIT = [
    ("0", "All is well."),
    ("1", "Something failed or wants attention."),
    ("2", "The command line is wrong."),
    ("3", "Critical, or two stores contradict each other. Only panelctl says so."),
]
FILES = [
    ("/etc/panel/panel.ini", "The configuration; see panel.ini(5)."),
    ("/etc/panel/ssh", "The public keys of collectors (panel-sync) and monitors (panel-monitor), a line each."),
    ("/var/lib/panel", "The store: panel.db, and the control socket of the running panel."),
    ("/usr/share/panel", "The network's weights, the strings of the screens, and the demonstration."),
    ("/usr/share/doc/digit-panel", "The set-up card, notes on hardware and privacy, and how a panel is monitored."),
]


def roff(text: str) -> str:
    """Text as troff prints it: no escape, no request at the beginning of a line, hyphens that can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    for character, name in (("…", "..."), ("—", "\\(em"), ("“", "\\(lq"), ("”", "\\(rq")):
        text = text.replace(character, name)
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))


def bold(text: str) -> str:
    return f"\\fB{roff(text)}\\fR"


def slanted(text: str) -> str:
    return f"\\fI{roff(text)}\\fR"


class Page:
    """One manual page, as it grows."""

    def __init__(self, name: str, section: int, about: str, version: str, date: str):
        self.name, self.section = name, section
        self._lines = [f'.TH {roff(name.upper())} {section} {date} "Digit Panel {version}" "Digit Panel"']
        self.heading("NAME")
        self._lines.append(f"{roff(name)} \\- {roff(about)}")

    def heading(self, text: str) -> None:
        self._lines.append(f'.SH "{roff(text)}"')

    def part(self, text: str) -> None:
        self._lines.append(f'.SS "{roff(text)}"')

    def text(self, text: str) -> None:
        """Paragraphs apart by empty lines."""
        for paragraph in text.split("\n\n"):
            self._lines += [".PP", roff(" ".join(paragraph.split()))]

    def term(self, term: str, text: str) -> None:
        """`term` is troff already."""
        self._lines += [".TP", term, roff(" ".join(text.split())) or "\\&"]

    def verbatim(self, text: str) -> None:
        self._lines += [".PP", ".nf", roff(textwrap.dedent(text).strip("\n")), ".fi"]

    def table(self, rows: list[tuple[str, str]]) -> None:
        for term, text in rows:
            self.term(bold(term), text)

    def end(self, folder: pathlib.Path) -> None:
        path = folder / f"man{self.section}" / f"{self.name}.{self.section}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(self._lines) + "\n")


def said(*words: str | pathlib.Path) -> str:
    """What a program prints; it must succeed."""
    return subprocess.run(list(map(str, words)), check=True, capture_output=True, text=True).stdout


def panel(page: Page, help_text: str) -> None:
    """The help of `panel`: a first line, the usage, the options in two columns, and a paragraph."""
    blocks = [block for block in help_text.strip().split("\n\n")]
    usage = next(block for block in blocks if block.startswith("usage:"))
    options = next(block for block in blocks if block.lstrip().startswith("--"))
    page.heading("SYNOPSIS")
    page.verbatim(re.sub(r"^(usage:|      )", "", usage, flags=re.MULTILINE))
    page.heading("DESCRIPTION")
    page.text(
        "The fullscreen program of a booth where visitors draw digits. It draws straight to DRM/KMS, or to a framebuffer "
        "device where there is no card with KMS, reads touch from evdev, stores each drawing durably before it says so, and "
        "opens no network socket. The service panel.service runs it.\n\n"
        "The operator's screen opens when two opposite corners are held for 3 s (with a mouse, a pen or a single-touch screen: "
        "one corner for 10 s) and asks for the PIN that `panelctl pin` made a line of the configuration for."
    )
    page.heading("OPTIONS")
    for name, value, text in re.findall(r"^ *(--[a-z-]+)(?: ([A-Z]+))?  +((?:.|\n {18,})+)$", options, re.MULTILINE):
        page.term(bold(name) + (f" {slanted(value)}" if value else ""), text)
    for block in blocks[1:]:
        if block not in (usage, options):
            page.heading("SIGNALS AND EXIT STATUS")
            page.text(block)
    page.heading("FILES")
    page.table(FILES)
    page.heading("SEE ALSO")
    page.text("panelctl(1), panel.ini(5)")


def argument(page: Page, told: dict) -> None:
    """One argument as the parser describes it."""
    names = ["-" * (2 if each["kind"] == "long" else 1) + each["name"] for each in told.get("names", [])]
    value = slanted(told.get("valueName", "value"))
    if told["kind"] == "positional":
        term = value + (" ..." if told.get("isRepeating") else "")
    else:
        term = ", ".join(bold(name) for name in names) + (f" {value}" if told["kind"] == "option" else "")
    text = told.get("abstract", "")
    if told.get("discussion"):
        text += " " + told["discussion"]
    if told.get("defaultValue"):
        text += f" (default: {told['defaultValue']})"
    page.term(term, text)


def commands(page: Page, told: dict, above: str) -> None:
    """A command and those below it, each a part of the page with its own options."""
    for command in told.get("subcommands", []):
        if not command.get("shouldDisplay", True) or command["commandName"] == "help":
            continue
        name = f"{above} {command['commandName']}"
        page.part(name)
        page.text(command.get("abstract", ""))
        if command.get("discussion"):
            page.text(command["discussion"])
        shared = ("help", "spool", "config")
        for each in command.get("arguments", []):
            names = [long["name"] for long in each.get("names", [])]
            if each.get("shouldDisplay", True) and not any(name in shared for name in names):
                argument(page, each)
        commands(page, command, name)


def panelctl(page: Page, told: dict) -> None:
    page.heading("SYNOPSIS")
    page.text("panelctl COMMAND [OPTIONS]")
    page.heading("DESCRIPTION")
    page.text(told["abstract"] + "\n\n" + told["discussion"])
    page.text(
        "It is made to be run over SSH, beside a running panel or without one. On a booth run it as root, or by sudo: a person "
        "who may not write /var/lib/panel is taken for somebody who tries it, with a store of their own."
    )
    page.heading("OPTIONS OF EVERY COMMAND")
    for each in told["subcommands"][0]["arguments"]:
        if any(name["name"] in ("spool", "config", "help") for name in each.get("names", [])):
            argument(page, each)
    page.heading("COMMANDS")
    commands(page, told, "panelctl")
    page.heading("EXIT STATUS")
    page.table(EXIT)
    page.heading("FILES")
    page.table(FILES)
    page.heading("SEE ALSO")
    page.text("panel(1), panel.ini(5), ssh(1), sshd_config(5)")


def configuration(page: Page, document: str) -> None:
    """The documented file: a comment at the top, then sections of keys with their comments."""
    head, *sections = re.split(r"^\[(\w+)\]$", document, flags=re.MULTILINE)
    page.heading("DESCRIPTION")
    page.text(re.sub(r"^# ?", "", head, flags=re.MULTILINE).strip())
    page.heading("KEYS")
    for name, body in zip(sections[::2], sections[1::2]):
        page.part(f"[{name}]")
        for comment, key, value in re.findall(r"((?:^# .*\n)+)^#(\w+) = (.*)$", body, re.MULTILINE):
            text = re.sub(r"^# ", "", comment, flags=re.MULTILINE)
            page.term(f"{bold(key)} = {roff(value)}", text)
    page.heading("FILES")
    page.table(FILES[:1])
    page.heading("SEE ALSO")
    page.text("panel(1), panelctl(1)")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("configuration", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--date", required=True)
    chosen = parser.parse_args()

    def page(name: str, section: int, about: str) -> Page:
        return Page(name, section, about, chosen.version, chosen.date)

    first = page("panel", 1, "a touch panel where visitors draw digits")
    panel(first, said(chosen.programs / "panel", "--help"))
    second = page("panelctl", 1, "looks after a Digit Panel: its health, its drawings, its data set")
    panelctl(second, json.loads(said(chosen.programs / "panelctl", "--experimental-dump-help"))["command"])
    third = page("panel.ini", 5, "configuration of panel and panelctl")
    configuration(third, chosen.configuration.read_text())
    for each in (first, second, third):
        each.end(chosen.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
