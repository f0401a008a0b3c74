"""The Chip War, Claim by Claim: what the report does.

Chapters import from here and nowhere else. See ``CONTRIBUTING.md`` for a map.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("chip-war")
except PackageNotFoundError:  # the folder is used without being installed
    __version__ = "0+unknown"
