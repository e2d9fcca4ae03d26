"""Style that no other tool keeps: short functions and files, named constraints, portable SQL, documented settings.

Each law is a function from a text to the complaints about it. It is tried on a text that breaks it, so that a law
that no longer bites is noticed, and then on every file of the project.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("bot", "handlers", "actions", "storage", "rules", "sandbox", "tests", "benchmarks")
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
FILE_LINES_MAX_BY_KIND = {".css": 700}
KINDS = (".py", ".sql", ".js", ".css", ".html")

# What a rule may import: the vocabulary of pure decisions. A clock, chance, files and waiting are not in it.
IMPURE = frozenset(
    "asyncio concurrent http logging multiprocessing os pathlib queue random secrets select shutil signal socket "
    "sqlite3 subprocess sys tempfile threading time urllib uuid".split()
)
RULES_MAY_IMPORT = (set(sys.stdlib_module_names) - IMPURE) | {"rules", "numpy", "pydantic", "markdown_it"}

# The portable subset of SQL; `{id}` and `{clustered}` stand for an engine's own words in migrations.
UNPORTABLE = re.compile(
    r"\b(?:INTEGER|INT|REAL|FLOAT|DOUBLE|BLOB|BYTEA|SERIAL|BOOLEAN|TIMESTAMP|AUTOINCREMENT|ROWID)\b"
    r"|\b(?:datetime|strftime|julianday|now|ifnull)\s*\(|::|\?|\bINSERT\s+OR\b|\bCURRENT_TIMESTAMP\b",
    re.IGNORECASE,
)
CONSTRAINT = re.compile(r"\b(?:PRIMARY\s+KEY|UNIQUE|CHECK|FOREIGN\s+KEY|REFERENCES)\b", re.IGNORECASE)
NAMED = re.compile(r"\bCONSTRAINT\s+\w+\s*$", re.IGNORECASE)


def files(*kinds: str) -> list[Path]:
    """List the project's own files of these kinds."""
    found = [path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.suffix in kinds]
    return sorted(path for path in [*found, ROOT / "run.py"] if path.suffix in kinds)


def complaints(law: Callable[[str], list[str]], paths: list[Path]) -> list[str]:
    """Hold files to a law, and name the file in each complaint."""
    assert paths, "A law that looks at no file holds nothing."
    return [
        f"{path.relative_to(ROOT)}: {complaint}"
        for path in paths
        for complaint in law(path.read_text(encoding="utf-8"))
    ]


def long_functions(text: str) -> list[str]:
    """Find functions of more lines than one screen holds."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    lengths = [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in functions]
    return [f"{name} has {lines} lines" for name, lines in lengths if lines > FUNCTION_LINES_MAX]


def no_opening(text: str) -> list[str]:
    """Find a module that does not say what lives in it."""
    return [] if ast.get_docstring(ast.parse(text)) else ["opens without a docstring"]


def reminders(text: str) -> list[str]:
    """Find work that was put off in a comment."""
    marks = re.findall(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b", text)
    return [f"{mark} is left" for mark in marks]


def prints(text: str) -> list[str]:
    """Find calls of print, which only a command line may make."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [
        f"line {call.lineno} prints"
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]


def impure_imports(text: str) -> list[str]:
    """Find imports that a pure decision has no need of."""
    return [f"imports {name}" for name in imported(text) if name.split(".")[0] not in RULES_MAY_IMPORT]


def imported(text: str) -> Iterator[str]:
    """Name every module that a text imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def unportable_sql(text: str) -> list[str]:
    """Find SQL that only one of the two engines understands."""
    return [f"{word!r} is not portable" for word in UNPORTABLE.findall(bare_sql(text))]


def nameless_constraints(text: str) -> list[str]:
    """Find constraints that a test, a log line or a migration could not call by name."""
    found = []
    for table, body in created_tables(bare_sql(text)):
        for part in top_level_parts(body):
            if "{id}" in part:
                continue
            outside = re.sub(
                r"\bFOREIGN\s+KEY\s*\(.*?\)\s*REFERENCES\b", "FOREIGN KEY", part, flags=re.I | re.S
            )
            nameless = [
                hit[0] for hit in CONSTRAINT.finditer(outside) if not NAMED.search(outside[: hit.start()])
            ]
            found += [f"{table}: {word} has no name" for word in nameless]
    return found


def bare_sql(text: str) -> str:
    """Return SQL without its comments and texts."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", text, flags=re.DOTALL)


def created_tables(sql: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each table that is created, and what stands between its brackets."""
    for match in re.finditer(r"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)\s*\(", sql, re.IGNORECASE):
        depth, end = 1, match.end()
        while depth and end < len(sql):
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        yield match[1], sql[match.end() : end - 1]


def top_level_parts(body: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    parts, depth = [""], 0
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def lone_twins(names: list[str]) -> list[str]:
    """Find files of SQL for one engine that have no twin for the other."""
    engines = {".sqlite.sql": ".postgres.sql", ".postgres.sql": ".sqlite.sql"}
    twins = {
        n: n.removesuffix(one) + other for n in names for one, other in engines.items() if n.endswith(one)
    }
    return [f"{name} has no twin {twin}" for name, twin in twins.items() if twin not in names]


def settings(text: str) -> list[str]:
    """Name the settings of an example file."""
    return re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("law", "broken", "kept"),
    [
        (
            long_functions,
            "def f():\n" + "    x = 1\n" * 70 + "class A:\n    def f(self): ...",
            "def f():\n" + "    x = 1\n" * 69,
        ),
        (no_opening, "import os\n", '"""What lives here."""\n'),
        (reminders, "# " + "todo".upper() + ": later", "# To do it later costs more."),
        (prints, "if x:\n    print(x)", "report(x)"),
        (impure_imports, "from random import choice", "from dataclasses import dataclass"),
        (impure_imports, "import aiohttp.web", "import rules.money"),
        (impure_imports, "def f():\n    import time", "import datetime"),
        (unportable_sql, "SELECT a::text FROM b", "SELECT a FROM b WHERE c = :c"),
        (unportable_sql, "SELECT a FROM b WHERE c = ?", "SELECT a FROM b WHERE c = '?' -- ?"),
        (unportable_sql, "CREATE TABLE a (b integer)", "CREATE TABLE a (b BIGINT, {id}) {clustered}"),
        (unportable_sql, "SELECT datetime ('now')", "SELECT datetime_ms FROM a"),
        (nameless_constraints, "CREATE TABLE a (b TEXT UNIQUE)", "CREATE TABLE a (b TEXT NOT NULL)"),
        (
            nameless_constraints,
            "CREATE TABLE a (b TEXT, PRIMARY KEY (b))",
            "CREATE TABLE a (b TEXT, CONSTRAINT a_pk PRIMARY KEY (b))",
        ),
        (
            nameless_constraints,
            "CREATE TABLE a (b BIGINT REFERENCES c (d))",
            "CREATE TABLE a (b BIGINT, CONSTRAINT a_b FOREIGN KEY (b) REFERENCES c (d))",
        ),
        (
            nameless_constraints,
            "CREATE TABLE a (b BIGINT, CHECK (b IN (1, 2)))",
            "CREATE TABLE a (id {id}, b BIGINT, CONSTRAINT a_b CHECK (b IN (1, 2)))",
        ),
    ],
)
def test_each_law_bites(law: Callable[[str], list[str]], broken: str, kept: str) -> None:
    assert law(broken)
    assert not law(kept)


def test_the_law_of_twins_bites() -> None:
    assert lone_twins(["claims.sqlite.sql"])
    assert lone_twins(["claims.postgres.sql", "others.sqlite.sql", "others.postgres.sql"])
    assert not lone_twins(["claims.sqlite.sql", "claims.postgres.sql", "others.sql"])


def test_functions_fit_one_screen() -> None:
    assert not complaints(long_functions, files(".py"))


def test_files_are_short() -> None:
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in files(*KINDS)}
    limits = {path: FILE_LINES_MAX_BY_KIND.get(path.suffix, FILE_LINES_MAX) for path in lengths}
    assert not [f"{path.relative_to(ROOT)}: {n} lines" for path, n in lengths.items() if n > limits[path]]


def test_every_module_says_what_lives_in_it() -> None:
    assert not complaints(no_opening, files(".py"))


def test_no_work_is_put_off_in_a_comment() -> None:
    assert not complaints(reminders, files(*KINDS))


def test_only_command_lines_print() -> None:
    speakers = {ROOT / "run.py", ROOT / "tests" / "check.py", ROOT / "sandbox" / "__main__.py"}
    speakers.add(ROOT / "tests" / "simulation" / "__main__.py")
    speakers |= {
        path for folder in ("benchmarks", "tests/oracles") for path in (ROOT / folder).glob("**/*.py")
    }
    silent = [path for path in files(".py") if path not in speakers and not is_command_line(path)]
    assert not complaints(prints, silent)


def is_command_line(path: Path) -> bool:
    """Tell whether a module is a part of the `veritap` command."""
    return path.is_relative_to(ROOT / "bot") and any(
        part.startswith("cli") for part in path.relative_to(ROOT).parts[1:]
    )


def test_rules_import_only_what_is_pure() -> None:
    assert not complaints(impure_imports, sorted((ROOT / "rules").rglob("*.py")))


def shared_sql() -> list[Path]:
    """List the SQL that both engines run, and so not the twins."""
    return [path for path in files(".sql") if not path.name.endswith((".sqlite.sql", ".postgres.sql"))]


def test_shared_sql_is_portable() -> None:
    assert not complaints(unportable_sql, shared_sql())


def test_every_constraint_has_a_name() -> None:
    assert not complaints(nameless_constraints, files(".sql"))


def test_sql_for_one_engine_has_its_twin() -> None:
    assert not lone_twins([str(path.relative_to(ROOT)) for path in files(".sql")])


def test_every_setting_is_documented() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    documented = "".join(path.read_text(encoding="utf-8") for path in pages)
    names = settings((ROOT / ".env.example").read_text(encoding="utf-8"))
    assert names
    assert not [name for name in names if not re.search(rf"\b{name}\b", documented)]


def test_what_users_notice_is_told() -> None:
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").startswith("# ")
