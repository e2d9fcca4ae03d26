"""How often gold comes to a person: soon at first, then rarely for those who are trusted, and more often for those in doubt."""

from __future__ import annotations

from rules.quality import model_settings as settings


def share(
    bounds: tuple[float, float],
    default: float,
    golds_seen: int,
    answers_given: int,
    trust: float,
    standing: str,
) -> float:
    """Give the chance that the next item is gold, for an independent draw.

    `bounds`: the project's least and most share. `default`: its usual share; 0 means no gold at all. `answers_given`: answers of this
    person so far, golds included. `trust`: what an answer of theirs tells beside the median one. `standing`: active or watched.
    """
    if not default:
        return 0.0
    least, most = bounds
    if standing == "watched" or golds_seen < settings.FRONT_GOLDS:
        return most
    if trust >= 1.0 and answers_given >= settings.TRUSTED_ANSWERS:
        return least
    # What came early makes up for the half that is left out here.
    return min(max(default / 2, least), most)
