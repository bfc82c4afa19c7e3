"""Where standards lie: in a folder that is named, or in an installed package that offers them by a name.

A package offers its folder through the entry point group `hazardrules.standards`. Being installed changes
no verdict: standards count only where somebody asks for them by name. Nothing of the package is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .errors import HazardRulesError, Problem, StandardsError
from .facts import nearest
from .texts import Text

GROUP = "hazardrules.standards"
CORPUS = "corpus.yaml"  # what makes a folder one that adds to the shipped standards


def adds(folder: Path) -> bool:
    """Return whether the standards in *folder* add to the shipped ones; else they stand alone."""
    return (folder / CORPUS).is_file()


def root_of(path: Path) -> Path | None:
    """Return the standards folder that *path* is or lies in; None where there is none."""
    return next((p for p in (path, *path.resolve().parents) if (p / "facts").is_dir() or adds(p)), None)


def real(file: Path) -> Path:
    """Return *file* with its folder resolved: a link counts where it stands, not where it leads."""
    return file.parent.resolve() / file.name


def here() -> str:
    """Return which standards folder is meant where none is named: the one worked in, or `standards` beside."""
    return "standards" if root_of(Path.cwd()) is None else "."


def located(name: str | Path) -> tuple[Path, Path]:
    """Return the file or folder that *name* names, and the standards folder that it is or lies in, both resolved.

    An installed package's name names its folder. Raises `HazardRulesError` where there is nothing of the kind.
    """
    path = Path(name) if Path(name).exists() or len(Path(name).parts) != 1 else _package(str(name))
    if path is None or not path.exists():
        raise HazardRulesError([Problem(str(name), Text("没有这个文件或文件夹", "there is no such file or folder"))])
    if path.is_file() and not {".yaml", ".yml"}.intersection(map(str.lower, path.suffixes)):
        message = Text("不是标准文件（标准文件是 .yaml）", "no file of standards (those are .yaml)")
        raise HazardRulesError([Problem(str(name), message)])
    root = root_of(path)
    if root is None:
        message = Text(
            "不在标准文件夹里（标准文件夹有 facts/ 或 corpus.yaml）",
            "not in a standards folder (one that has facts/ or corpus.yaml)",
        )
        raise HazardRulesError([Problem(str(name), message)])
    return path.resolve(), root.resolve()


def folder_of(place: str | Path) -> Path:
    """Return the standards folder that *place* names: a folder, else an installed package's name.

    A `Path`, and text that holds a separator or names a folder that exists, is always a folder. Raises
    `StandardsError` for a name that nothing offers, that several offer, or whose package cannot be found.
    """
    path = Path(place)
    if isinstance(place, Path) or path.is_dir() or len(path.parts) != 1:
        return path
    if folder := _package(place):
        return folder
    offered = packages()
    near = nearest(place, offered)
    raise _refused(
        Text(
            f"没有文件夹“{place}”，也没有安装叫这个名字的标准"
            + (f"，是不是“{near}”？" if near else "")
            + (f"（已安装：{'、'.join(offered)}）" if offered else "（一个也没有安装）"),
            f"there is no folder “{place}” and no installed standards of that name"
            + (f"; did you mean “{near}”?" if near else "")
            + (f" (installed: {', '.join(offered)})" if offered else " (none are installed)"),
        )
    )


def packages() -> Mapping[str, tuple[str, ...]]:
    """Return the names that installed packages offer, each with the packages that hold its folder: more clash."""
    from importlib.metadata import entry_points  # slow to import, and seldom wanted

    offered: dict[str, set[str]] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        offered.setdefault(entry.name, set()).add(entry.module)
    return {name: tuple(sorted(modules)) for name, modules in offered.items()}


def _package(name: str) -> Path | None:
    """Return the folder that an installed package offers as *name*; None where none does.

    Raises `StandardsError` where several do, and where the folder is not found.
    """
    offering = packages().get(name, ())
    if len(offering) > 1:
        raise _refused(
            Text(
                f"有几个已安装的包都把标准叫做“{name}”（{'、'.join(offering)}），不知道指哪一个；写出文件夹，或者卸掉别的",
                f"several installed packages call their standards “{name}” ({', '.join(offering)}): "
                "name the folder that is meant, or uninstall the others",
            )
        )
    for package in offering:
        folder = _folder(package)
        if folder is None:
            raise _refused(
                Text(
                    f"“{name}”已安装，但找不到它的文件夹（包 {package}）；重新安装它",
                    f"“{name}” is installed, but its folder (the package {package}) is not found; install it again",
                )
            )
        return folder
    return None


def _folder(package: str) -> Path | None:
    """Return the folder of *package*, None where there is none; neither it nor what it lies in is imported."""
    from importlib.util import find_spec

    outermost, *inner = package.split(".")
    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError):
        return None
    places = spec.submodule_search_locations if spec else None
    return next((folder for place in places or () if (folder := Path(place, *inner)).is_dir()), None)


def _refused(message: Text) -> StandardsError:
    return StandardsError([Problem("--standards", message)])
