"""Why a run stopped, in words, with the step and the party."""

from __future__ import annotations

from posada.engine import layout as at
from posada.engine.codes import Codes
from posada.engine.layout import State
from posada.engine.run import EngineBug, EngineError

MISTAKES = {
    at.ERR_SPIN: "was reached a thousand times without time passing; let some time pass on the cycle through it",
    at.ERR_NO_OPTION: "has no option that is allowed for this party; leave one option without `if`",
    at.ERR_SHARES: "has shares that sum to 0 for this party",
    at.ERR_NOT_FINITE: "has an expression that is not a finite number for this party (a division by 0, or a log of 0?)",
    at.ERR_NO_SOURCE: "is where people set out, but at this moment every place has a weight of 0 or below",
    at.ERR_ELSEWHERE: "was reached by a party that is at another place",
}


def explain(reason: int, state: State, codes: Codes, replicate: int, seed: int) -> Exception:
    """The exception for a reason that `advance` came back with."""
    head = state.head[0]
    when = f"replicate {replicate}, seed {seed}, day {head['now'] / 86400:.2f}, party {int(head['error_serial'])}"
    if reason in MISTAKES:
        number = int(head["error_step"])
        step, spot = codes.steps[number], codes.step_spots[number]
        if reason == at.ERR_NOT_FINITE:
            spot = codes.movement_spots.get(step, spot)
        return EngineError(f"{spot}step {step} {MISTAKES[reason]} ({when})")
    if reason == at.ERR_LOST:
        lost = int(head["set_out"]) - int(head["ended"])
        busy = [
            int(p["serial"])
            for p in state.party[: int(head["parties_n"])]
            if p["status"] != at.FREE and p["place"] == -1
        ][:5]
        return EngineBug(f"people were lost: {lost} should be present ({when}); parties without a place: {busy}")
    return EngineBug(f"a buffer was overrun (reason {reason}; {when})")
