"""One sentence for each thing that happens to an assessment, in plain words, for histories on page and paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DONE: dict[str, str] = {
    "start": "started the assessment",
    "import_record": "took over what a record from elsewhere says",
    "answer_screening": "answered a screening question",
    "screen_in": "found that a full assessment is needed",
    "screen_out": "screened it out",
    "confirm_screen_out": "confirmed that a full assessment is not needed",
    "require_full": "asked for a full assessment",
    "entitle": "entitled somebody to full editions",
    "end_entitlement": "ended somebody's entitlement to full editions",
    "answer": "answered a question",
    "record_impact": "recorded an impact",
    "add_impact": "added an impact",
    "change_impact": "changed an impact",
    "copy_impact": "copied an impact",
    "remove_impact": "removed an impact",
    "accept_suggestion": "accepted a suggested impact",
    "decline_suggestion": "declined a suggested impact",
    "take_indicator": "took figures from the library of indicators",
    "add_indicator": "added an indicator to the library",
    "revise_indicator": "added an edition of an indicator",
    "retire_indicator": "retired an indicator from the library",
    "add_evidence": "attached an evidence file",
    "cite_evidence": "cited a file of the shared evidence library",
    "change_evidence": "changed what is said about an evidence file",
    "withhold_evidence": "withheld an evidence file from the record",
    "release_evidence": "no longer withholds an evidence file",
    "remove_evidence": "removed an evidence file",
    "share_evidence": "shared an evidence file with the whole council",
    "add_to_library": "added a file to the shared evidence library",
    "retire_from_library": "retired a file from the shared evidence library",
    "change_proposal": "changed what the proposal says",
    "name_decision_maker": "named the decision-maker",
    "invite_contributor": "invited a contributor",
    "remove_contributor": "removed a contributor",
    "respond": "responded to a returned point",
    "submit": "submitted it for review",
    "recall": "took it back before a reviewer had it",
    "withdraw": "withdrew it",
    "reopen": "opened a new version",
    "take_review": "took the review",
    "accept_review": "began to lead the review",
    "hand_over_review": "handed the review over",
    "countersign": "countersigned a mitigation",
    "withdraw_countersignature": "withdrew a countersignature",
    "clear_countersignature": "cleared a countersignature because the impact changed",
    "cover_review": "took the review over from a colleague who is away",
    "escalate": "passed the review on after three returns",
    "dispute": "disputed a value",
    "withdraw_dispute": "withdrew a dispute",
    "end_dispute": "ended a dispute, because what it was about changed",
    "mark_exempt": "marked a part as exempt from the public edition",
    "lift_exempt": "lifted an exempt mark",
    "assign_section": "gave a section to a reviewer",
    "review_section": "marked a section as reviewed",
    "rescind_section": "took back that a section was reviewed",
    "grade": "graded the assessment's quality",
    "comment": "commented",
    "reply": "replied to a comment",
    "resolve_thread": "resolved a comment",
    "reopen_thread": "opened a resolved comment again",
    "assign_thread": "asked somebody to deal with a comment",
    "update_action": "said how an action stands",
    "change_action": "changed who does an action, by when or how it is measured",
    "return": "returned it with points to answer",
    "conclude": "concluded the review",
    "reopen_review": "reopened the review",
    "delegate": "let somebody else decide",
    "end_delegation": "took the decision back",
    "confirm_reading": "confirmed reading",
    "sign_off": "signed it off",
    "refer_back": "referred it back to the review",
    "refuse": "refused it",
    "supersede": "replaced it by a newer version",
    "record_body_decision": "recorded what the body decided",
    "place_hold": "placed a legal hold",
    "lift_hold": "lifted a legal hold",
    "dispose": "disposed of the record's content",
    "reassign": "changed who is responsible",
    "use_area_figures": "began to use area figures",
    "follow_places": "worked the spread of an impact out again, because the places changed",
}


def sentence(event: Mapping[str, Any]) -> str:
    """What somebody did, or tried to do, and to what; the name of the person is printed beside it."""
    words = DONE.get(event["action"], event["action"].replace("_", " "))
    if event["outcome"] == "refused":
        words = f"was refused: {event['action'].replace('_', ' ')}"
    text = f"{words}: {event['subject']}" if event["subject"] else words
    reason = event["detail"].get("reason")
    if reason:
        text += f". Reason: {reason}"
    return text[:1].upper() + text[1:]
