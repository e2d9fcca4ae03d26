"""Set up Veritap inside its own folder and run it, with nothing but the standard library.

    python3 run.py              set up, then start the bot: on Telegram with TELEGRAM_BOT_TOKEN, else the demo
    python3 run.py test         set up, then run the whole check: format, lint, types, floors, tests
    python3 run.py test ARGS    set up, then run only the tests, with pytest's arguments ARGS
    python3 run.py COMMAND ...  set up, then run one of Veritap's commands, such as `invite admin`

Set-up makes .venv with the packages of requirements.txt, each checked against its hash. It is done once; a
later start only compares a stamp. It runs in this folder, touches nothing outside, and needs no rights.
What a command does is told by `python3 run.py COMMAND --help`.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Said = subprocess.CompletedProcess[str]
    Stamp = dict[str, Any]  # what a finished set-up was made from, and what it left in site-packages

PYTHON_OLDEST = (3, 11)
PIP_OLDEST = (22, 3)  # The first pip that fills another environment: `pip --python`.
ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "set-up.json"
LOCK = ROOT / ".setup.lock"
LOCK_WAIT_MAX_S = 900.0
SAID_LINES_MAX = 8
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable, not its value

# What a tool says when it fails, and what the person can do about it. The first match wins.
ADVICE = {
    "DO NOT MATCH THE HASHES": "What came down is not what was pinned: a mirror or proxy changed it on the "
    "way. Nothing of it was installed. Try another network.",
    "CERTIFICATE_VERIFY_FAILED": "The package index's certificate could not be checked. On Debian and "
    "Ubuntu, as root: apt install ca-certificates (behind a company's proxy: set PIP_CERT).",
    "No space left on device": "The disk is full. Make room for 200 MB in this folder, then run this again.",
    "Permission denied": "This folder may not be written to. Run this as its owner, or in a copy.",
    "NewConnectionError|NameResolutionError|name resolution|unreachable|Connection refused|timed out"
    "|Max retries|ProxyError|ConnectionResetError": "The package index could not be reached, and the first "
    "set-up needs it. Check the network (behind a proxy: set HTTPS_PROXY), then run this again.",
    "No matching distribution": "A pinned package has no ready-made form for this machine "
    f"({platform.system()} {platform.machine()}, Python {platform.python_version()}). Python 3.11 to 3.14 "
    "on Linux or macOS (x86-64, ARM64) or on Windows (x86-64) is known to have all.",
}


class Trouble(Exception):
    """Set-up cannot go on; the text is what the person reads, and says what to do."""


def main(arguments: list[str]) -> int:
    """Do what the command line asks; a program that starts takes this one's place. Return the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    try:
        require_python(sys.version_info[:2])
        os.chdir(ROOT)
        if arguments[:1] == ["test"]:
            set_up(dev=True)
            return become(["tests.check", *arguments[1:]])
        set_up(dev=False)
        return become(["bot", *bot_arguments(arguments, has_token(os.environ, read_settings(ROOT / ".env")))])
    except Trouble as trouble:
        print(f"\nVeritap cannot start yet. {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def bot_arguments(arguments: list[str], token_is_set: bool) -> list[str]:
    """Choose what the bot is asked to do: the command given, else `run` with a token and `demo` without."""
    if arguments:
        return arguments
    return ["run"] if token_is_set else ["demo"]


def has_token(environment: Mapping[str, str], settings: dict[str, str]) -> bool:
    """Tell whether a token is set; the environment wins over .env, also when it sets nothing."""
    return bool(environment.get(TOKEN, settings.get(TOKEN, "")).strip())


def read_settings(path: Path) -> dict[str, str]:
    """Read the `NAME=value` lines of a .env file; a file that is not there holds none."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Trouble(f"The file {path} cannot be read: {error.strerror}.") from error
    lines = re.finditer(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)$", text, re.MULTILINE)
    return {line[1]: unquote(line[2]) for line in lines}


def unquote(value: str) -> str:
    """Take the quotes or the closing comment off the value of a .env line."""
    quoted = re.match(r"""(["'])(.*?)\1""", value)
    return quoted[2] if quoted else re.sub(r"(^|\s)#.*$", "", value).strip()


def become(module: list[str]) -> int:
    """Run a module of the environment with its arguments in place of this program."""
    command = [str(environment_python()), "-m", *module]
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    with contextlib.suppress(
        KeyboardInterrupt
    ):  # Windows tells both processes of Ctrl+C; the bot is the one to act.
        return subprocess.call(command)
    return 130


def set_up(dev: bool) -> None:
    """Make the environment what the locks say, or return at once when it already is."""
    wanted = wanted_stamp()
    if remedy(read_stamp(), wanted, dev, installed_files()) == "nothing":
        return
    with alone():
        # Whoever held the lock may have done the work meanwhile.
        found = read_stamp()
        cure = remedy(found, wanted, dev, installed_files())
        if cure == "nothing":
            return
        began = time.perf_counter()
        print(f"Setting up in {ENVIRONMENT}", flush=True)
        pip = find_pip()
        if cure == "make":
            with phase("environment"):
                make_environment()
        kept = found["dev"] if found and cure == "install" else ""
        install(pip or environment_pip(), wanted | {"dev": wanted["dev"] if dev else kept}, dev)
        print(f"Ready in {time.perf_counter() - began:.1f} s.\n", flush=True)


def remedy(found: Stamp | None, wanted: Stamp, dev: bool, present: list[str]) -> str:
    """Say what set-up has to do: `nothing`, `install` into the environment, or `make` it anew.

    No stamp means that a set-up was cut short; another folder or Python, or a file gone, that the environment
    cannot be trusted. Changed pins alone are installed over the old ones.
    """
    if found is None or not set(found["files"]) <= set(present):
        return "make"
    if (found["folder"], found["python"]) != (wanted["folder"], wanted["python"]):
        return "make"
    if (found["runtime"], found["project"]) != (wanted["runtime"], wanted["project"]):
        return "install"
    return "install" if dev and found["dev"] != wanted["dev"] else "nothing"


def wanted_stamp() -> Stamp:
    """Describe the environment that this folder, this Python and these locks ask for."""
    return {
        "folder": str(ROOT),
        "python": f"{sys.implementation.cache_tag} {platform.machine()} {sys.base_prefix}",
        "project": digest(ROOT / "pyproject.toml"),
        "runtime": digest(ROOT / "requirements.txt"),
        "dev": digest(ROOT / "requirements-dev.txt"),
        "files": [],
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file that every copy of Veritap has."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Trouble(f"{path.name} is missing or unreadable; this copy of Veritap is not whole.") from error


def read_stamp() -> Stamp | None:
    """Return the stamp of the last finished set-up, or None when there is none to trust."""
    try:
        stamp: Stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        texts = [stamp[key] for key in ("folder", "python", "project", "runtime", "dev")] + stamp["files"]
        sound = all(isinstance(text, str) for text in texts)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return stamp if sound and environment_python().exists() else None


def installed_files() -> list[str]:
    """List the environment's site-packages, so that a package that was deleted by hand is missed."""
    base = str(ENVIRONMENT)
    folder = sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base})
    try:
        return sorted(path.name for path in Path(folder).iterdir() if path.name != "__pycache__")
    except OSError:
        return []


def make_environment() -> None:
    """Make an empty environment where the old one, if any, lay."""
    try:
        if ENVIRONMENT.is_symlink() or ENVIRONMENT.is_file():
            ENVIRONMENT.unlink()
        elif ENVIRONMENT.exists():
            shutil.rmtree(ENVIRONMENT)
    except OSError as error:
        advice = f"Stop what still runs from it, or delete {ENVIRONMENT} yourself, then run this again."
        raise Trouble(f"The old environment could not be removed ({error}). {advice}") from error
    made = captured([base_python(), "-m", "venv", "--without-pip", str(ENVIRONMENT)])
    if made.returncode:
        raise Trouble(explain("Python could not make a virtual environment.", made.stdout))


def install(pip: list[str], stamp: Stamp, dev: bool) -> None:
    """Install the pinned packages and Veritap itself, and leave the stamp once all of it is done."""
    lock = "requirements-dev.txt" if dev else "requirements.txt"
    # From here to the new stamp the environment is half-made: without a stamp the next start makes it anew.
    STAMP.unlink(missing_ok=True)
    with phase("packages, with the check's tools" if dev else "packages"):
        # Only ready-made wheels: to build one would fetch tools that no hash pins. The lock is whole, so
        # nothing is left to resolve; and Python compiles what it imports, a small part of all of it.
        pinned = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile", "-r", lock]
        run_pip(pip, pinned, "The packages could not be installed.")
    with phase("veritap"):
        itself = ["--no-index", "--no-deps", "--no-build-isolation", "-e", "."]
        run_pip(pip, itself, "Veritap itself could not be installed.")
    shutil.rmtree(ENVIRONMENT / "tmp", ignore_errors=True)
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps(stamp | {"files": installed_files()}, indent=1), encoding="utf-8")
    unfinished.replace(STAMP)


def run_pip(pip: list[str], arguments: list[str], complaint: str) -> None:
    """Run `pip install` for the environment, or raise with what pip said last and what helps."""
    done = captured([*pip, "install", "--progress-bar", "off", *arguments], pip_environment(os.environ))
    if done.returncode:
        raise Trouble(explain(complaint, done.stdout))


def pip_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return variables with which pip keeps to this folder; a mirror or proxy that is set up still counts."""
    stray = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_REQUIRE_HASHES", "PIP_NO_BINARY")
    kept = {k: v for k, v in environment.items() if k not in (*stray, "PYTHONPATH", "PYTHONHOME")}
    scratch = ENVIRONMENT / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    here = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    calm = {"PIP_NO_CACHE_DIR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    inside = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | here | calm | inside | {"PIP_ROOT_USER_ACTION": "ignore"}


def find_pip() -> list[str] | None:
    """Return the command of a pip that can fill the environment, or None where ensurepip can put one in."""
    version: tuple[int, ...] | None = None
    for python in dict.fromkeys((base_python(), sys.executable)):
        asked = captured([python, "-m", "pip", "--version"])
        version = pip_version(asked.stdout) if asked.returncode == 0 else version
        if version and version >= PIP_OLDEST:
            return [python, "-m", "pip", "--python", str(environment_python())]
    if importlib.util.find_spec("ensurepip"):
        return None
    raise Trouble(pip_advice(version))


def pip_version(said: str) -> tuple[int, ...] | None:
    """Read the version out of what `pip --version` said."""
    match = re.match(r"pip (\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else None


def pip_advice(version: tuple[int, ...] | None) -> str:
    """Say what is amiss with pip and the one line that mends it."""
    amiss = "Python has no pip here"
    if version:
        amiss = f"pip {dotted(version)} is too old ({dotted(PIP_OLDEST)} or newer is needed)"
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    return f"{amiss}. On Debian and Ubuntu, as root: apt install {package} - then run this again."


def dotted(version: tuple[int, ...]) -> str:
    """Write a version as people do."""
    return ".".join(map(str, version))


def environment_pip() -> list[str]:
    """Put the pip that came with Python into the environment and return its command."""
    python = str(environment_python())
    put = captured([python, "-m", "ensurepip", "--default-pip"], pip_environment(os.environ))
    if put.returncode:
        raise Trouble(pip_advice(None))
    return [python, "-m", "pip"]


def explain(complaint: str, said: str) -> str:
    """Join a complaint, the advice that fits what a tool said, and the last lines of it."""
    advice = next(
        (text for pattern, text in ADVICE.items() if re.search(pattern, said)), "Its last words are below."
    )
    lines = [f"    {line}" for line in said.strip().splitlines() if not line.startswith("WARNING: Retrying")]
    return "\n".join([f"{complaint} {advice}", *lines[-SAID_LINES_MAX:]])


def environment_python() -> Path:
    """Return where the environment's Python lies."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def base_python() -> str:
    """Return the Python outside any virtual environment, so that run.py also works from within its own."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def require_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old, naming a newer one where it is installed."""
    if version >= PYTHON_OLDEST:
        return
    newer = next((name for name in (f"python3.{n}" for n in (13, 12, 11, 14)) if shutil.which(name)), None)
    advice = (
        f"Run it with: {newer} run.py" if newer else "On Debian 12 and newer, as root: apt install python3"
    )
    raise Trouble(f"It needs Python 3.11 or newer, and this is {dotted(version)}. {advice}")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the folder's lock, so that two starts at once do the set-up once; wait for whoever holds it."""
    try:
        handle = LOCK.open("a")
    except OSError as error:
        raise Trouble(f"{ROOT} may not be written to ({error.strerror}).") from error
    with handle:
        # The installers inherit the lock: should this program be killed, it lasts until they end.
        os.set_inheritable(handle.fileno(), True)
        give_up = time.monotonic() + LOCK_WAIT_MAX_S
        if not take_lock(handle.fileno()):
            print("Another set-up is at work in this folder; waiting for it to finish.", flush=True)
            while not take_lock(handle.fileno()):
                if time.monotonic() > give_up:
                    raise Trouble("Another set-up in this folder does not end. Stop it and run this again.")
                time.sleep(0.1)
        yield


def take_lock(descriptor: int) -> bool:
    """Take the lock if it is free, and tell whether it was. The system frees it when its holder ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def phase(name: str) -> Iterator[None]:
    """Print one line for a phase: its name while it lasts, its seconds when it is done."""
    began = time.perf_counter()
    on_terminal = sys.stdout.isatty()
    if on_terminal:
        print(f"  {name} ...", end="", flush=True)
    yield
    print(f"{chr(13) if on_terminal else ''}  {name:<34}{time.perf_counter() - began:6.1f} s", flush=True)


def captured(command: list[str], environment: dict[str, str] | None = None) -> Said:
    """Run a command to its end and keep all that it said; one that is missing counts as failed."""
    try:
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            close_fds=False,  # It inherits the lock, the one descriptor that may be inherited.
            env=environment,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, stdout=str(error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
