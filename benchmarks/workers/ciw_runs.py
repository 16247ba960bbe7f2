"""The desk and the pathway in Ciw, as networks of nodes."""

from __future__ import annotations

from typing import Any

import ciw
import models
from measured import Batches, Stopwatch, arguments, tell

Exponential = ciw.dists.Exponential


def desk() -> Any:
    """M/M/8."""
    return ciw.create_network(
        arrival_distributions=[Exponential(models.ARRIVALS)],
        service_distributions=[Exponential(1 / models.SERVICE)],
        number_of_servers=[models.SERVERS],
    )


def pathway() -> Any:
    """Reception in six stations, the same for both classes."""
    classes = {"first": models.FIRST, "others": models.OTHERS}
    service = [Exponential(1 / t) for t in models.TIMES]
    service[1] = ciw.dists.Deterministic(models.TIMES[1])
    patience = [Exponential(1 / t) if t else None for t in models.PATIENCE]
    onward = [[0.0] * 6 for _ in range(6)]
    onward[0][1] = onward[1][2] = 1.0
    onward[2][4], onward[2][3] = models.TO_COURT, 1 - models.TO_COURT
    onward[4][5] = models.TO_APPEAL
    servers: list[Any] = list(models.PLACES)
    servers[1] = ciw.Slotted(slots=[1.0], slot_sizes=[models.PLACES[1]])
    return ciw.create_network(
        arrival_distributions={name: [Exponential(rate)] + [None] * 5 for name, rate in classes.items()},
        service_distributions=dict.fromkeys(classes, service),
        reneging_time_distributions=dict.fromkeys(classes, patience),
        priority_classes={"first": 0, "others": 1},
        routing=dict.fromkeys(classes, onward),
        number_of_servers=servers,
    )


def measure(network: Any, people: int, model: str) -> tuple[Stopwatch, Any]:
    """Simulate until so many are out."""
    simulation = ciw.Simulation(network)
    for node in simulation.transitive_nodes if model == "pathway" else ():
        node.reneging = bool(models.PATIENCE[node.id_number - 1])  # else it looks for impatience at every node
    with Stopwatch() as watch:
        simulation.simulate_until_max_customers(people, method="Finish")
    return watch, simulation


def main() -> None:
    """Measure one model."""
    model, people, _, seed = arguments()
    ciw.seed(seed)
    watch, simulation = measure({"desk": desk, "pathway": pathway}[model](), people, model)
    records = simulation.get_all_records()
    arrived = simulation.nodes[0].number_of_individuals
    openings = int(simulation.current_time) if model == "pathway" else 0
    first = sorted((r for r in records if r.node == 1), key=lambda r: r.exit_date)
    batches = Batches(models.BATCHES, len(first))
    for r in first:
        batches.now[0] += 1
        batches.now[1] += r.waiting_time if model == "desk" else r.record_type == "renege"
        batches.step()
    tell(watch, ciw.__version__, arrived + len(records) + openings, batches=batches.rows)


if __name__ == "__main__":
    main()
