"""Every group of pages, in the order of the address map."""

from __future__ import annotations

from flask import Flask

from hia_app.web import (
    accounts,
    actions,
    administration,
    afterwards,
    areas,
    assessments,
    boundaries,
    changes,
    checking,
    decisions,
    evidence,
    evidence_library,
    findings,
    help,
    home,
    impacts,
    importing,
    indicator_library,
    indicators,
    notices,
    packs,
    places,
    post,
    ratings,
    register,
    retention,
    review_sections,
    reviews,
    sections,
    takeaways,
    threads,
)

PAGES = (
    home, accounts, help, assessments, importing, sections, impacts, places, ratings, reviews, decisions, register,
    administration, changes, areas, boundaries, evidence, evidence_library, takeaways, checking, indicators,
    indicator_library, findings, threads, actions, afterwards, retention, review_sections, notices, post, packs,
)  # fmt: skip


def register_all(app: Flask) -> None:
    for pages in PAGES:
        app.register_blueprint(pages.blueprint)
