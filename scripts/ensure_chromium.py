"""Print the path of a Chromium that starts; fetch one where there is none; else say in one line what to do.

Order: CLOSELOOP_CHROMIUM, the system's, Playwright's own, the distribution's package.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts import progress

# The headless shell first: the same engine without a browser window's own pages, which cost more than half of a test's time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
DOWNLOAD_LIMIT = "180"
"""Seconds for Playwright's own download: on a closed network it would otherwise hang for minutes."""

PACKAGES = {
    "apt-get": ["apt-get install -y --no-install-recommends chromium-headless-shell fonts-noto-core fonts-noto-color-emoji"],
    "dnf": ["dnf install -y chromium"],
    "apk": ["apk add chromium"],
}
"""Package manager -> what it is told; fonts so that right-to-left text and emoji show."""

MEND = (
    "No Chromium found. Install Chromium or Chrome (Debian: apt-get install chromium-headless-shell), "
    "or set CLOSELOOP_CHROMIUM to its path, and run make again."
)


def works(path: str) -> bool:
    """Whether this program is there and says its version (a stub that only points to a store does not)."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def from_system() -> Iterator[str]:
    """Chromiums that are installed."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield found
    yield from (place for place in PLACES if Path(place).exists())


def from_playwright() -> Iterator[str]:
    """The one in Playwright's cache; downloaded once where the network allows."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        install = [sys.executable, "-m", "playwright", "install", "chromium"]
        limited = ["timeout", DOWNLOAD_LIMIT, *install] if shutil.which("timeout") else install
        quietly("Fetching Playwright's Chromium", limited)
    if Path(path).exists():
        yield path


def from_distribution() -> Iterator[str]:
    """The distribution's package, where we may install one without being asked a password."""
    sudo = sudo_words()
    for manager, commands in PACKAGES.items():
        if sudo is None or not shutil.which(manager):
            continue
        if manager == "apt-get":
            quietly("Reading package lists", [*sudo, "apt-get", "update"])
        for command in commands:
            quietly("Installing Chromium", [*sudo, *command.split()])
        yield from from_system()
        return
    if shutil.which("brew"):
        quietly("Installing Chromium", ["brew", "install", "--cask", "chromium"])
        yield from from_system()


def sudo_words() -> list[str] | None:
    """What to put before a command that needs root: nothing for root, `sudo -n` where it works, None where neither does."""
    if os.geteuid() == 0:
        return []
    asked = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if asked else None


def quietly(title: str, command: list[str]) -> None:
    """Run it behind a progress line; a failure is not the end, the next place is tried."""
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    progress.run(title, command, sys.stderr)


def find() -> str | None:
    """The first Chromium that starts."""
    named = os.environ.get("CLOSELOOP_CHROMIUM")
    if named:
        return named if works(named) else None
    places: tuple[Callable[[], Iterator[str]], ...] = (from_system, from_playwright, from_distribution)
    return next((path for place in places for path in place() if works(path)), None)


def main() -> int:
    """Print the path, or the mend."""
    path = find()
    if path:
        print(path)
        return 0
    named = os.environ.get("CLOSELOOP_CHROMIUM")
    print(f"CLOSELOOP_CHROMIUM is {named}, which does not start. Set it to a Chromium, or unset it." if named else MEND, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
