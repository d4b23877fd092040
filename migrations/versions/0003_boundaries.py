"""boundaries of small areas, in editions"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boundary_edition",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("area_edition_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("year", sa.String(length=100), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("areas", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.String(length=36), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("metres > 0", name=op.f("ck_boundary_edition_metres_positive")),
        sa.ForeignKeyConstraint(
            ["area_edition_id"], ["area_edition.id"], name=op.f("fk_boundary_edition_area_edition_id_area_edition")
        ),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_boundary_edition_imported_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_edition")),
        sa.UniqueConstraint("number", name=op.f("uq_boundary_edition_number")),
    )
    op.create_table(
        "area_boundary",
        sa.Column("edition_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("west", sa.Integer(), nullable=False),
        sa.Column("south", sa.Integer(), nullable=False),
        sa.Column("east", sa.Integer(), nullable=False),
        sa.Column("north", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["boundary_edition.id"], name=op.f("fk_area_boundary_edition_id_boundary_edition")
        ),
        sa.PrimaryKeyConstraint("edition_id", "code", name=op.f("pk_area_boundary")),
    )


def downgrade() -> None:
    raise NotImplementedError("records are never unmade; restore a backup instead")
