"""The sources of opinion about a document, side by side: each learns every assignment, and `Blend` weighs what they say."""

from collections.abc import Iterable
from dataclasses import dataclass

from powerup.suggest.bayes import Bayes, Scores
from powerup.suggest.blend import Opinions, centred
from powerup.suggest.centres import Centres
from powerup.suggest.document import Document
from powerup.suggest.features import PAIR, PIECE, SUBJECT, count, pieces
from powerup.suggest.habits import Habits, Recent
from powerup.suggest.linear import Linear
from powerup.suggest.neighbours import Neighbours
from powerup.suggest.vocabulary import Vector, Vocabulary, of_length_one
from powerup.suggest.words import words

TRUST = {
    "centres": 1.5,
    "linear": 0.3,
    "neighbours": 0.5,
    "subject_words": 0.15,
    "subject_linear": 0.25,
    "name": 2.5,
    "usual": 0.1,
    "author": 0.25,
    "place": 0.3,
}
"""How far each source is trusted before there is experience with it."""
_OF_SUBJECT = (SUBJECT, PAIR)
_NAME_IN_SUBJECT = 3.0
_PIECE = 0.05
"""A piece of a word weighs little beside a word, but there are many: they know compounds, other endings and slips of the pen."""
_HEARD = 60
"""Of a document's features, the heaviest: the reasons are looked for among these."""
_LATELY, _LONG, _USUAL = 1000, 2000, 300
"""Half-lives, in assignments: of centres, of the subject's words (fewer: it takes longer to know them), and of who gets threads at all."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as the experts see it."""

    document: Document
    features: dict[str, float]
    vector: Vector
    subject: dict[str, float]
    """Of the features, those that only the subject has."""
    subject_vector: Vector


class Experts:
    """All sources."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.centres, self.linear, self.neighbours = Centres(_LATELY), Linear(), Neighbours()
        # A subject drowns in a long body, so it is also heard by itself.
        self.subject_words, self.subject_linear = Bayes(_LONG), Linear()
        self.usual, self.authors, self.places = Recent(_USUAL), Habits(), Habits()
        self._names: dict[str, tuple[str, ...]] = {}

    def see(self, document: Document) -> Seen:
        """Read a document."""
        features = count(document)
        vector = self.vocabulary.vector(features)
        subject = {feature: times for feature, times in features.items() if feature.startswith(_OF_SUBJECT)}
        alone = [each for each in vector if each[0].startswith(_OF_SUBJECT)]
        alone += [(piece, _PIECE) for piece in pieces(document)]
        return Seen(document, features, vector, subject, of_length_one(alone))

    def opinions(self, seen: Seen, owners: list[str]) -> Opinions:
        """What each source says, about zero on average over these owners."""
        usual = self.usual.scores(owners)
        said = {
            "centres": self.centres.scores(seen.vector, owners),
            "linear": self.linear.scores(seen.vector, owners),
            "neighbours": self.neighbours.scores(seen.vector, owners),
            "subject_words": self.subject_words.scores(seen.subject, owners),
            "subject_linear": self.subject_linear.scores(seen.subject_vector, owners),
            "name": self._named(seen.vector, owners),
            "usual": usual,
            "author": self.authors.scores(seen.document.author, usual),
            "place": self.places.scores(seen.document.place, usual),
        }
        return {source: centred(scores) for source, scores in said.items()}

    def learn(self, seen: Seen, owner: str, weight: float, *, new: bool) -> None:
        """Everybody learns an assignment; `new`: the document was not the last one learnt."""
        self.centres.learn(seen.vector, owner, weight)
        self.linear.learn(seen.vector, owner, weight)
        self.subject_words.learn(seen.subject, owner, weight)
        self.subject_linear.learn(seen.subject_vector, owner, weight)
        self.neighbours.learn(seen.vector, owner, weight)
        self.usual.learn(owner, weight)
        self.authors.learn(seen.document.author, owner, weight)
        self.places.learn(seen.document.place, owner, weight)
        if new:
            self.vocabulary.add(seen.features)
            self._tidy()

    def take_back(self, seen: Seen, wrong: str, right: str) -> None:
        """`wrong` was wrong: whatever of it was learnt weighs against `right` no more."""
        self.neighbours.take_back(seen.vector, wrong)
        self.linear.prefer(seen.vector, right, wrong)
        self.subject_linear.prefer(seen.subject_vector, right, wrong)

    def forget(self, owner: str) -> None:
        """Forget an owner everywhere."""
        for expert in (*self._of_words(), self.usual, self.authors, self.places):
            expert.forget(owner)
        self._names.pop(owner, None)

    def speak(self, seen: Seen, owners: list[str]) -> dict[str, dict[str, Scores]]:
        """By source, what each feature of the document says about each owner, as far as single words can be told apart."""
        heaviest = seen.vector[:_HEARD]
        subject = [each for each in seen.subject_vector if not each[0].startswith(PIECE)]
        found: dict[str, dict[str, Scores]] = {
            "subject_words": self.subject_words.speak(seen.subject, subject, owners),
            "centres": self.centres.speak(heaviest, owners),
            "linear": self.linear.speak(heaviest, owners),
            "subject_linear": self.subject_linear.speak(subject, owners),
        }
        by_name: dict[str, Scores] = {}
        weights = dict(heaviest)
        for owner in owners:
            for form in self.name(owner):
                for feature, times in ((SUBJECT + form, _NAME_IN_SUBJECT), (form, 1.0)):
                    if feature in weights:
                        by_name.setdefault(feature, {})[owner] = times * weights[feature] / len(self.name(owner))
        return {**found, "name": by_name}

    def name(self, owner: str) -> tuple[str, ...]:
        """The words of an owner's name: `System.Net` speaks for threads that say it."""
        if owner not in self._names:
            self._names[owner] = tuple(dict.fromkeys(form for form, _, _ in words(owner)))
        return self._names[owner]

    def _named(self, vector: Vector, owners: Iterable[str]) -> Scores:
        weights = dict(vector)
        found = {}
        for owner in owners:
            name = self.name(owner)
            said = sum(_NAME_IN_SUBJECT * weights.get(SUBJECT + form, 0.0) + weights.get(form, 0.0) for form in name)
            found[owner] = said / max(1, len(name))
        return found

    def _tidy(self) -> None:
        if surplus := self.vocabulary.surplus():
            for expert in self._of_words():
                expert.drop(surplus)

    def _of_words(self) -> tuple[Bayes | Centres | Linear | Neighbours, ...]:
        return self.centres, self.linear, self.neighbours, self.subject_words, self.subject_linear
