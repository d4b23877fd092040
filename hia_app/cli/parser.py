"""Every command with its words: what `hia --help` shows."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hia_app.cli import archive, areas, boundaries, people, records, seals, serving

ROLES = ("officer", "reviewer", "decision_maker", "scrutiny", "administrator")
Command = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """`hia`, with its commands; the function that runs each is in `command`."""
    top = argparse.ArgumentParser(
        prog="hia",
        description="Health equity assessments: serve them, and look after people, questionnaires and records.",
        epilog="Settings come from HEA_<NAME> in the environment or from instance/config.toml. Exit codes: "
        "0 done, 1 could not be done (standard error says why), 2 the command was not understood.",
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _serving(commands)
    _people(commands)
    _questionnaires(commands)
    _records(commands)
    _areas(commands)
    _archive(commands)
    _seals(commands)
    _demonstration(commands)
    return top


def _add(commands: Any, name: str, command: Command | None, words: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    if command:
        added.set_defaults(command=command)
    return added


def _below(commands: Any, name: str, words: str) -> Any:
    return _add(commands, name, None, words).add_subparsers(title="commands", metavar="COMMAND", required=True)


def _serving(commands: Any) -> None:
    serve = _add(commands, "serve", serving.serve, "Serve the app. Refuses unsafe settings and an old database.")
    serve.add_argument("--port", type=_port, help="port to listen on (else PORT, else the setting)")
    serve.add_argument("--workers", type=int, choices=range(1, 65), metavar="N", help="processes; one per core")
    serve.add_argument("--no-worker", action="store_true", help="without background work: it runs as `hia worker`")
    words = "Do the background work: the post, reminders, packs, imports. `hia serve` starts one by itself."
    worker = _add(commands, "worker", serving.work, words)
    worker.add_argument("--parent", type=int, metavar="PID", help="end when this process is gone")
    database = _below(commands, "db", "The database.")
    _add(database, "upgrade", serving.upgrade, "Bring the database to the newest form; makes it if there is none.")
    roles = _add(database, "roles", archive.roles, "Print the SQL that lets the app's role only add to what is frozen.")
    roles.add_argument("--app", default="", metavar="ROLE", help="the app's role; else the one in the database address")


def _people(commands: Any) -> None:
    user = _below(commands, "user", "People who can sign in.")
    add = _add(user, "add", people.add_person, "Add a person and print the one-time link for their password.")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument("--job-title", default="", help="the person's job title")
    add.add_argument("--role", action="append", choices=ROLES, default=[], help="a role; may be given several times")
    roles = _add(user, "roles", people.set_roles, "Set the roles of a person to exactly those given.")
    roles.add_argument("email")
    roles.add_argument("--role", action="append", choices=ROLES, default=[], help="a role; without any, none is left")
    disable = _add(user, "disable", people.disable, "Sign a person out everywhere and let them in no more.")
    disable.add_argument("email")
    reset = _add(user, "reset-link", people.reset_link, "Print a one-time link with which a person sets a password.")
    reset.add_argument("email")


def _questionnaires(commands: Any) -> None:
    questionnaire = _below(commands, "questionnaire", "Questionnaire files.")
    words = "Check questionnaire files; each problem names its file, line or question, and reason."
    check = _add(questionnaire, "check", records.check_questionnaires, words)
    check.add_argument("path", type=Path, nargs="+", help="a file, or a folder of .yaml files")
    rate = _add(commands, "rate", records.rate, "Rate a file of impacts (JSON) and print the rating as JSON.")
    rate.add_argument("file", type=Path, help="the file; - for standard input")
    gradient = _add(
        commands, "gradient", records.gradient, "Work out SII and RII of a CSV table and print them as JSON."
    )
    gradient.add_argument(
        "file", type=Path, help="columns quantile, population, value, and lower95, upper95 or se; - for stdin"
    )
    gradient.add_argument("--kind", required=True, choices=("other", "rate", "proportion"))
    words = "fit on the natural scale of the kind (log or logit); the default for rates and proportions"
    gradient.add_argument("--transform", action=argparse.BooleanOptionalAction, default=None, help=words)
    gradient.add_argument("--multiplier", type=float, default=1.0, help="negative turns the RII upside down")
    gradient.add_argument("--confidence", type=float, default=0.95)
    gradient.add_argument("--repetitions", type=int, default=100_000)
    gradient.add_argument("--seed", type=int, default=1)


def _records(commands: Any) -> None:
    register = _add(commands, "register", records.show_register, "List what has been signed off, newest first.")
    register.add_argument("--json", action="store_true", help="as JSON")
    export = _add(commands, "export", records.export, "Write one frozen record to a file.")
    export.add_argument("reference", help="such as HEA-2026-0001")
    export.add_argument("--version", type=int, help="its version; without it the newest that is frozen")
    export.add_argument(
        "--edition",
        required=True,
        choices=("full", "public"),
        help="public leaves out what is exempt, and small numbers",
    )
    export.add_argument("--format", required=True, choices=("pdf", "html", "json"))
    taken = _add(
        commands, "import", records.import_record, "Begin a new draft with a record from a file (record.json)."
    )
    taken.add_argument("file", type=Path, help="- for standard input")
    taken.add_argument("--owner", required=True, metavar="EMAIL", help="the officer whose draft it becomes")
    taken.add_argument("--decision-date", metavar="DATE", help="2027-03-24; without it the record's own")
    export.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="- for standard output")


def _areas(commands: Any) -> None:
    below = _below(commands, "areas", "Figures about small areas.")
    words = "Import a CSV table of small areas as the new current edition (see docs/areas.md)."
    imported = _add(below, "import", areas.import_areas, words)
    imported.add_argument("file", type=Path, help="the table, one row for each small area (LSOA)")
    words = "Import a GeoJSON file with the boundaries of small areas, for maps (see docs/areas.md)."
    outlines = _add(below, "boundaries", boundaries.import_boundaries, words)
    outlines.add_argument("file", type=Path, help="a FeatureCollection of polygons with their LSOA codes")
    for command, what in ((imported, "figures"), (outlines, "boundaries")):
        command.add_argument("--source", required=True, help=f"where the {what} come from")
        command.add_argument("--year", required=True, help="which years they are from")
        command.add_argument("--licence", required=True, help="under which licence they are used")


def _archive(commands: Any) -> None:
    below = _below(commands, "archive", "The archive: check it, hand records out, keys, holds and disposal.")
    words = "Check every record, or a bundle. Exit codes: 0 in order, 1 something was altered, 2 could not be checked."
    verify = _add(below, "verify", archive.verify, words)
    verify.add_argument("--bundle", type=Path, metavar="FILE", help="a bundle instead of the whole archive")
    verify.add_argument("--anchors", type=Path, metavar="FILE", help="receipts, or hashes that were kept elsewhere")
    verify.add_argument("--key", action="append", default=[], metavar="ID", help="a key known to be ours; repeatable")
    verify.add_argument("--json", action="store_true", help="as JSON")
    bundle = _add(below, "bundle", archive.bundle, "Write one record to a file that anyone can check.")
    _version(bundle)
    bundle.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="a new file")
    keys = _below(below, "keys", "The keys that sign records.")
    _add(keys, "new", archive.new_key, "Make a key that signs from now on; the one before vouches for it.")
    _add(keys, "list", archive.list_keys, "List all keys, oldest first.")
    _add(below, "receipts", archive.receipts, "Write and mail receipts that are missing.")
    _add(below, "due", archive.show_due, "List what has been kept long enough.")
    hold = _add(below, "hold", archive.hold, "Keep an assessment from disposal, or lift that again.")
    _version(hold)
    hold.add_argument("--lift", action="store_true", help="end the hold instead")
    hold.add_argument("--reason", required=True)
    dispose = _add(below, "dispose", archive.dispose, "Remove the content of a record whose time is over.")
    _version(dispose)
    dispose.add_argument("--authority", required=True, help="the rule or the decision that allows it")
    dispose.add_argument("--reason", required=True)
    words = "Remove the bytes of what was disposed of on a page, where the service may not do it itself."
    _add(below, "remove-disposed", archive.remove_disposed, words)
    anew = _add(below, "re-anchor", archive.re_anchor, "Note a new start, such as after a key was lost.")
    anew.add_argument("--reason", required=True)


def _seals(commands: Any) -> None:
    below = _below(commands, "seal", "The seal on documents: its certificate, and checking files.")
    _add(below, "new", seals.new, "Make a certificate that seals documents from now on.")
    check = _add(
        below, "check", seals.check, "Say whether a PDF is sealed by us and unchanged. Exit codes: 0 yes, 1 no."
    )
    check.add_argument("file", type=Path)
    words = "Draw every archived document again and compare it with the archived file. Exit codes: 0 same, 1 different."
    _add(below, "redraw", seals.redraw, words)


def _version(command: argparse.ArgumentParser) -> None:
    command.add_argument("reference", help="such as HEA-2026-0001")
    command.add_argument("--version", type=int, required=True, help="its version")


def _demonstration(commands: Any) -> None:
    demo = _below(commands, "demo", "The demonstration.")
    load = _add(demo, "load", serving.load_demonstration, "Load the demonstration into an empty database.")
    load.add_argument("--if-empty", action="store_true", help="do nothing when there are people already")
    load.add_argument("--quiet", action="store_true", help="say nothing when all is well")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
