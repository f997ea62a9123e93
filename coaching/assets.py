"""Scripts served straight out of installed packages: nothing is vendored, nothing comes from outside."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage


class PackageAssets(BaseFinder):
    """Finds the files of settings.PACKAGE_ASSETS: {path under static/: (package, path inside it)}."""

    def find(self, path: str, find_all: bool = False) -> Any:
        """The file's path, or with ``find_all`` a list of it; falsy for files that are not ours."""
        if path not in settings.PACKAGE_ASSETS:
            return []
        found = str(_inside(*settings.PACKAGE_ASSETS[path]))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, "OneFile"]]:
        for path, (package, inside) in settings.PACKAGE_ASSETS.items():
            yield path, OneFile(_inside(package, inside))


class OneFile(FileSystemStorage):
    """A storage of one file, whatever name it is asked by."""

    prefix = None

    def __init__(self, file: Path) -> None:
        super().__init__(location=file.parent)
        self.file = file

    def path(self, name: str) -> str:
        return str(self.file)


def _inside(package: str, inside: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"{inside} should come from the package {package}, which is not installed")
    return Path(found.submodule_search_locations[0]) / inside
