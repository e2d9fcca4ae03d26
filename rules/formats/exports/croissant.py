"""Croissant metadata beside a data file: JSON-LD that data set search and loaders read. Pure; its dates are those of the judgments.

Croissant 1.1 and its vocabulary for responsible AI, RAI 1.0: github.com/mlcommons/croissant, docs/croissant-spec-1.1.md and
docs/croissant-rai-spec.md.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from rules.formats.exports import card
from rules.formats.exports.judged import Column
from rules.formats.exports.report import Report

VERSIONS = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
ENCODINGS = {
    "jsonl": "application/jsonlines",
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/x-parquet",
}
TYPES = {
    "text": "sc:Text",
    "int": "sc:Integer",
    "float": "sc:Float",
    "bool": "sc:Boolean",
    "texts": "sc:Text",
    "bools": "sc:Boolean",
    "moment": "sc:DateTime",
    "object": "sc:Text",
}
CROISSANT_WORDS = (
    "arrayShape citeAs column conformsTo containedIn equivalentProperty extract field fileProperty fileObject fileSet format includes "
    "isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate separator source "
    "subField transform"
).split()
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{word: f"cr:{word}" for word in CROISSANT_WORDS},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "sc": "https://schema.org/",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """A data file as it lies on the disk. `size_bytes`, `sha256`: of its bytes."""

    name: str
    size_bytes: int
    sha256: str


def write(report: Report, stored: Stored) -> str:
    """Write the metadata of a file."""
    project = report.plan.project
    licence = report.plan.wishes.licence
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSIONS,
        "name": f"{project.slug}-{report.form.name}",
        "description": f"{card.title(report)}. {card.counted(report.rows, 'row')}: {report.form.words}.",
        "version": "1.0.0",
        "inLanguage": project.language,
        "keywords": ["veritap", "human-feedback", *report.form.tags],
        **({"license": _licence(licence)} if licence else {}),
        **({"datePublished": card.day(report.last_ms)} if report.last_ms else {}),
        "citeAs": _citation(report),
        **_responsible(report),
        "distribution": [_distribution(report, stored)],
    }
    fields = [_field(column, stored) for column in _loadable(report)]
    if fields:
        found["recordSet"] = [{"@type": "cr:RecordSet", "@id": "rows", "name": "rows", "field": fields}]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _licence(licence: str) -> str:
    """Name a licence by its page where the Hub's name tells it."""
    word = licence.casefold()
    if word == "cc0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if word.startswith("cc-") and word in card.LICENCES:
        kind, version = word.removeprefix("cc-").rsplit("-", 1)
        return f"https://creativecommons.org/licenses/{kind}/{version}/"
    return licence


def _citation(report: Report) -> str:
    """Write a BibTeX entry; the year is that of the last judgment."""
    year = f", year={{{card.day(report.last_ms)[:4]}}}" if report.last_ms else ""
    return f"@misc{{{report.plan.project.slug}, title={{{card.title(report)}}}{year}, note={{Judged with Veritap}}}}"


def _responsible(report: Report) -> dict[str, Any]:
    project, pay = report.plan.project, report.plan.project.pay
    least, most = project.quality.overlap
    asked = " ".join(f"{ask.id} ({ask.kind}): {ask.text}" for ask in project.ask)
    agreed = "; ".join(
        f"{one.question} alpha {card.alpha_of(one)} ({one.measure}), "
        f"AC1 {card.figure(one.ac1, one.ac1_interval)}"
        for one in report.agreement()
        if one.items
    )
    timeframe = [card.day(report.first_ms), card.day(report.last_ms)] if report.last_ms else []
    return {
        "rai:dataAnnotationProtocol": (
            f"Students checked items one by one on their phones. {asked} They were paid {pay.in_words}; "
            f"training items: {project.qualification.training}, exam items: {project.qualification.exam}."
        ),
        "rai:dataAnnotationPlatform": ["Veritap, a self-hosted Telegram bot"],
        "rai:dataAnnotationAnalysis": [
            f"Krippendorff's alpha and Gwet's AC1: {agreed or 'not defined for these answers'}. "
            f"A label is what the models of the students' answers make likeliest; ties have none. {card.confidence(report)}"
        ],
        "rai:annotationsPerItem": str(least)
        if least == most
        else f"{least} to {most}; more than {least} only while another one would tell enough",
        "rai:annotatorDemographics": [_audience(report)],
        **({"rai:dataCollectionTimeframe": timeframe} if timeframe else {}),
        "rai:personalSensitiveInformation": [
            "Students appear under pseudonyms, if at all; no profile is part of the data."
        ],
        "rai:dataLimitations": [
            f"{card.counted(len(report.students), 'student')} gave {card.counted(report.judgments, 'judgment')}; "
            "what people gave who withdrew their consent is left out."
        ],
    }


def _audience(report: Report) -> str:
    audience = report.plan.project.audience
    parts = [
        f"degrees: {', '.join(audience.degrees) or 'any'}",
        f"fields of study: {', '.join(audience.fields) or 'any'}",
        f"languages: {', '.join(audience.languages) or 'any'}",
    ]
    return f"Students ({'; '.join(parts)})."


def _distribution(report: Report, stored: Stored) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": stored.name,
        "name": stored.name,
        "description": report.form.words,
        "contentUrl": stored.name,
        "contentSize": f"{stored.size_bytes} B",
        "encodingFormat": ENCODINGS[report.form.shape],
        "sha256": stored.sha256,
    }


def _loadable(report: Report) -> list[Column]:
    """Name the columns that a loader can be told of: an object in a JSON line has no type in Croissant, its text in a table has."""
    if report.form.shape == "json":
        return []
    untyped = ("null",) if report.form.shape in ("csv", "parquet") else ("null", "object")
    return [column for column in report.form.columns(report.plan) if column.type not in untyped]


def _field(column: Column, stored: Stored) -> dict[str, Any]:
    words = f"{column.words} (JSON)" if column.type == "object" else column.words
    several = {"isArray": True, "arrayShape": "-1"} if column.type in ("texts", "bools") else {}
    return {
        "@type": "cr:Field",
        "@id": f"rows/{column.name}",
        "name": column.name,
        "description": words,
        "dataType": TYPES[column.type],
        **several,
        "source": {"fileObject": {"@id": stored.name}, "extract": {"column": column.name}},
    }
