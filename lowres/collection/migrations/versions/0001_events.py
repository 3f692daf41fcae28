"""One table of events, which the database itself keeps from being changed."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

_REFUSED = "events are never changed"


def upgrade() -> None:
    """Make the table and its guards."""
    op.create_table(
        "event",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("key", sa.Text, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


_SQLITE = [
    f"CREATE TRIGGER event_{verb.lower()} BEFORE {verb} ON event BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    for verb in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    f"CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
    "CREATE TRIGGER event_rows BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse()",
    "CREATE TRIGGER event_table BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()",
]
