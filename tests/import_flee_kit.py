"""A small situation in Flee's files, which tests change: six places, two camps with series, two places unsafe."""

from pathlib import Path

INTENSITIES = ["#Day,Alpha,Beta"] + [f"{day},{int(day < 60)},{int(day >= 10)}" for day in range(121)]
FILES = {
    "input_csv/locations.csv": """\
#name,region,country,latitude,longitude,location_type,conflict_date,population
Alpha,North,Home,10.0,20.0,conflict_zone,0,1000
Beta,North,Home,10.5,20.0,conflict_zone,10,3000
Gamma,South,Home,10.0,20.5,town,,
Border Post,South,Near,10.0,21.0,forwarding_hub,,
One,East,Near,10.5,21.0,camp,,500
Two,West,Far,9.5,20.5,camp,,9000
""",
    "input_csv/routes.csv": """\
#name1,name2,distance,forced_redirection
Alpha,Beta,60,
Alpha,Gamma,60,
Gamma,Border Post,60,
Border Post,One,60,
Gamma,Two,60,
""",
    "input_csv/closures.csv": """\
#closure_type,name1,name2,closure_start,closure_end
country,Home,Near,0,20
camp,Two,,0,15
""",
    "input_csv/conflicts.csv": "\n".join(INTENSITIES) + "\n",
    "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,120\n",
    "input_csv/registration_corrections.csv": "Two,2020-02-10,normalize\n",
    "source_data/data_layout.csv": "total,refugees.csv\nOne,one.csv\nTwo,two.csv\n",
    "source_data/refugees.csv": "2020-01-01,10\n2020-01-31,500\n2020-04-29,752\n",
    "source_data/one.csv": "2020-01-01,10\n2020-01-11,110\n2020-01-21,90\n2020-03-01,500\n2020-05-10,498\n",
    "source_data/two.csv": "2020-01-01,0\n2020-01-31,300\n2020-02-10,150\n2020-04-29,250\n",
    "simsetting.yml": """\
spawn_rules:
  conflict_spawn_decay: [1.0, 0.5]
move_rules:
  max_move_speed: 200.0
  camp_weight: 2.0
  softening: 10.0
  default_movechance: 0.5
  start_on_foot: True
  avoid_short_stints: True
""",
}
LOCATIONS, ROUTES, CLOSURES = "input_csv/locations.csv", "input_csv/routes.csv", "input_csv/closures.csv"
CONFLICTS, PERIOD = "input_csv/conflicts.csv", "input_csv/sim_period.csv"
CORRECTIONS, LAYOUT = "input_csv/registration_corrections.csv", "source_data/data_layout.csv"
ONE, TWO, TOTAL, SETTINGS = "source_data/one.csv", "source_data/two.csv", "source_data/refugees.csv", "simsetting.yml"


def situation(folder: Path, changes=(), files=None, without=()) -> Path:
    """The folder with the situation: `changes` are (file, old text, new text), `files` replace whole files."""
    texts = {name: text for name, text in (FILES | (files or {})).items() if name not in without}
    for name, old, new in changes:
        assert old in texts[name], f"{old!r} is not in {name}"
        texts[name] = texts[name].replace(old, new, 1)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


def line_of(name: str, part: str, changes=(), files=None) -> int:
    """The line of a file on which a text stands, after the changes."""
    text = (FILES | (files or {}))[name]
    for file, old, new in changes:
        text = text.replace(old, new, 1) if file == name else text
    return text[: text.index(part)].count("\n") + 1
