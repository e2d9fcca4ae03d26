"""Labels: what the judgments of one item say together, question by question. Where the project's models say what is likeliest, that is the
label, with the confidence that they can stand for; elsewhere it is the answer that most of them give, and a tie leads nowhere. A share is
never a confidence: one of three students is not a probability.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence

from rules.kinds import AnyQuestion, Scale, Span, Steps, Tags, TextAnswer, Value
from rules.project_file import Project

Answers = Mapping[str, Value]
SHARE_DIGITS = 4
NOT_VERDICTS = ("give_up",)


@dataclasses.dataclass(frozen=True, slots=True)
class Sure:
    """What a project's model takes for the answer to one modelled question (`rules.quality.questions`) of an item.

    `word`: its class, None for a tie. `confidence`, `low`, `high`: the chance that it is right, with its interval; None where no golds
    stand behind the model, so that it can claim nothing. `golds`: how many do.
    """

    word: str | None
    confidence: float | None = None
    low: float | None = None
    high: float | None = None
    golds: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Leading:
    """What an item's judgments answer to one question.

    `value`: the leading answer, in the form in which answers are stored; None for a tie, for texts, and where the question does not
    follow from the leading answers before it. For steps it says `first_wrong` as well, and a step on which ratings tie is None.
    `counts`: how often each answer was given; for tags and quotes, how often each was picked. `given`: judgments that answered the
    question. `share`: how many of those stand behind the value, 0 to 1; of several tags, behind the least certain one. `texts`: what was
    written. `sure`: what the model says of the value, if there is one; of several tags, of the least certain one.
    """

    value: Value | None
    counts: Mapping[str, int]
    given: int
    share: float | None = None
    texts: tuple[str, ...] = ()
    sure: Sure | None = None


def of_item(
    project: Project, judgments: Sequence[Answers], beliefs: Mapping[str, Sure] | None = None
) -> dict[str, Leading]:
    """Give what the judgments of an item say, for every question of the project in its order. `beliefs`: what the models make of them."""
    found: dict[str, Leading] = {}
    for ask in project.ask:
        values = [answers[ask.id] for answers in judgments if ask.id in answers]
        leading = of_question(ask, values)
        if beliefs and values:
            leading = _believed(ask, values, leading, beliefs)
        if not _follows(project, ask, found):
            leading = dataclasses.replace(leading, value=None, share=None, sure=None)
        found[ask.id] = leading
    return found


def _follows(project: Project, ask: AnyQuestion, found: Mapping[str, Leading]) -> bool:
    """Tell whether a question is asked after the leading answers before it: nobody asks why what most find right is wrong."""
    for question, wanted in ask.when.items():
        value, other = found[question].value, project.asked(question)
        wishes = wanted if isinstance(wanted, list) else [wanted]
        if value is None or other is None or not any(sign in wishes for sign in other.signs(value)):
            return False
    return True


def _believed(
    ask: AnyQuestion, values: Sequence[Value], leading: Leading, beliefs: Mapping[str, Sure]
) -> Leading:
    """Put what the model believes in the place of what most say, for questions that are modelled."""
    if isinstance(ask, Tags):
        return _believed_tags(ask, leading, beliefs)
    sure = beliefs.get(ask.id)
    if sure is None:
        return leading
    if sure.word is None:
        return dataclasses.replace(leading, value=None, share=None)
    if isinstance(ask, Steps):
        return dataclasses.replace(_steps(ask, values, sure.word), sure=sure)
    value = int(sure.word) if isinstance(ask, Scale) else sure.word
    share = _share(leading.counts.get(sure.word, 0), leading.given)
    return dataclasses.replace(leading, value=value, share=share, sure=sure)


def _believed_tags(ask: Tags, leading: Leading, beliefs: Mapping[str, Sure]) -> Leading:
    """Each tag is believed or not by itself; the least certain one stands for all."""
    sures = {option.value: beliefs.get(f"{ask.id}:{option.value}") for option in ask.options}
    if any(sure is None or sure.word is None for sure in sures.values()):
        return leading
    known = {tag: sure for tag, sure in sures.items() if sure is not None}
    chosen = [tag for tag, sure in known.items() if sure.word == "yes"]
    if not chosen and ask.at_least:
        return dataclasses.replace(leading, value=None, share=None)
    behind = [
        leading.counts.get(tag, 0) if tag in chosen else leading.given - leading.counts.get(tag, 0)
        for tag in known
    ]
    sure = min(known.values(), key=lambda one: 1.0 if one.confidence is None else one.confidence)
    return dataclasses.replace(leading, value=chosen, share=_share(min(behind), leading.given), sure=sure)


def of_question(ask: AnyQuestion, values: Sequence[Value]) -> Leading:
    """Give what the answers to one question say."""
    if isinstance(ask, Steps):
        return _steps(ask, values)
    if isinstance(ask, Tags):
        picked = [[str(tag) for tag in value] if isinstance(value, list) else [] for value in values]
        order = {option.value: option.value for option in ask.options}
        return _picked(picked, order)
    if isinstance(ask, Span):
        return _quoted(values)
    if isinstance(ask, TextAnswer):
        texts = tuple(str(value) for value in values if value != "")
        return Leading(None, {}, len(values), texts=texts)
    return _one(values)


def _one(values: Sequence[Value]) -> Leading:
    """One answer each, for choices, scales and preferences: the one given most often."""
    counts = Counter(str(value) for value in values)
    word = _most(counts)
    value = next((one for one in values if str(one) == word), None)
    return Leading(value, _in_order(counts), len(values), _share(counts[word], len(values)) if word else None)


def _most(counts: Mapping[str, int]) -> str | None:
    """Name what was counted most often; None for a tie or nothing."""
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Sort counts by name, so that the order of the judgments does not show."""
    return dict(sorted(counts.items()))


def _share(part: int, of: int) -> float | None:
    return round(part / of, SHARE_DIGITS) if of else None


def _picked(picks: Sequence[Sequence[str]], values: Mapping[str, Value | dict[str, int]]) -> Leading:
    """Any number of picks each, for tags and quotes: all that more than half picked, unless one stands at exactly half.

    No pick at all leads only where more than half picked nothing.
    """
    given = len(picks)
    counts = Counter(pick for one in picks for pick in set(one))
    empty = sum(not one for one in picks)
    tied = any(2 * count == given for count in counts.values())
    chosen = [word for word in values if 2 * counts[word] > given]
    if tied or not given or (not chosen and 2 * empty <= given):
        return Leading(None, _in_order(counts), given)
    # Each pick was decided by a majority of its own, for or against; the least of them stands for all.
    sides = [max(count, given - count) for count in counts.values()] if chosen else [empty]
    return Leading([values[word] for word in chosen], _in_order(counts), given, _share(min(sides), given))  # type: ignore[arg-type]


def _quoted(values: Sequence[Value]) -> Leading:
    places: dict[str, dict[str, int]] = {}
    picks = []
    for value in values:
        spans = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        words = {f"{one['start']}-{one['end']}": one for one in spans}
        places |= words
        picks.append(list(words))
    order = dict(sorted(places.items(), key=lambda pair: (pair[1]["start"], pair[1]["end"])))
    return _picked(picks, order)


def _steps(ask: Steps, values: Sequence[Value], word: str | None = None) -> Leading:
    """The first wrong step that most name, -1 for none, or "bad_problem"; then the ratings of the steps up to there, each by most of those
    who rated it. Who gave up has no verdict. `word`: the verdict, where it is known already.
    """
    verdicts = [str(ask.compared(value)) for value in values]
    counts = Counter(verdicts)
    if word is None:
        word = _most({verdict: count for verdict, count in counts.items() if verdict not in NOT_VERDICTS})
    if word is None:
        return Leading(None, _in_order(counts), len(values))
    rated = [list(value["ratings"]) for value in values if isinstance(value, dict)]
    if word == "bad_problem":
        label: dict[str, object] = {"first_wrong": None, "ratings": [], "end": "bad_problem"}
    else:
        first = int(word)
        end = "solution" if first < 0 else "found_error"
        label = {"first_wrong": first, "ratings": _ratings(ask, rated, first), "end": end}
    return Leading(label, _in_order(counts), len(values), _share(counts[word], len(values)))


def _ratings(ask: Steps, rated: Sequence[Sequence[int]], first_wrong: int) -> list[int | None]:
    """Rate each step so that no rating contradicts the first wrong step: good or neutral before it, wrong there."""
    longest = max(map(len, rated), default=0)
    count = first_wrong + 1 if first_wrong >= 0 and ask.stop_at_error else longest
    found: list[int | None] = []
    for place in range(count):
        given = [ratings[place] for ratings in rated if place < len(ratings)]
        if place == first_wrong:
            found.append(-1)
            continue
        if first_wrong < 0 or place < first_wrong:
            given = [rating for rating in given if rating >= 0]
        word = _most(Counter(map(str, given)))
        found.append(None if word is None else int(word))
    return found
