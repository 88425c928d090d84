"""Asking beforehand and doing it: one voice. bench/rules_agree.py asks ten thousand times."""

from tests.api.agreeing import Plan


def test_every_question_agrees_with_the_change(app):
    plan = Plan(app, seed=6, machines=3, work=12)

    assert list(plan.cases(25)) == []
    assert {"200", "R1", "R2"} <= set(plan.seen)
