"""What people take away of the register: editions, summaries, drafts, Word, tables, packs, blank questionnaires."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO

from flask import Blueprint, Response, abort, render_template, request, send_file

from hia_app.domain import takeaways
from hia_app.domain.blank import blank
from hia_app.domain.document import Document
from hia_app.domain.report import report
from hia_app.domain.report_source import Source
from hia_app.domain.takeaways import Sheet, file_name
from hia_app.domain.workflow import Action
from hia_app.services import archive, register, submissions
from hia_app.services.work import allow, open_case
from hia_app.web.printing import two_pages
from hia_app.web.request import installation, now, work

blueprint = Blueprint("takeaways", __name__)
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"
WATERMARK = "Draft"
MOST_IN_TABLES = 200  # records whose impacts and actions go into one workbook, newest first
AT = "/register/<reference>/<int:number>"
REGISTER = ("Reference", "Version", "Title", "Type of scheme", "Rating", "Rule", "Decision date", "Signed off", "State")


@blueprint.get(AT + "/public.pdf")
def public_pdf(reference: str, number: int) -> Response:
    """The sealed public edition, for everyone who may read the record."""
    case = open_case(work(), reference, number)
    frozen = archive.read(work(), case, "public")
    return _download(archive.pdf(work(), case, "public"), PDF, _name(frozen.source, "public edition", "pdf"))


@blueprint.get(AT + "/full.pdf")
def full_pdf(reference: str, number: int) -> Response:
    """The sealed full edition, for those who are entitled to it."""
    case = open_case(work(), reference, number)
    frozen = archive.read(work(), case, "full")
    return _download(archive.pdf(work(), case, "full"), PDF, _name(frozen.source, "full edition", "pdf"))


@blueprint.get(AT + "/summary.pdf")
def summary_pdf(reference: str, number: int) -> Response:
    source = _read(reference, number)
    return _download(two_pages(source), PDF, _name(source, f"summary {source.edition} edition", "pdf"))


@blueprint.get(AT + "/report.docx")
def docx(reference: str, number: int) -> Response:
    from hia_app.office.word import word

    source = _read(reference, number)
    return _download(word(report(source)), DOCX, _name(source, f"{source.edition} edition", "docx"))


@blueprint.get(AT + "/impacts.csv")
def impacts_csv(reference: str, number: int) -> Response:
    source = _read(reference, number)
    return _csv(takeaways.impacts([source]), _name(source, f"impacts {source.edition} edition", "csv"))


@blueprint.get(AT + "/actions.csv")
def actions_csv(reference: str, number: int) -> Response:
    source = _read(reference, number)
    return _csv(takeaways.actions([source]), _name(source, f"actions {source.edition} edition", "csv"))


@blueprint.get(AT + "/tables.xlsx")
def tables(reference: str, number: int) -> Response:
    source = _read(reference, number)
    sheets = (takeaways.impacts([source]), takeaways.actions([source]))
    return _workbook(sheets, _name(source, f"tables {source.edition} edition", "xlsx"))


@blueprint.get("/register.csv")
def register_csv() -> Response:
    return _csv(_register(register.everything(work())), f"Register {_today().isoformat()}.csv")


@blueprint.get("/register.xlsx")
def register_xlsx() -> Response:
    """The register, and the impacts and actions of its newest records, in the edition this person may read."""
    rows = register.everything(work())
    newest = [row.entry.version_id for row in rows[:MOST_IN_TABLES]]
    sources = list(archive.read_each(work(), newest))
    sheets = (_register(rows), takeaways.impacts(sources), takeaways.actions(sources))
    return _workbook(sheets, f"Register {_today().isoformat()}.xlsx")


@blueprint.get("/assessments/<reference>/<int:number>/draft.pdf")
def draft(reference: str, number: int) -> Response:
    """The whole assessment before sign-off, marked as a draft on every page."""
    case = open_case(work(), reference, number)
    allow(work(), Action.SEE_SUBMISSION, case)
    source = Source(submissions.compose(work(), case))
    return _download(_drawn(report(source), WATERMARK), PDF, file_name(source.assessment, "draft", _today(), "pdf"))


@blueprint.get("/questionnaire.pdf")
def blank_pdf() -> Response:
    document = _blank()
    return _download(_drawn(document), PDF, f"{document.title[:60]} blank {_today().isoformat()}.pdf")


@blueprint.get("/questionnaire")
def blank_page() -> str:
    return render_template(
        "register/blank.html", document=_blank(), scheme_type=request.args.get("scheme_type", "core")
    )


def _blank() -> Document:
    try:
        questionnaire = installation().shelf.current(request.args.get("scheme_type", "core")[:60])
    except KeyError:
        abort(404)
    return blank(questionnaire, installation().settings.council_name, _today())


def _read(reference: str, number: int) -> Source:
    """The record in the fullest edition for whoever asks."""
    return archive.read(work(), open_case(work(), reference, number)).source


def _drawn(document: Document, watermark: str | None = None) -> bytes:
    from hia_app.pdf.render import render  # loads fonts and ReportLab, which most requests do not need

    return render(document, watermark=watermark)


def _register(rows: Iterable[register.Listed]) -> Sheet:
    return Sheet(
        "Register",
        REGISTER,
        tuple(
            (
                row.entry.reference,
                row.entry.number,
                row.entry.title,
                row.entry.scheme_title,
                row.entry.label,
                row.entry.rule,
                row.entry.decision_date,
                row.entry.signed_off_at.date(),
                row.state.replace("_", " "),
            )
            for row in rows
        ),
    )


def _name(source: Source, what: str, ending: str) -> str:
    decision = source.decision
    signed = decision["signed_at"] if decision else source.assessment["frozen_at"]
    return file_name(source.assessment, what, date.fromisoformat(signed[:10]), ending)


def _today() -> date:
    return work().today


def _csv(sheet: Sheet, name: str) -> Response:
    return _download(takeaways.csv_bytes(sheet), CSV, name)


def _workbook(sheets: tuple[Sheet, ...], name: str) -> Response:
    from hia_app.office.spreadsheet import workbook

    return _download(workbook(*sheets, made=now()), XLSX, name)


def _download(content: bytes, kind: str, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
