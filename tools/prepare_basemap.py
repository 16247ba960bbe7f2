"""Prepare the basemap of the report from the npm package `world-atlas` (Natural Earth, public domain).

Usage::

    npm pack world-atlas@2.0.2
    python tools/prepare_basemap.py world-atlas-2.0.2.tgz src/posada/report/basemap

Writes `world-110m.json.gz` (coarse, for wide views), `world-50m.json.gz` and `world-10m.json.gz` (for towns; points
that lie within some 400 m of the line without them are dropped). Each keeps the TopoJSON arcs (packed as by
`posada.report.packed`; degrees = x * scale + translate) and the bounds of each, and of each country its name, its
number (ISO 3166-1) and its rings as indexes of arcs; everything else is dropped. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import math
import tarfile
from itertools import accumulate
from pathlib import Path
from typing import Any

from posada.report.packed import pack

Line = list[tuple[int, int]]
LIMIT_BYTES = 800_000
DROPPED_WITHIN = {"110m": -1.0, "50m": -1.0, "10m": 1.0}
"""In steps of the quantised grid, of which some 400 m are one; below nothing, no point is dropped."""


def points_of(arc: list[list[int]]) -> Line:
    """The points of an arc of TopoJSON, which holds steps."""
    xs, ys = ([*accumulate(step[axis] for step in arc)] for axis in (0, 1))
    return list(zip(xs, ys, strict=True))


def simplified(points: Line, within: float) -> Line:
    """The line without points nearer than `within` to the line between those kept (Douglas and Peucker 1973)."""
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        (x0, y0), (x1, y1) = points[first], points[last]
        length = math.hypot(x1 - x0, y1 - y0)
        farthest, most = 0, within
        for i in range(first + 1, last):
            x, y = points[i]
            across = abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length if length else math.hypot(x - x0, y - y0)
            if across > most:
                farthest, most = i, across
        if farthest:
            kept.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [points[i] for i in sorted(kept)]


def bounds(points: Line) -> list[int]:
    """Least x and y, greatest x and y."""
    xs, ys = zip(*points, strict=True)
    return [min(xs), min(ys), max(xs), max(ys)]


def prepare(topology: dict[str, Any], within: float) -> dict[str, Any]:
    """Keep the arcs and, per country, its name, number and polygons (lists of rings, each a list of arc indexes)."""
    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        kind = geometry.get("type")
        if kind == "Polygon":
            polygons = [geometry["arcs"]]
        elif kind == "MultiPolygon":
            polygons = geometry["arcs"]
        else:
            continue
        name = geometry.get("properties", {}).get("name", "")
        countries.append({"name": name, "number": geometry.get("id", ""), "polygons": polygons})
    countries.sort(key=lambda country: str(country["name"]))
    arcs = [simplified(points_of(arc), within) for arc in topology["arcs"]]
    return {
        "source": "Natural Earth, admin 0 countries, public domain; by way of world-atlas 2.0.2",
        "scale": topology["transform"]["scale"],
        "translate": topology["transform"]["translate"],
        "arcs": [pack(arc) for arc in arcs],
        "bounds": [bounds(arc) for arc in arcs],
        "countries": countries,
    }


def write(prepared: dict[str, Any], path: Path) -> int:
    """Write as gzipped JSON without a time stamp; return the size in bytes."""
    text = json.dumps(prepared, separators=(",", ":"), ensure_ascii=False)
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as stream:
        stream.write(text.encode("utf-8"))
    path.write_bytes(buffer.getvalue())
    return len(buffer.getvalue())


def main() -> None:
    """Read the downloaded package and write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="world-atlas-2.0.2.tgz, as `npm pack` leaves it")
    parser.add_argument("folder", type=Path, help="where the prepared files go")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(arguments.package) as archive:
        for resolution, within in DROPPED_WITHIN.items():
            member = archive.extractfile(f"package/countries-{resolution}.json")
            if member is None:
                raise SystemExit(f"{arguments.package} holds no package/countries-{resolution}.json")
            size = write(prepare(json.load(member), within), arguments.folder / f"world-{resolution}.json.gz")
            print(f"world-{resolution}.json.gz: {size} bytes")
            if size > LIMIT_BYTES:
                raise SystemExit(f"more than {LIMIT_BYTES} bytes: simplify first")


if __name__ == "__main__":
    main()
