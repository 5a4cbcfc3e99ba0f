"""Which words speak for an owner over the others."""

from powerup.suggest.bayes import Scores
from powerup.suggest.blend import Blend
from powerup.suggest.experts import Experts, Seen
from powerup.suggest.features import PAIR, SUBJECT, Place, places
from powerup.suggest.keywords import Match
from powerup.suggest.suggestion import Reason, Source, Suggestion, reason_at, strongest

__all__ = ["Reason", "Suggestion", "explain"]

_RIVALS = 5
"""The likeliest other owners: a word speaks for an owner when it speaks less for these."""
_SLIGHT = 0.01
_KEYWORD_WEIGHT = {"subject": 2.0, "body": 1.0}
_AUTHOR_SLIGHT = 0.2


def explain(
    experts: Experts, blend: Blend, seen: Seen, part: Scores, best: list[str], matches: list[Match]
) -> dict[str, tuple[Reason, ...]]:
    """The reasons for each of the best."""
    if not best:
        return {}
    ranked = sorted(part, key=lambda owner: (-part[owner], owner))[: max(_RIVALS, len(best)) + 1]
    says = _says(experts, blend, seen, ranked)
    standing = [place for place in places(seen.document) if place.feature in says]
    usual = experts.usual.scores(ranked)
    habit = experts.authors.scores(seen.document.author, usual)
    found = {}
    for owner in best:
        rivals = [other for other in ranked if other != owner]
        reasons = [_keyword(seen, match) for match in matches if match.owner == owner]
        reasons += _learnt(seen, standing, says, owner, rivals, part)
        chosen = strongest(reasons)
        worth = blend.weigh("author", owner) * (habit[owner] - max((habit[other] for other in rivals), default=0.0))
        if seen.document.author and worth > _AUTHOR_SLIGHT:
            source: Source = "author"
            chosen = (*chosen, Reason("subject", 0, 0, seen.document.author, round(worth, 4), source))
        found[owner] = chosen
    return found


def _says(experts: Experts, blend: Blend, seen: Seen, owners: list[str]) -> dict[str, Scores]:
    """For each feature, what it adds to each owner's score over all sources."""
    found: dict[str, Scores] = {}
    for source, spoken in experts.speak(seen, owners).items():
        trust = {owner: blend.weigh(source, owner) for owner in owners}
        for feature, row in spoken.items():
            sums = found.setdefault(feature, dict.fromkeys(owners, 0.0))
            for owner in owners:
                sums[owner] += trust[owner] * row.get(owner, 0.0)
    return found


def _learnt(seen: Seen, standing: list[Place], says: dict[str, Scores], owner: str, rivals: list[str], part: Scores) -> list[Reason]:
    if rivals:
        # A likelier rival counts for more; when none is likely at all, each counts the same.
        rest = sum(part[other] for other in rivals) + 1e-9 * len(rivals)
        weights = [(other, (part[other] + 1e-9) / rest) for other in rivals]
        strength = {feature: row[owner] - sum(weight * row[other] for other, weight in weights) for feature, row in says.items()}
    else:
        # With a single owner known there is nobody to compare with: the rarer words stand for it.
        strength = {feature: value for feature, value in seen.vector if feature in says}
    reasons: dict[str, Reason] = {}
    for place in standing:
        worth = strength.get(place.feature, 0.0)
        if not place.feature.startswith((SUBJECT, PAIR)) and place.field == "subject":
            # One word in the subject, two features: together they are its weight.
            worth += max(0.0, strength.get(SUBJECT + place.feature, 0.0))
        if worth > _SLIGHT and place.feature not in reasons:
            reasons[place.feature] = reason_at(seen.document, place, worth)
    return list(reasons.values())


def _keyword(seen: Seen, match: Match) -> Reason:
    text = seen.document.subject if match.field == "subject" else seen.document.body
    return Reason(match.field, match.start, match.end, text[match.start : match.end], _KEYWORD_WEIGHT[match.field], "keyword")
