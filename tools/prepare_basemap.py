"""Prepare the basemap of the report from the npm package `world-atlas` (Natural Earth, public domain).

Usage::

    npm pack world-atlas@2.0.2
    python tools/prepare_basemap.py world-atlas-2.0.2.tgz src/posada/report/basemap

Writes `world-110m.json.gz` (coarse, for wide views) and `world-50m.json.gz`. Each keeps the TopoJSON arcs (quantised,
delta-encoded: `x = x0 + dx`, degrees = x * scale + translate) and the rings of each country as indexes of arcs;
everything else is dropped. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

LIMIT_BYTES = 400_000


def prepare(topology: dict[str, Any]) -> dict[str, Any]:
    """Keep the arcs and, per country, its name and polygons (lists of rings, each a list of arc indexes)."""
    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        kind = geometry.get("type")
        if kind == "Polygon":
            polygons = [geometry["arcs"]]
        elif kind == "MultiPolygon":
            polygons = geometry["arcs"]
        else:
            continue
        countries.append({"name": geometry.get("properties", {}).get("name", ""), "polygons": polygons})
    countries.sort(key=lambda country: str(country["name"]))
    return {
        "source": "Natural Earth, admin 0 countries, public domain; by way of world-atlas 2.0.2",
        "scale": topology["transform"]["scale"],
        "translate": topology["transform"]["translate"],
        "arcs": topology["arcs"],
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
    """Read the downloaded package and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="world-atlas-2.0.2.tgz, as `npm pack` leaves it")
    parser.add_argument("folder", type=Path, help="where the prepared files go")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(arguments.package) as archive:
        for resolution in ("110m", "50m"):
            member = archive.extractfile(f"package/countries-{resolution}.json")
            if member is None:
                raise SystemExit(f"{arguments.package} holds no package/countries-{resolution}.json")
            size = write(prepare(json.load(member)), arguments.folder / f"world-{resolution}.json.gz")
            print(f"world-{resolution}.json.gz: {size} bytes")
            if size > LIMIT_BYTES:
                raise SystemExit(f"more than {LIMIT_BYTES} bytes: simplify first")


if __name__ == "__main__":
    main()
