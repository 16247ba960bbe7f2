"""A claim in words: how many, who says so, where it was said."""

from __future__ import annotations

from .ledger import Evidence

QUALIFIED = {"about": "about ", "at_least": "at least ", "at_most": "at most ", "more": "more than "}
NOT_PUBLIC = ("restricted", "confidential")
NOT_NAMED = "a source that is not named in public"


def amount(claim: Evidence) -> str:
    """`100 to 300 people`, `about 1,500 people`, `30 %`; empty if it says no number."""
    share = claim.unit == "share"
    low, value, high = (None if x is None else x * 100 if share else x for x in (claim.low, claim.value, claim.high))
    if value is not None:
        text = QUALIFIED.get(claim.qualifier or "", "") + number(value)
        if low is not None and high is not None and low != high:
            text += f" ({number(low)} to {number(high)})"
    elif low is not None and high is not None:
        text = number(low) if low == high else f"{number(low)} to {number(high)}"
    elif low is not None or high is not None:
        more = "more than" if claim.qualifier == "more" else "at least"
        text = f"{more} {number(low)}" if low is not None else f"at most {number(high or 0.0)}"
    else:
        return ""
    unit = "%" if share else (claim.unit or "").replace("_", " ")
    return f"{text} {unit}".rstrip()


def number(value: float) -> str:
    """With thousands separators and as many decimals as there are, up to three."""
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return text or "0"


def subject(claim: Evidence) -> str:
    """What is counted, of what, where and when."""
    base = f"of {claim.base.replace('-', ' ').replace('_', ' ')}" if claim.base else ""
    days = [d.isoformat() for d in (claim.from_, claim.to) if d is not None]
    when = days[0] if len(set(days)) == 1 else " to ".join(days)
    what = (claim.counts_what or claim.kind or "a count").replace("_", " ")
    return ", ".join(filter(None, (f"{what} {base}".strip(), claim.place or "", when)))


def hidden(claim: Evidence, public: bool) -> bool:
    """Whether the source stays unnamed: in what is public, that of a restricted or confidential claim."""
    return public and claim.sensitivity in NOT_PUBLIC


def who(claim: Evidence, public: bool) -> str:
    """Who says so: organisation and role."""
    if hidden(claim, public):
        return NOT_NAMED
    role = (claim.claimant_role or "").replace("-", " ")
    if claim.claimant_org and role:
        return f"{claim.claimant_org} ({role})"
    return claim.claimant_org or role or "somebody who is not named"


def source(claim: Evidence, public: bool) -> str:
    """Title, publisher, date and place of the source; empty if it stays unnamed."""
    if hidden(claim, public):
        return ""
    published = claim.published.isoformat() if claim.published else ""
    return ", ".join(filter(None, (claim.source_title, claim.publisher, published, claim.locator)))
