"""One run of Flee on one situation, with Flee's own Python: each camp's simulated and registered people of every day.

    python one_run.py SITUATION SETTINGS HASTEN CAPACITIES SEED OUT.csv

`HASTEN` is how many registered people one simulated person stands for. `CAPACITIES` multiplies the capacities of camps:
0 takes them away, 1 leaves them. In most of these files they are later maxima of the very counts that are compared.

Flee keeps its state in modules: one run, one process. The order of calls is the one its documentation gives for a
simulation with a validation. Prints one JSON line. Version 3.1 does not read these words of the settings files:
`capacity_scaling`, `empty_camps_on_day0`, `conflict_spawn_decay_interval` (it is 30 days), and `sum_from_camps`, which
is handed to it here.
"""

from __future__ import annotations

import csv
import importlib.metadata
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from flee import InputGeography, flee, spawning
from flee.datamanager import handle_refugee_data, read_period
from flee.SimulationSettings import SimulationSettings

TABLES = ("ConflictInput", "Locations", "Links", "Closures")
FILES = ("conflicts.csv", "locations.csv", "routes.csv", "closures.csv")


def geography(situation: Path, settings: Path, hasten: int, capacities: float) -> tuple[Any, Any, dict[str, Any]]:
    """The network as Flee reads it."""
    SimulationSettings.ReadFromYML(str(settings))
    SimulationSettings.ConflictInputFile = str(situation / "input_csv/conflicts.csv")
    SimulationSettings.optimisations["PopulationScaleDownFactor"] = hasten
    reader = InputGeography.InputGeography()
    for table, name in zip(TABLES, FILES, strict=True):
        read = getattr(reader, f"Read{table}CSV", None) or getattr(reader, f"Read{table}FromCSV")
        read(str(situation / "input_csv" / name))
    ecosystem, places = reader.StoreInputGeographyInEcosystem(flee.Ecosystem())
    for place in ecosystem.locations:
        place.capacity = int(max(place.capacity, 0) * capacities)  # Flee takes capacities below one as none
    return reader, ecosystem, places


def counts(situation: Path, start: str, hasten: int) -> Any:
    """The registered people, corrected as the situation states, `hasten` times fewer."""
    table = handle_refugee_data.RefugeeTable(
        csvformat="generic",
        data_directory=str(situation / "source_data"),
        start_date=start,
        data_layout="data_layout.csv",
        population_scaledown_factor=hasten,
    )
    table.ReadL1Corrections(str(situation / "input_csv/registration_corrections.csv"))
    return table


def main() -> None:
    """Simulate, write the camps' days, tell how long it took."""
    situation, settings, out = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[6])
    hasten, capacities, seed = int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
    random.seed(seed)
    np.random.seed(seed)
    start, days = read_period.read_conflict_period(str(situation / "input_csv/sim_period.csv"))
    reader, ecosystem, places = geography(situation, settings, hasten, capacities)
    few, registered = counts(situation, start, hasten), counts(situation, start, 1)
    from_camps = bool(yaml.safe_load(settings.read_text())["spawn_rules"]["sum_from_camps"])
    rows, agent_days, began = [], 0, time.process_time()
    camps = ecosystem.get_camp_names()
    for camp in camps:
        spawning.add_initial_refugees(ecosystem, few, places[camp])
    for day in range(days):
        reader.AddNewConflictZones(ecosystem, day)
        spawning.spawn_daily_displaced(ecosystem, day, few, SumFromCamps=from_camps)
        spawning.refresh_spawn_weights(ecosystem)
        ecosystem.enact_border_closures(day)
        ecosystem.evolve()
        agent_days += len(ecosystem.agents)
        rows += [(day, camp, places[camp].numAgents * hasten, registered.get_field(camp, day)) for camp in camps]
    seconds = time.process_time() - began
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("day", "camp", "simulated", "registered"))
        writer.writerows(rows)
    version = importlib.metadata.version("flee")
    print(json.dumps({"version": version, "agents": len(ecosystem.agents), "agent_days": agent_days, "cpu_s": seconds}))


if __name__ == "__main__":
    main()
