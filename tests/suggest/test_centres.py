"""What the threads of an owner are like on the whole."""

import pytest

from powerup.suggest.centres import Centres

PAPER, MONEY = [("paper", 0.8), ("tray", 0.6)], [("refund", 0.8), ("paper", 0.6)]

WHOLE = 12.0
"""The score of a text that is just like all of many threads."""


def taught(half_life: float = 1000.0) -> Centres:
    centres = Centres(half_life)
    centres.learn(PAPER, "Printing", 1.0)
    centres.learn(MONEY, "Billing", 1.0)
    return centres


def test_it_is_compared_by_angle() -> None:
    found = taught(1e12).scores(PAPER, ["Printing", "Billing", "Nobody"])
    assert found["Printing"] == pytest.approx(WHOLE / 1.5)
    assert found["Billing"] == pytest.approx(WHOLE / 1.5 * 0.8 * 0.6)
    assert found["Nobody"] == 0


def test_one_thread_is_doubted_and_many_count_no_more_than_some() -> None:
    centres, said = taught(1e12), []
    for _ in range(3):
        said.append(centres.scores(PAPER, ["Printing"])["Printing"])
        for _ in range(100):
            centres.learn(PAPER, "Printing", 1.0)
    assert said[0] < 0.7 * said[1]
    assert 0.99 * said[2] < said[1] < said[2] < WHOLE


def test_newer_assignments_count_more() -> None:
    centres = Centres(1.0)
    centres.learn([("fax", 1.0)], "Printing", 1.0)
    for _ in range(400):
        centres.learn([("toner", 1.0)], "Printing", 1.0)
    found = centres.scores([("toner", 1.0)], ["Printing"])
    # With this half-life all threads together are two new ones.
    assert found["Printing"] == pytest.approx(WHOLE * 2 / 2.5)
    assert centres.scores([("fax", 1.0)], ["Printing"])["Printing"] == pytest.approx(0)


def test_what_each_word_says_sums_up_to_the_score() -> None:
    centres, owners = taught(), ["Printing", "Billing"]
    said, scores = centres.speak(MONEY, owners), centres.scores(MONEY, owners)
    for owner in owners:
        assert sum(row[owner] for row in said.values()) == pytest.approx(scores[owner])


def test_what_is_taken_back_or_forgotten_is_gone() -> None:
    centres = taught(1e12)
    centres.learn(MONEY, "Billing", -1.0)
    assert centres.scores(MONEY, ["Billing"])["Billing"] == pytest.approx(0)
    centres.forget("Printing")
    assert centres.scores(PAPER, ["Printing"])["Printing"] == 0


def test_without_a_forgotten_word_the_others_make_up_the_whole() -> None:
    centres = taught(1e12)
    centres.drop(["tray", "unheard"])
    assert centres.scores([("paper", 1.0)], ["Printing"])["Printing"] == pytest.approx(WHOLE * 0.8 / (0.8 + 0.5))
