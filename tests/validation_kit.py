"""Three camps beyond a border with counts, as texts."""

from pathlib import Path

FILES = {
    "scenario.yaml": """\
posada: 1
title: Three camps beyond a border
start: 2024-03-01
end: 2024-03-30
time_zone: Africa/Bangui
modes: {foot: {speed_kmh: 4}}
groups:
  displaced:
    people_per_day: {value: 60, low: 40, high: 90}
    place: town
    pathway: flight
    parties: {1: 1}
pathways:
  flight:
    - {id: where, branch: {near: 0.5, hill: 0.3, far: rest}}
    - {id: near, travel: {along: town-near}, then: there}
    - {id: hill, travel: {along: town-hill}, then: there}
    - {id: far, travel: {along: town-far}}
    - {id: there, wait: {for: 1000 days}}
    - {id: end, outcome: settled}
outcomes:
  settled: {label: Settled}
""",
    "places.csv": """\
id,name,lat,lon,country,time_zone,kind
town,Town,5.9,15.6,CAF,,town
near,Near camp,5.8,15.1,CMR,,camp
hill,Hill camp,6.2,15.0,CMR,,camp
far,Far camp,6.9,14.6,CMR,,camp
""",
    "links.csv": """\
id,from,to,mode,length_km
town-near,town,near,foot,60
town-hill,town,hill,foot,90
town-far,town,far,foot,180
""",
    "observations.csv": """\
id,series,from,to,low,value,high,qualifier,evidence,as_of,use
near-1,present:near,2024-03-05,2024-03-05,,100,,,,,check
near-2,present:near,2024-03-15,2024-03-15,,400,,,,,check
near-3,present:near,2024-03-29,2024-03-29,,900,,,,,check
hill-1,present:hill,2024-03-10,2024-03-10,100,,200,,,,check
hill-2,present:hill,2024-03-25,2024-03-25,,450,,,,,check
far-1,present:far,2024-03-11,2024-03-11,,50,,,,,check
far-2,present:far,2024-03-21,2024-03-21,,150,,,,,check
far-said,present:far,2024-03-12,2024-03-12,,7000,,,,,input
""",
}


def write(folder: Path, changed: dict[str, str] | None = None) -> Path:
    """The scenario in a folder, with some files changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**FILES, **(changed or {})}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder
