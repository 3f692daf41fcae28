"""The Noto fonts of this machine, a face for each script, so that whoever opens the workbench can read every one of them.

Where none are installed, browsers use what they have, and the log says what to install.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FAMILY, NASTALIQ = "Lowres Noto", "Lowres Nastaliq"
# A script in sans serif, or in serif where there is no other; nothing condensed, monospaced, for a display, or a local variety.
_NAME = re.compile(r"Noto(Sans|Serif|NastaliqUrdu)([A-Z][A-Za-z0-9]*?)?(?:-(Regular|Bold)|\[(?:wdth,)?wght\]|-VF)?\.(?:ttf|otf)")
_OTHERS = re.compile(
    r"(Mono|Display|UI|Looped|Unjoined|Slanted|Numbers)$|^(Mono|Display|Symbols|Math|SignWriting|Tifinagh.+|Cuneiform|EgyptianHieroglyphs)"
)
_LATIN_END = 0x24F  # fonts of other scripts draw some Latin letters too: those are left to the page's own font
_RANGE = re.compile(r"\b([0-9a-f]+)(?:-([0-9a-f]+))?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A font file, and the code points that it is used for, as ranges with both ends."""

    path: Path
    family: str
    weight: str
    ranges: tuple[tuple[int, int], ...]

    @property
    def css(self) -> str:
        shown = ",".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in self.ranges)
        source = f"url('/fonts/{self.path.name}')"
        return f"@font-face{{font-family:'{self.family}';font-weight:{self.weight};font-display:swap;src:{source};unicode-range:{shown}}}"


@cache
def faces() -> str:
    """A style sheet with all faces; a browser loads those alone whose letters are on the page."""
    return "\n".join(face.css for face in found_faces())


def font_file(name: str) -> Path | None:
    """The file of a face by its name; None where no face has it."""
    return next((face.path for face in found_faces() if face.path.name == name), None)


@cache
def found_faces() -> tuple[Face, ...]:
    """The faces of this machine, by name; none and a line in the log where no Noto font is installed."""
    chosen = _choose(_installed())
    if not chosen:
        print("workbench: no Noto fonts here, browsers use their own; Debian: apt-get install fonts-noto-core", file=sys.stderr)
    return tuple(chosen)


def _choose(installed: Iterable[tuple[Path, str]]) -> list[Face]:
    """A face a script and weight: sans serif before serif; the Latin ones last, which browsers ask first for marks that many have."""
    found: dict[tuple[str, str], Face] = {}
    for path, charset in sorted(installed, key=lambda one: one[0].name):
        if (named := _NAME.fullmatch(path.name)) and not _OTHERS.search(named[2] or ""):
            style, script, weight = named[1], named[2] or "", named[3]
            family = NASTALIQ if style == "NastaliqUrdu" else FAMILY
            ranges = _ranges(charset, 0x7F if not script else _LATIN_END)
            face = Face(path=path, family=family, weight={"Regular": "400", "Bold": "700"}.get(weight or "", "100 900"), ranges=ranges)
            if ranges:
                found.setdefault((family + script, face.weight), face)
    return sorted(found.values(), key=lambda face: face.path.name.startswith(("NotoSans-", "NotoSans[")))


def _ranges(charset: str, above: int) -> tuple[tuple[int, int], ...]:
    """The part of fontconfig's charset ('20-7e a0') above a code point."""
    pairs = ((int(first, 16), int(last or first, 16)) for first, last in _RANGE.findall(charset))
    return tuple((max(first, above + 1), last) for first, last in pairs if last > above)


def _installed() -> Iterator[tuple[Path, str]]:
    """Font files named Noto, with their code points as fontconfig writes them."""
    if shutil.which("fc-list"):
        query = ["fc-list", "--format", "%{file}\t%{charset}\n", ":", "file", "charset"]
        listed = subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()
        yield from ((Path(file), charset) for file, _, charset in (line.partition("\t") for line in listed) if "Noto" in file)
        return
    from matplotlib.font_manager import findSystemFonts

    yield from ((path, _charset(path)) for path in map(Path, findSystemFonts()) if _NAME.fullmatch(path.name))


def _charset(path: Path) -> str:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=True) as font:
            return " ".join(f"{point:x}" for point in sorted(font.getBestCmap() or ()))
    except (OSError, TTLibError):
        return ""
