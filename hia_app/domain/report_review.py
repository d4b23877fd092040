"""What reviewers found, in a report: grades, disputed values with both ratings, conditions, comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hia_app.domain.disputes import ENDINGS, LABELS, in_words
from hia_app.domain.document import Block, Callout, Facts, Heading, Paragraph, Table
from hia_app.domain.quality import GRADES, PROMPT
from hia_app.domain.report_source import Payload, Source, day, moment


def grades(source: Source) -> Iterator[Block]:
    """The grades of the newest round that has any."""
    found: Sequence[Payload] = source.payload.get("grades", ())
    newest = max((one["round"] for one in found), default=0)
    shown = [one for one in found if one["round"] == newest]
    if not shown:
        return
    yield Heading("Quality of the assessment", 3, "quality")
    yield Table(
        f"Twelve prompts, graded by {shown[0]['by']} in round {newest}",
        ("Prompt", "Grade", "What it means", "Comment"),
        tuple((_title(one["prompt"]), one["grade"], GRADES[one["grade"]], one["comment"]) for one in shown),
        note="A D on groups and unknowns, on harms or on distribution returns an assessment.",
    )


def disputes(source: Source) -> Iterator[Block]:
    """Both values of everything disputed, and the rating worked out both ways."""
    found: Sequence[Payload] = source.payload.get("disputes", ())
    if not found:
        return
    yield Heading("Values a reviewer sees otherwise", 3, "disputes")
    yield from both_ratings(source)
    yield Table(
        "Disputed values",
        ("Impact", "What", "The officer says", "The reviewer says", "Reviewer and reason", "How it stands"),
        tuple(
            (
                one["impact"],
                LABELS[one["field"]],
                in_words(one["officer"]).capitalize(),
                in_words(one["reviewer"]).capitalize(),
                f"{one['by']}, {day(one['at'])}: {one['reason']}",
                _ending(one),
            )
            for one in found
        ),
    )


def both_ratings(source: Source) -> Iterator[Block]:
    """The two ratings beside each other; nothing while no dispute stands."""
    rating, seen = source.rating, source.rating_disputed
    if rating is None or seen is None:
        return
    yield Facts(
        (
            ("With the officer’s values", f"{rating.label} (rule {rating.rule})"),
            ("With the reviewer’s values", f"{seen.label} (rule {seen.rule})"),
        )
    )
    only = [name for name in seen.stop if name not in rating.stop]
    if only:
        yield Callout(
            "stop",
            "As a reviewer sees it, a serious harm stands",
            f"{', '.join(only)}: with the reviewer’s value a serious harm to a priority group remains. It cannot be "
            "signed off without written reasons.",
        )


def conditions(source: Source) -> Iterator[Block]:
    """The conditions of the newest round that set any; each becomes an action at sign-off."""
    found: Sequence[Payload] = source.payload.get("conditions", ())
    newest = max((one["round"] for one in found), default=0)
    shown = [one for one in found if one["round"] == newest]
    if not shown:
        return
    yield Heading("Conditions", 3, "conditions")
    yield Table(
        "Each becomes an action when this is signed off",
        ("Number", "Condition", "Owner", "Due", "Measure"),
        tuple((str(one["number"]), one["text"], one["owner"], day(one["due"]), one["measure"]) for one in shown),
    )


def comments(source: Source) -> Iterator[Block]:
    """What the two sides said to one another, thread by thread."""
    found: Sequence[Payload] = source.payload.get("comments", ())
    if not found:
        return
    yield Heading("Comments and replies", 2, "comments")
    for thread in found:
        yield Paragraph(f"{thread['label']} ({_thread_state(thread)})", "lead")
        yield Facts(tuple((f"{said['by']}, {moment(said['at'])}", said["text"]) for said in thread["comments"]))


def _thread_state(thread: Payload) -> str:
    if thread["resolved_at"]:
        where = f" in submission {thread['resolved_in']}" if thread["resolved_in"] else ""
        return f"resolved by {thread['resolved_by']} on {day(thread['resolved_at'])}{where}"
    return "open, blocks the review" if thread["blocking"] else "open"


def _ending(one: Payload) -> str:
    words = ENDINGS[one["ending"]]
    if one["ended_at"]:
        words += f" on {day(one['ended_at'])}"
    return f"{words}: {one['ended_reason']}" if one["ended_reason"] else words


def _title(prompt_id: str) -> str:
    return PROMPT[prompt_id].title if prompt_id in PROMPT else prompt_id
