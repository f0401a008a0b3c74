"""Make sure that the tests have a browser, or say that they will be skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

APT = {"chromium": "chromium"}


def main() -> int:
    """Install what is missing: from Debian as root, else by Playwright's own download."""
    if shutil.which("chromium"):
        print("Browser: chromium")
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's chromium")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        subprocess.run(["apt-get", "install", "-yqq", *APT.values()], check=False, env=quiet)
        if shutil.which("chromium"):
            return 0
    print("Downloading Playwright's chromium")
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if done.returncode:
        print("No browser could be installed: the browser tests will be reported as skipped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
