"""imports of area figures that the worker does"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("file_name", sa.String(length=150), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("year", sa.String(length=100), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("problem_count", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'reading', 'storing', 'imported', 'faulty', 'failed', 'stopped')",
            name=op.f("ck_area_import_state_known"),
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_area_import_done_within")),
        sa.CheckConstraint("length(file_name) <= 150", name=op.f("ck_area_import_file_name_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_area_import_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_import")),
    )
    with op.batch_alter_table("area_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_import_asked_at"), ["asked_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("records are never unmade; restore a backup instead")
