"""Every number that the model of answers is set by, with the reason for it. One set for all projects: chosen on sixteen crowds together,
four of them real and twelve simulated in as many shapes, by what they come to on average. Nothing is computed here."""

from __future__ import annotations

# What people are expected to be.

CLASSES_WITH_CONFUSION = 12
"""With more classes a person's row of confusion has too few answers to say anything, and its table would be large."""

ACCURACY_LEAST = 0.7
"""The least accuracy, as a share of chance: worse than that is nearly always bad luck."""

ACCURACY_MOST = 0.985
"""Nobody is taken for faultless."""

ACCURACIES = 15
"""Steps between the two, which lie closer together than hundreds of answers could tell apart."""

ACCURACY_ANSWERS = 6.0
"""Answers' worth of belief that a person is like the others, where the crowd itself has not shown how it differs."""

SPREAD_PEOPLE = 5.0
"""People's worth of belief that accuracy is spread like that; a real crowd of twenty outweighs it."""

SPREAD_ROUNDS = 4
"""Rounds in which the spread is learnt. It changes little after them, and the next fit goes on."""

CONFUSION_ANSWERS = 12.0
"""Answers' worth of belief, for each class, that a person confuses what others of their accuracy confuse. Fewer made small crowds worse."""

POOLED_ANSWERS = 10.0
"""Answers' worth of belief, for each class, that errors go anywhere."""

CLASS_ITEMS = 10.0
"""Items' worth of belief, for each class, that classes are equally frequent. Without it, a small project whose people lean to one answer is
explained by that answer being true everywhere."""

# How the fit runs.

ITERATIONS = 8
"""Rounds of expectation and maximisation from a cold start; more change nothing that simulated crowds could show."""

SETTLED = 0.002
"""Rounds end once nobody's accuracy moves by more."""

SOFTENING = 0.8
"""The exponent of an item's posterior while people are judged by it: agreement among few is not yet truth."""

UNKNOWN_WEIGHT = 0.8
"""What an answer on an ordinary item weighs in a person's figures against one on a gold item: its reference is itself a guess."""

UNKNOWN_POOLED = 0.2
"""The same for the figures of everybody together, of which there are plenty, and where errors that people share would pass for truth."""

# What golds correct.

MURKY_SHARE = 0.4
"""How many items are murky. Not learnt from agreement, which the fit itself makes: learnt, it came out lower on all crowds, and confidence
was further from the truth on most."""

MURKY, CLEAR = 0.3, 1.6
"""The exponents of what answers tell on murky items and on clear ones, before golds say otherwise."""

POWER = 1.0
"""What both are multiplied with before golds say otherwise."""

POWER_SPREAD = 0.2
"""How far that exponent may lie from the usual one before golds are seen, as a standard deviation."""

BLEND_PULL = 12.0
"""How strongly the weight of the two models is held to a half, in nats: two models together
are better on new items than the better one."""

SLOPE = 0.85
"""The slope of the curve of confidence before golds are seen: a little below what it came to on twelve crowds whose truth is known (0.9 in
the mean, ten of them simulated), because a confidence that is too modest costs less than one that is not kept."""

SLOPE_SPREAD = 0.25
"""How far the slope lies from that in such crowds, as a standard deviation."""

SHIFT_SPREAD = 0.4
"""The same for the shift of the curve, in logits, around none."""

CAP_GOLDS = 2.0
"""With n golds no confidence above (n + 2) / (n + 4) is told: what Agresti and Coull (1998) make of n right ones of n."""

TRIALS_MOST = 1_000
"""Gold items that correct the model, the latest ones: more would not move any figure by what could be told."""

# When an item has enough.

PRICE_OF_DOUBT = 0.3
"""The price of an answer, as a share of the doubt that a project accepts (1 - confidence): at 0.95, an answer that raises the chance of a
right label by less than 1.5 points is not asked for. Three to three and a half answers an item in the mean over crowds; at a lower price
the harder ones gain, at a higher one they lose."""

LOOK_AHEAD = 8
"""How many further answers a decision to ask again looks at: with people who are right six times in ten, fewer never change a label."""

OUTCOMES_MOST = 150
"""States at the end of that look-ahead: with many classes it looks less far."""

ITEMS_AT_ONCE = 4_096
"""Items whose look-aheads are held in memory together."""

CLASSES_COMPARED = 4
"""Classes of an item that a look-ahead tells apart: its likeliest ones."""

# Who is asked.

WAITING_SHARE = 0.8
"""Somebody who tells less than this share of what the median answer tells waits while others want work. Choosing harder where people are
plenty, and less where they are few, came to the same accuracy at a higher price."""

WAITING_ANSWERS = 6
"""Nobody waits before so many answers: less says nothing of anybody."""

# Gold.

FRONT_GOLDS = 2
"""A person's first golds come soon. More tell more of each person, but with many people they cost more answers than they save."""

TRUSTED_ANSWERS = 30
"""From so many answers on, somebody who tells as much as the median answer meets gold as rarely as the project allows."""
