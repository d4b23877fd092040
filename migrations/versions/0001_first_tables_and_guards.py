"""first tables and guards"""

import sqlalchemy as sa
from alembic import op

from hia_app.store import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


WRITE_ONCE = (
    ("questionnaire_edition", "fingerprint"),
    ("submission", "id;version_id,number"),
    ("reading_confirmation", "id;submission_id,person_id,what"),
    ("archive_record", "seq;id;record_hash;prev"),
    ("archive_payload", "record_id,part"),
    ("archive_key", "number;id;public_key"),
    ("archive_signature", "record_id"),
    ("event", "seq"),
    ("indicator_edition", "id;indicator_id,number"),
)


def upgrade() -> None:
    op.create_table(
        "archive_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vouched_by", sa.String(length=32), nullable=True),
        sa.Column("vouch", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(vouched_by IS NULL) = (vouch IS NULL)", name=op.f("ck_archive_key_vouch_whole")),
        sa.ForeignKeyConstraint(["vouched_by"], ["archive_key.id"], name=op.f("fk_archive_key_vouched_by_archive_key")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_archive_key")),
        sa.UniqueConstraint("id", name=op.f("uq_archive_key_id")),
        sa.UniqueConstraint("public_key", name=op.f("uq_archive_key_public_key")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("reference", name=op.f("uq_assessment_reference")),
    )
    op.create_table(
        "failed_attempt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_attempt")),
    )
    with op.batch_alter_table("failed_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_attempt_subject"), ["subject"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("sso_issuer", sa.String(length=255), nullable=True),
        sa.Column("sso_subject", sa.String(length=255), nullable=True),
        sa.Column("mail", sa.String(length=10), server_default="at_once", nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mail IN ('at_once', 'daily', 'never')", name=op.f("ck_person_mail_known")),
        sa.CheckConstraint("length(email) <= 254", name=op.f("ck_person_email_length")),
        sa.CheckConstraint("length(job_title) <= 200", name=op.f("ck_person_job_title_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_person_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "questionnaire_edition",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("questionnaire_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_questionnaire_edition")),
    )
    op.create_table(
        "used_allowance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_allowance")),
    )
    with op.batch_alter_table("used_allowance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_allowance_subject"), ["subject"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("cover_id", sa.String(length=36), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cover_id <> person_id", name=op.f("ck_absence_covered_by_another")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_absence_days_in_order")),
        sa.ForeignKeyConstraint(["cover_id"], ["person.id"], name=op.f("fk_absence_cover_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_cover_id"), ["cover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "area_edition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("year", sa.String(length=100), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.String(length=36), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_area_edition_imported_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_edition")),
        sa.UniqueConstraint("number", name=op.f("uq_area_edition_number")),
    )
    with op.batch_alter_table("area_edition", schema=None) as batch_op:
        batch_op.create_index(
            "uq_area_edition_current",
            ["current"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "committee_pack",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("version_ids", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("edition IN ('full', 'public')", name=op.f("ck_committee_pack_edition_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'drawing', 'ready', 'failed', 'stopped', 'removed')",
            name=op.f("ck_committee_pack_state_known"),
        ),
        sa.CheckConstraint("drawn >= 0 AND drawn <= total", name=op.f("ck_committee_pack_drawn_within")),
        sa.CheckConstraint("length(title) <= 150", name=op.f("ck_committee_pack_title_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_committee_pack_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_pack")),
    )
    with op.batch_alter_table("committee_pack", schema=None) as batch_op:
        batch_op.create_index("ix_committee_pack_person", ["person_id", "asked_at"], unique=False)

    op.create_table(
        "contributor",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.String(length=36), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_contributor_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_contributor_invited_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contributor_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor")),
        sa.UniqueConstraint("assessment_id", "person_id", name=op.f("uq_contributor_assessment_id_person_id")),
    )
    with op.batch_alter_table("contributor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contributor_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contributor_person_id"), ["person_id"], unique=False)

    op.create_table(
        "full_edition_reader",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.String(length=36), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("granted_by <> person_id", name=op.f("ck_full_edition_reader_not_by_oneself")),
        sa.CheckConstraint("length(ended_reason) <= 4000", name=op.f("ck_full_edition_reader_ended_reason_length")),
        sa.CheckConstraint("length(reason) <= 4000", name=op.f("ck_full_edition_reader_reason_length")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_full_edition_reader_ended_by_person")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_full_edition_reader_granted_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_full_edition_reader_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_full_edition_reader")),
    )
    with op.batch_alter_table("full_edition_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_full_edition_reader_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "one_at_a_time",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "kept_form",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_form_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    with op.batch_alter_table("kept_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_form_person_id"), ["person_id"], unique=False)

    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(length=200), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(length=200), nullable=False),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_legal_hold_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_hold_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "library_indicator",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("quantiles", sa.Integer(), nullable=False),
        sa.Column("editions", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_by", sa.String(length=36), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantiles IN (5, 10)", name=op.f("ck_library_indicator_quantiles_known")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_library_indicator_added_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_indicator")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('invite', 'reset')", name=op.f("ck_one_time_link_purpose_known")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_one_time_link_created_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('notice', 'digest', 'link', 'receipt')", name=op.f("ck_outgoing_mail_kind_known")),
        sa.CheckConstraint("length(address) <= 254", name=op.f("ck_outgoing_mail_address_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outgoing_mail_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_mail_due", ["sent_at", "given_up_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_mail_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_role",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_by", sa.String(length=36), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('officer', 'reviewer', 'decision_maker', 'scrutiny', 'administrator')",
            name=op.f("ck_person_role_role_known"),
        ),
        sa.CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name=op.f("ck_person_role_not_by_oneself")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_person_role_granted_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "person_side",
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('author', 'review', 'decision')", name=op.f("ck_person_side_side_known")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_person_side_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_side_person_id_person")),
        sa.PrimaryKeyConstraint("assessment_id", "person_id", name=op.f("pk_person_side")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("csrf_secret", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_user_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "area",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("ward_code", sa.String(length=12), nullable=False),
        sa.Column("ward_name", sa.String(length=120), nullable=False),
        sa.Column("national_rank", sa.Integer(), nullable=False),
        sa.Column("national_tenth", sa.Integer(), nullable=False),
        sa.Column("national_score", sa.String(40), nullable=True),
        sa.Column("local_fifth", sa.Integer(), nullable=True),
        sa.Column("local_tenth", sa.Integer(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["area_edition.id"], name=op.f("fk_area_edition_id_area_edition")),
        sa.PrimaryKeyConstraint("edition_id", "code", name=op.f("pk_area")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index("ix_area_ward", ["edition_id", "ward_code"], unique=False)

    op.create_table(
        "assessment_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("scheme_type", sa.String(length=60), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=10), nullable=False),
        sa.Column("body_name", sa.String(length=200), nullable=False),
        sa.Column("body_meeting_date", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("lead_reviewer_id", sa.String(length=36), nullable=True),
        sa.Column("decision_maker_id", sa.String(length=36), nullable=True),
        sa.Column("screening_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("questionnaire_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("screening_outcome", sa.Text(), nullable=False),
        sa.Column("screened_out_reason", sa.Text(), nullable=False),
        sa.Column("trigger", sa.String(length=20), nullable=False),
        sa.Column("trigger_reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=True),
        sa.Column("rating_rule", sa.Integer(), nullable=True),
        sa.Column("rating_disputed", sa.Text(), nullable=True),
        sa.Column("next_impact", sa.Integer(), nullable=False),
        sa.Column("area_edition_id", sa.String(length=36), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decided_by = 'officer' OR body_name <> ''", name=op.f("ck_assessment_version_body_named")),
        sa.CheckConstraint("decided_by IN ('officer', 'body')", name=op.f("ck_assessment_version_decided_by_known")),
        sa.CheckConstraint(
            "state IN ('screening', 'screened_out', 'screened_out_confirmed', 'draft', 'in_review', 'returned', 'reviewed', 'signed_off', 'superseded', 'withdrawn')",
            name=op.f("ck_assessment_version_state_known"),
        ),
        sa.CheckConstraint("length(summary) <= 20000", name=op.f("ck_assessment_version_summary_length")),
        sa.CheckConstraint("length(title) <= 200", name=op.f("ck_assessment_version_title_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_assessment_version_number_positive")),
        sa.ForeignKeyConstraint(
            ["area_edition_id"],
            ["area_edition.id"],
            name=op.f("fk_assessment_version_area_edition_id_area_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_version_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["decision_maker_id"], ["person.id"], name=op.f("fk_assessment_version_decision_maker_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["lead_reviewer_id"], ["person.id"], name=op.f("fk_assessment_version_lead_reviewer_id_person")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_assessment_version_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["questionnaire_fingerprint"],
            ["questionnaire_edition.fingerprint"],
            name=op.f("fk_assessment_version_questionnaire_fingerprint_questionnaire_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["screening_fingerprint"],
            ["questionnaire_edition.fingerprint"],
            name=op.f("fk_assessment_version_screening_fingerprint_questionnaire_edition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_version")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_assessment_version_assessment_id_number")),
    )
    with op.batch_alter_table("assessment_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_version_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assessment_version_decision_maker_id"), ["decision_maker_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assessment_version_lead_reviewer_id"), ["lead_reviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_version_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_assessment_version_register", ["state", "signed_off_at", "id"], unique=False)
        batch_op.create_index(
            "uq_assessment_version_open",
            ["assessment_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('draft', 'in_review', 'returned', 'reviewed', 'screened_out', 'screening')"
            ),
            postgresql_where=sa.text(
                "state IN ('draft', 'in_review', 'returned', 'reviewed', 'screened_out', 'screening')"
            ),
        )

    op.create_table(
        "indicator_edition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("indicator_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(definition) <= 20000", name=op.f("ck_indicator_edition_definition_length")),
        sa.CheckConstraint("length(licence) <= 20000", name=op.f("ck_indicator_edition_licence_length")),
        sa.CheckConstraint("length(owner) <= 200", name=op.f("ck_indicator_edition_owner_length")),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_indicator_edition_title_length")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_indicator_edition_added_by_person")),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["library_indicator.id"],
            name=op.f("fk_indicator_edition_indicator_id_library_indicator"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_edition")),
        sa.UniqueConstraint("indicator_id", "number", name=op.f("uq_indicator_edition_indicator_id_number")),
    )
    op.create_table(
        "action_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("funding", sa.String(length=20), nullable=True),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("keeper_id", sa.String(length=36), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "funding IS NULL OR funding IN ('confirmed', 'not_needed', 'not_confirmed')",
            name=op.f("ck_action_item_funding_known"),
        ),
        sa.CheckConstraint("source IN ('condition', 'mitigation')", name=op.f("ck_action_item_source_known")),
        sa.CheckConstraint(
            "status IN ('open', 'under_way', 'done', 'dropped', 'replaced')",
            name=op.f("ck_action_item_status_known"),
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_action_item_changed_by_person")),
        sa.ForeignKeyConstraint(["keeper_id"], ["person.id"], name=op.f("fk_action_item_keeper_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_action_item_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
        sa.UniqueConstraint("version_id", "source", "target", name=op.f("uq_action_item_version_id_source_target")),
    )
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.create_index("ix_action_item_due", ["status", "due", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_item_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_item_version_id"), ["version_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(question_id) <= 60", name=op.f("ck_answer_question_id_length")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_answer_changed_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["assessment_version.id"], name=op.f("fk_answer_version_id_assessment_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("version_id", "question_id", name=op.f("uq_answer_version_id_question_id")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_version_id"), ["version_id"], unique=False)

    op.create_table(
        "archive_record",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=True),
        sa.Column("about", sa.String(length=36), nullable=True),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('sign-off', 'screening', 're-anchor') OR about IS NOT NULL",
            name=op.f("ck_archive_record_about_another"),
        ),
        sa.CheckConstraint(
            "kind IN ('sign-off', 'screening', 'supersede', 'body-decision', 'disposal', 're-anchor')",
            name=op.f("ck_archive_record_kind_known"),
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_archive_record_seq_positive")),
        sa.ForeignKeyConstraint(["about"], ["archive_record.id"], name=op.f("fk_archive_record_about_archive_record")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_archive_record_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_archive_record")),
        sa.UniqueConstraint("id", name=op.f("uq_archive_record_id")),
        sa.UniqueConstraint("prev", name=op.f("uq_archive_record_prev")),
        sa.UniqueConstraint("record_hash", name=op.f("uq_archive_record_record_hash")),
    )
    with op.batch_alter_table("archive_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_record_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_archive_record_version_id"), ["version_id"], unique=False)

    op.create_table(
        "delegation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("from_id", sa.String(length=36), nullable=False),
        sa.Column("to_id", sa.String(length=36), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_delegation_days_in_order")),
        sa.CheckConstraint("to_id <> from_id", name=op.f("ck_delegation_to_another")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_delegation_from_id_person")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_delegation_to_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_delegation_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegation_to_id"), ["to_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_version_id"), ["version_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("assessment_id", sa.String(length=36), nullable=True),
        sa.Column("version_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_event_outcome_known")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_event_assessment_id_assessment")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["assessment_version.id"], name=op.f("fk_event_version_id_assessment_version")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index("ix_event_version", ["version_id", "seq"], unique=False)

    op.create_table(
        "evidence_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("library_id", sa.String(length=36), nullable=True),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("strength", sa.String(length=10), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("scan", sa.String(length=12), nullable=False),
        sa.Column("withheld_reason", sa.String(length=500), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN version_id IS NULL THEN kind = '' AND target = '' AND library_id IS NULL ELSE kind IN ('question', 'impact') AND target <> '' END",
            name=op.f("ck_evidence_file_attached_or_shared"),
        ),
        sa.CheckConstraint("scan IN ('clean', 'not_scanned')", name=op.f("ck_evidence_file_scan_known")),
        sa.CheckConstraint(
            "strength IS NULL OR strength IN ('strong', 'moderate', 'weak')",
            name=op.f("ck_evidence_file_strength_known"),
        ),
        sa.CheckConstraint("length(description) <= 300", name=op.f("ck_evidence_file_description_length")),
        sa.CheckConstraint("length(label) <= 255", name=op.f("ck_evidence_file_label_length")),
        sa.CheckConstraint("length(withheld_reason) <= 500", name=op.f("ck_evidence_file_withheld_reason_length")),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_file_size_positive")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_evidence_file_added_by_person")),
        sa.ForeignKeyConstraint(
            ["library_id"], ["evidence_file.id"], name=op.f("fk_evidence_file_library_id_evidence_file")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_evidence_file_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_file_added_by", ["added_by", "added_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_library_id"), ["library_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_version_id"), ["version_id"], unique=False)

    op.create_table(
        "exempt_mark",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("public_interest", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.String(length=36), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=36), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('question', 'impact', 'evidence')", name=op.f("ck_exempt_mark_kind_known")),
        sa.CheckConstraint("paragraph BETWEEN 1 AND 7", name=op.f("ck_exempt_mark_paragraph_known")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_exempt_mark_lifted_by_person")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_exempt_mark_marked_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_exempt_mark_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exempt_mark")),
    )
    with op.batch_alter_table("exempt_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exempt_mark_version_id"), ["version_id"], unique=False)
        batch_op.create_index(
            "uq_exempt_mark_standing",
            ["version_id", "kind", "target"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "impact_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.String(length=60), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("magnitude", sa.String(length=10), nullable=True),
        sa.Column("likelihood", sa.String(length=20), nullable=True),
        sa.Column("duration", sa.String(length=10), nullable=True),
        sa.Column("reversible", sa.Boolean(), nullable=True),
        sa.Column("reach_unit", sa.String(length=10), nullable=False),
        sa.Column("reach_low", sa.String(40), nullable=True),
        sa.Column("reach_mid", sa.String(40), nullable=True),
        sa.Column("reach_high", sa.String(40), nullable=True),
        sa.Column("people_per_home", sa.String(40), nullable=False),
        sa.Column("spread_kind", sa.String(length=30), nullable=False),
        sa.Column("spread", sa.Text(), nullable=True),
        sa.Column("spread_source", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("reach_shares", sa.Text(), nullable=True),
        sa.Column("confidence", sa.String(length=10), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("plan_who", sa.String(length=200), nullable=False),
        sa.Column("plan_by", sa.Date(), nullable=True),
        sa.Column("plan_how", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("action_owner", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("funding", sa.String(length=20), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("residual_magnitude", sa.String(length=10), nullable=True),
        sa.Column("residual_likelihood", sa.String(length=20), nullable=True),
        sa.Column("no_action_reason", sa.Text(), nullable=False),
        sa.Column("suggested_by", sa.String(length=121), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("origin_id", sa.String(length=36), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "confidence IS NULL OR confidence IN ('low', 'medium', 'high')",
            name=op.f("ck_impact_line_confidence_known"),
        ),
        sa.CheckConstraint(
            "direction <> 'not_known' OR (magnitude IS NULL AND likelihood IS NULL AND reach_mid IS NULL AND spread IS NULL AND residual_magnitude IS NULL AND residual_likelihood IS NULL)",
            name=op.f("ck_impact_line_unknown_has_no_size"),
        ),
        sa.CheckConstraint(
            "direction IN ('benefit', 'harm', 'not_known')", name=op.f("ck_impact_line_direction_known")
        ),
        sa.CheckConstraint(
            "duration IS NULL OR duration IN ('short', 'medium', 'long')",
            name=op.f("ck_impact_line_duration_known"),
        ),
        sa.CheckConstraint(
            "funding IS NULL OR funding IN ('confirmed', 'not_needed', 'not_confirmed')",
            name=op.f("ck_impact_line_funding_known"),
        ),
        sa.CheckConstraint(
            "likelihood IS NULL OR likelihood IN ('unlikely', 'possible', 'likely', 'almost_certain')",
            name=op.f("ck_impact_line_likelihood_known"),
        ),
        sa.CheckConstraint(
            "magnitude IS NULL OR magnitude IN ('minor', 'moderate', 'major')",
            name=op.f("ck_impact_line_magnitude_known"),
        ),
        sa.CheckConstraint("reach_unit IN ('people', 'homes')", name=op.f("ck_impact_line_reach_unit_known")),
        sa.CheckConstraint(
            "residual_likelihood IS NULL OR residual_likelihood IN ('unlikely', 'possible', 'likely', 'almost_certain')",
            name=op.f("ck_impact_line_residual_likelihood_known"),
        ),
        sa.CheckConstraint(
            "residual_magnitude IS NULL OR residual_magnitude IN ('minor', 'moderate', 'major')",
            name=op.f("ck_impact_line_residual_magnitude_known"),
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_impact_line_changed_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_impact_line_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_line")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_impact_line_version_id_number")),
    )
    with op.batch_alter_table("impact_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_impact_line_version_id"), ["version_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("once", sa.String(length=120), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_digest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["assessment_version.id"], name=op.f("fk_notice_version_id_assessment_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "once", name=op.f("uq_notice_person_id_once")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_digest", ["in_digest", "person_id"], unique=False)
        batch_op.create_index("ix_notice_person", ["person_id", "at"], unique=False)
        batch_op.create_index("ix_notice_unread", ["person_id", "read_at"], unique=False)

    op.create_table(
        "review_round",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no_conflict_declared", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommendation", sa.String(length=30), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("referred_back_reason", sa.Text(), nullable=False),
        sa.Column("exempt_decided", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('returned', 'concluded', 'recalled', 'stopped')",
            name=op.f("ck_review_round_outcome_known"),
        ),
        sa.CheckConstraint(
            "recommendation IS NULL OR recommendation IN ('approve', 'approve_with_conditions', 'do_not_approve')",
            name=op.f("ck_review_round_recommendation_known"),
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_review_round_lead_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_review_round_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_review_round_version_id_number")),
    )
    with op.batch_alter_table("review_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_round_version_id"), ["version_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("submission_hash", sa.String(length=64), nullable=False),
        sa.Column("frozen_by", sa.String(length=36), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('submitted', 'concluded')", name=op.f("ck_submission_kind_known")),
        sa.ForeignKeyConstraint(["frozen_by"], ["person.id"], name=op.f("fk_submission_frozen_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_submission_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_submission_version_id_number")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_version_id"), ["version_id"], unique=False)

    op.create_table(
        "thread",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("section_id", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", sa.String(length=36), nullable=True),
        sa.Column("opened_by", sa.String(length=36), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_by", sa.String(length=36), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_in", sa.Integer(), nullable=True),
        sa.Column("carried_from", sa.Integer(), nullable=True),
        sa.CheckConstraint("NOT private OR (side = 'review' AND NOT blocking)", name=op.f("ck_thread_private_stays")),
        sa.CheckConstraint("kind IN ('question', 'impact', 'section')", name=op.f("ck_thread_kind_known")),
        sa.CheckConstraint("side IN ('author', 'review')", name=op.f("ck_thread_side_known")),
        sa.ForeignKeyConstraint(["assigned_to"], ["person.id"], name=op.f("fk_thread_assigned_to_person")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_thread_opened_by_person")),
        sa.ForeignKeyConstraint(["resolved_by"], ["person.id"], name=op.f("fk_thread_resolved_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["assessment_version.id"], name=op.f("fk_thread_version_id_assessment_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index("ix_thread_place", ["version_id", "kind", "target"], unique=False)

    op.create_table(
        "archive_payload",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "part IN ('submission', 'decision', 'pdf_full', 'pdf_public') OR part LIKE 'evidence/%'",
            name=op.f("ck_archive_payload_part_known"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["archive_record.id"], name=op.f("fk_archive_payload_record_id_archive_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "part", name=op.f("pk_archive_payload")),
    )
    op.create_table(
        "archive_signature",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["archive_key.id"], name=op.f("fk_archive_signature_key_id_archive_key")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["archive_record.id"], name=op.f("fk_archive_signature_record_id_archive_record")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_archive_signature")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("thread_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) <= 4000", name=op.f("ck_comment_text_length")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_comment_thread_id_thread")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_comment_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "condition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["review_round.id"], name=op.f("fk_condition_round_id_review_round")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["assessment_version.id"], name=op.f("fk_condition_version_id_assessment_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_condition_round_id_number")),
    )
    with op.batch_alter_table("condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_condition_version_id"), ["version_id"], unique=False)

    op.create_table(
        "countersignature",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("impact_id", sa.String(length=36), nullable=False),
        sa.Column("impact_row_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=36), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["impact_id"], ["impact_line.id"], name=op.f("fk_countersignature_impact_id_impact_line")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_countersignature_signed_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_countersignature_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countersignature")),
    )
    with op.batch_alter_table("countersignature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_countersignature_impact_id"), ["impact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_countersignature_version_id"), ["version_id"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("impact_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=12), nullable=False),
        sa.Column("officer_value", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("disputed_by", sa.String(length=36), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ending IS NULL OR ending IN ('withdrawn', 'changed', 'removed')",
            name=op.f("ck_dispute_ending_known"),
        ),
        sa.CheckConstraint("field IN ('magnitude', 'likelihood', 'confidence')", name=op.f("ck_dispute_field_known")),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_dispute_ended_whole")),
        sa.CheckConstraint("value <> officer_value", name=op.f("ck_dispute_differs")),
        sa.ForeignKeyConstraint(["disputed_by"], ["person.id"], name=op.f("fk_dispute_disputed_by_person")),
        sa.ForeignKeyConstraint(["impact_id"], ["impact_line.id"], name=op.f("fk_dispute_impact_id_impact_line")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["assessment_version.id"], name=op.f("fk_dispute_version_id_assessment_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_impact_id"), ["impact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_version_id"), ["version_id"], unique=False)
        batch_op.create_index(
            "uq_dispute_standing",
            ["impact_id", "field"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "quality_grade",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("prompt", sa.String(length=30), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("graded_by", sa.String(length=36), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_quality_grade_grade_known")),
        sa.ForeignKeyConstraint(["graded_by"], ["person.id"], name=op.f("fk_quality_grade_graded_by_person")),
        sa.ForeignKeyConstraint(["round_id"], ["review_round.id"], name=op.f("fk_quality_grade_round_id_review_round")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_quality_grade_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_grade")),
        sa.UniqueConstraint("round_id", "prompt", name=op.f("uq_quality_grade_round_id_prompt")),
    )
    with op.batch_alter_table("quality_grade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quality_grade_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quality_grade_version_id"), ["version_id"], unique=False)

    op.create_table(
        "reading_confirmation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("submission_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reading_confirmation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_reading_confirmation_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_confirmation")),
        sa.UniqueConstraint(
            "submission_id",
            "person_id",
            "what",
            name=op.f("uq_reading_confirmation_submission_id_person_id_what"),
        ),
    )
    with op.batch_alter_table("reading_confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_confirmation_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "register_entry",
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("scheme_type", sa.String(length=60), nullable=False),
        sa.Column("scheme_title", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=True),
        sa.Column("variant", sa.String(length=4), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("principles", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=False),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["archive_record.id"], name=op.f("fk_register_entry_record_id_archive_record")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_register_entry_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_register_entry")),
    )
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.create_index("ix_register_entry_newest", ["signed_off_at", "version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_register_entry_reference"), ["reference"], unique=False)
        batch_op.create_index("ix_register_entry_rule", ["rule", "signed_off_at"], unique=False)
        batch_op.create_index("ix_register_entry_scheme", ["scheme_type", "signed_off_at"], unique=False)

    op.create_table(
        "return_point",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("response", sa.String(length=10), nullable=True),
        sa.Column("response_text", sa.Text(), nullable=False),
        sa.Column("responded_by", sa.String(length=36), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('question', 'impact', 'section')", name=op.f("ck_return_point_kind_known")),
        sa.CheckConstraint(
            "response IS NULL OR response IN ('answered', 'rebutted')",
            name=op.f("ck_return_point_response_known"),
        ),
        sa.ForeignKeyConstraint(["responded_by"], ["person.id"], name=op.f("fk_return_point_responded_by_person")),
        sa.ForeignKeyConstraint(["round_id"], ["review_round.id"], name=op.f("fk_return_point_round_id_review_round")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_return_point_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_point")),
        sa.UniqueConstraint("round_id", "kind", "target", name=op.f("uq_return_point_round_id_kind_target")),
    )
    with op.batch_alter_table("return_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_point_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_return_point_version_id"), ["version_id"], unique=False)

    op.create_table(
        "review_section",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("round_id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("section_id", sa.String(length=60), nullable=False),
        sa.Column("reviewer_id", sa.String(length=36), nullable=False),
        sa.Column("assigned_by", sa.String(length=36), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("no_conflict_declared", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "grade IS NULL OR grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_review_section_grade_known")
        ),
        sa.CheckConstraint(
            "reviewed_at IS NULL OR (grade IS NOT NULL AND no_conflict_declared)",
            name=op.f("ck_review_section_reviewed_whole"),
        ),
        sa.ForeignKeyConstraint(["assigned_by"], ["person.id"], name=op.f("fk_review_section_assigned_by_person")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_review_section_reviewer_id_person")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_review_section_round_id_review_round")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_review_section_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_section")),
        sa.UniqueConstraint("round_id", "section_id", name=op.f("uq_review_section_round_id_section_id")),
    )
    with op.batch_alter_table("review_section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_section_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_section_version_id"), ["version_id"], unique=False)

    op.create_table(
        "suggestion_choice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("suggestion", sa.String(length=121), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("impact_id", sa.String(length=36), nullable=True),
        sa.Column("chosen_by", sa.String(length=36), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('accepted', 'declined')", name=op.f("ck_suggestion_choice_outcome_known")),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name=op.f("fk_suggestion_choice_chosen_by_person")),
        sa.ForeignKeyConstraint(
            ["impact_id"], ["impact_line.id"], name=op.f("fk_suggestion_choice_impact_id_impact_line")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["assessment_version.id"],
            name=op.f("fk_suggestion_choice_version_id_assessment_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_choice")),
        sa.UniqueConstraint("version_id", "suggestion", name=op.f("uq_suggestion_choice_version_id_suggestion")),
    )
    with op.batch_alter_table("suggestion_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_choice_version_id"), ["version_id"], unique=False)
    guards.create(op.get_bind(), WRITE_ONCE)


def downgrade() -> None:
    raise NotImplementedError("records are never unmade; restore a backup instead")
