"""What is remembered is bounded."""

import pytest

from powerup.suggest import neighbours, vocabulary
from powerup.suggest.document import Document
from powerup.suggest.owners import OwnerModel


def test_the_rarest_and_oldest_features_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_FEATURES", 8)
    words = vocabulary.Vocabulary()
    words.add({"often": 1, "old": 1})
    words.add({"often": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1})
    assert words.surplus() == []
    words.add({"h": 1})
    assert words.surplus() == ["old", "b"]
    assert "often" in words.seen and len(words.seen) == 7


def test_a_model_keeps_its_bounds_and_its_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_FEATURES", 200)
    monkeypatch.setattr(neighbours, "_REMEMBERED", 20)
    model = OwnerModel()
    for number in range(200):
        model.learn(Document(f"printer toner {number}abc", f"{number}x {number}y"), "Printing")
        model.learn(Document(f"invoice refund {number}abc", f"{number}v {number}w"), "Billing")
    assert len(model._experts.vocabulary.seen) <= 200
    assert len(model._experts.neighbours._owners) <= 20
    assert model.suggest(Document("toner for my printer"))[0].owner == "Printing"
