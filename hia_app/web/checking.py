"""A page on which anybody can check whether a PDF is exactly one that this council signed off and handed out."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hia_app.services import checking
from hia_app.web.request import installation, work
from hia_app.web.security import public, takes_up_to

blueprint = Blueprint("checking", __name__)
LARGEST = 25_000_000  # bytes of a PDF
LARGEST_LOOKED_INTO = 8_000_000
AROUND = 100_000


@blueprint.route("/check-a-document", methods=["GET", "POST"])
@public
@takes_up_to(LARGEST + AROUND, lambda _: "A file to check can be at most 25 million bytes. Nothing was kept.")
def check() -> ResponseReturnValue:
    """The bytes are compared with the archive's fingerprints; nothing of the file is kept or shown."""
    if request.method != "POST":
        return render_template("register/check.html", error="", asked=False, found=None, seal="")
    file = request.files.get("file")
    content = file.stream.read(LARGEST + 1) if file is not None and file.filename else b""
    if not content or len(content) > LARGEST:
        error = "Choose a file of at most 25 million bytes" if content else "Choose the PDF file to check"
        return render_template("register/check.html", error=error, asked=False, found=None, seal=""), 422
    found = checking.find(work(), content)
    seal = "" if found or not current_user.is_authenticated else _seal(content)
    return render_template("register/check.html", error="", asked=True, found=found, seal=seal)


def _seal(content: bytes) -> str:
    """What the seal says of a file the archive does not know; strangers' files are looked into for nobody unknown."""
    if not content.startswith(b"%PDF-") or len(content) > LARGEST_LOOKED_INTO:
        return ""
    from hia_app.pdf import certificate, seal

    known = certificate.known(installation().settings)
    return (
        seal.check(content, *known, time_roots=certificate.time_roots(installation().settings)).reason if known else ""
    )
