"""Expressions: text to trees, and mistakes with their offset."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.scenario import ExpressionError, ExpressionNames, parse_expression
from posada.scenario.expressions import Binary, Call, Compare, If, Is, Name, Num, Since, State, Unary

NAMES = ExpressionNames(
    frozenset({"slots", "weight"}),
    {"has_lawyer": ("unstated", "yes", "no"), "origin": ("unstated", "HND", "el-progreso")},
    {"san-ysidro-gate": "gate", "refugio": "beds"},
    frozenset({"caravan", "late-caravan"}),
)

GOOD = [
    ("1 + 2 * 3", Binary("+", Num(1), Binary("*", Num(2), Num(3)))),
    ("1 - 2 - 3", Binary("-", Binary("-", Num(1), Num(2)), Num(3))),
    ("-slots", Unary("-", Name("slots", "quantity"))),
    ("slots-weight", Binary("-", Name("slots", "quantity"), Name("weight", "quantity"))),
    ("group == late-caravan", Is("group", "==", "late-caravan")),
    ("party_type != families", Is("party_type", "!=", "families")),
    ("origin == el-progreso and adults > 0",
     Binary("and", Is("origin", "==", "el-progreso"), Compare(">", Name("adults", "member"), Num(0)))),
    ("queue_length(san-ysidro-gate)", State("queue_length", "san-ysidro-gate")),
    ("since(2018-05-07)", Since(date(2018, 5, 7))),
    ("if(days_waited > 3, min(1, slots), exp(0))",
     If(Compare(">", Name("days_waited", "state"), Num(3)), Call("min", (Num(1), Name("slots", "quantity"))),
        Call("exp", (Num(0),)))),
    ("not people == 1", Unary("not", Compare("==", Name("people", "member"), Num(1)))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), GOOD, ids=[text for text, _ in GOOD])
def test_trees(text, tree):
    assert parse_expression(text, NAMES) == tree


BAD = [
    ("", 0, "a number or a name is expected"),
    ("1 +", 3, "a number or a name is expected"),
    ("1 2", 2, "does not belong here"),
    ("slts", 0, "no name 'slts'"),
    ("has_lawyer", 0, "only compared with its levels"),
    ("has_lawyer == ja", 14, "no level 'ja'"),
    ("queue_length(gate)", 13, "no facility 'gate'"),
    ("expected_wait_days(refugio)", 19, "has no meaning"),
    ("since(2018-02-30)", 6, "not in the calendar"),
    ("if(1, 2)", 0, "takes 3 values"),
    ("system(1)", 0, "no function 'system'"),
    ("(" * 500, 100, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "offset", "message"), BAD, ids=[text[:30] for text, _, _ in BAD])
def test_mistakes(text, offset, message):
    with pytest.raises(ExpressionError, match=message.replace("(", r"\(")) as caught:
        parse_expression(text, NAMES)
    assert caught.value.offset == offset


@given(st.text(alphabet="slotweigh_1.+-*/()<>=!, andorif", max_size=40))
def test_any_text_is_a_tree_or_a_mistake(text):
    try:
        parse_expression(text, NAMES)
        offset = 0
    except ExpressionError as error:
        offset = error.offset
    assert 0 <= offset <= len(text)
