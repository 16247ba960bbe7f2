"""Draw the pictures of the README from a result: `python tools/readme_pictures.py RESULT [FOLDER]`.

RESULT is a folder made by `posada run caravan-2018 --out RESULT`. The pictures are the report's own: the map, and the
queue at San Ysidro with the counts that were reported.
"""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import vl_convert

from posada.report import charts, drawing, map
from posada.report.inputs import Names
from posada.report.reading import Reading
from posada.report.sections_flow import panel_of
from posada.report.sections_queues import running_total
from posada.results import open_result

GATE = "san-ysidro-gate{group=caravan}"
MOST = 150_000


def main(source: str, target: str = "docs/pictures") -> None:
    """Write route-map.png and queue.png."""
    result = Reading(open_result(source))
    names = Names(result.scenario)
    route = map.draw(map.stops(result, names), map.flows(result, names), 760, "Route", "route")
    waiting = panel_of(result, f"waiting:{GATE}", "People of the caravan in line at San Ysidro")
    taken_in = running_total(result, f"served:{GATE}", "San Ysidro, the caravan")
    shown = [panel for panel in (waiting, taken_in) if panel is not None]
    queue = str(drawing.svg(charts.panels(shown, 760, 2, 190, "people"), "Queue", "queue"))
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in (("route-map", route), ("queue", queue)):
        picture = few_colours(vl_convert.svg_to_png(svg, scale=1.5))
        if len(picture) > MOST:
            raise SystemExit(f"{name}.png has {len(picture):,} bytes; at most {MOST:,} belong into the repository")
        (folder / f"{name}.png").write_bytes(picture)
        print(f"{folder / name}.png: {len(picture):,} bytes")


def few_colours(picture: bytes) -> bytes:
    """The same PNG picture with a palette of at most 256 colours, which is a third of the size."""
    at, packed, width, height = 8, b"", 0, 0
    while at < len(picture):
        (length,), kind = struct.unpack(">I", picture[at : at + 4]), picture[at + 4 : at + 8]
        body = picture[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", body[:10])
            if (depth, colours) != (8, 6):
                return picture
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    pixels = _unfilter(np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(height, 1 + width * 4))
    colours_of = pixels.reshape(-1, 4)[:, :3].astype(np.uint32)
    keys = colours_of[:, 0] << 16 | colours_of[:, 1] << 8 | colours_of[:, 2]
    found, counts = np.unique(keys, return_counts=True)
    kept = found[np.argsort(-counts, kind="stable")[:256]]
    parts, palette = (np.stack([item >> 16, item >> 8 & 255, item & 255], axis=1).astype(int) for item in (found, kept))
    nearest = ((parts[:, None] - palette[None]) ** 2).sum(axis=2).argmin(axis=1)
    indices = nearest[np.searchsorted(found, keys)].astype(np.uint8).reshape(height, width)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), indices], axis=1).tobytes()
    shades = palette.astype(np.uint8).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", shades), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _unfilter(rows: np.ndarray) -> np.ndarray:
    """Undo the five filters of PNG, four bytes a pixel."""
    out = np.zeros((rows.shape[0], rows.shape[1] - 1), dtype=np.uint8)
    above = np.zeros(out.shape[1], dtype=np.uint8)
    for number, row in enumerate(rows):
        kind, line = int(row[0]), row[1:].copy()
        if kind == 2:
            line = line + above
        elif kind:
            cells, over = line.reshape(-1, 4).astype(int), above.reshape(-1, 4).astype(int)
            left, corner = np.zeros(4, dtype=int), np.zeros(4, dtype=int)
            for i in range(len(cells)):
                if kind == 1:
                    guess = left
                elif kind == 3:
                    guess = (left + over[i]) // 2
                else:
                    guesses = np.stack([left, over[i], corner])
                    guess = guesses[np.abs(guesses - (left + over[i] - corner)).argmin(axis=0), range(4)]
                left, corner = (cells[i] + guess) & 255, over[i]
                cells[i] = left
            line = cells.astype(np.uint8).ravel()
        out[number] = above = line
    return out


if __name__ == "__main__":
    main(*sys.argv[1:])
