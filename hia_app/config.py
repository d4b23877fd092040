"""Every setting of an installation, typed, with what it means and which values are unsafe."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "HEA_"
SHORTEST_SECRET = 32


class UnsafeSettings(Exception):
    """The settings cannot be used; every problem is named with the setting it belongs to."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseModel):
    """One installation. Read from `HEA_<NAME>` in the environment, else `instance/config.toml`, else the default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["development", "production", "test"] = Field(
        "development", description="production refuses to start with an unsafe setting"
    )
    instance: Path = Field(PROJECT / "instance", description="folder for the database, files and the secret")
    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite at <instance>/assessments.sqlite")
    database_owner_url: str = Field(
        "",
        description="address of the role that owns the tables, for `hia db upgrade` and disposal; empty: database_url",
        repr=False,
    )
    secret_key: str = Field(
        "",
        description="signs cookies, at least 32 characters; empty makes one in <instance>/secret (not in production)",
        repr=False,
    )
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=1, le=65535, description="port the server listens on (PORT is honoured too)")
    base_url: str = Field("", description="address people use, for links we hand out; https in production")
    trusted_hosts: tuple[str, ...] = Field((), description="host names the app answers to; required in production")
    proxy_hops: int = Field(0, ge=0, le=3, description="number of trusted proxies in front (X-Forwarded-For)")
    workers: int = Field(2, ge=1, le=64, description="server processes; one per core")

    council_name: str = Field("Leeds City Council", description="shown on every page and document")
    brand_colour: str = Field("#0b5d57", pattern=r"^#[0-9a-fA-F]{6}$", description="header colour, white text on it")
    service_name: str = Field("Health Equity Assessments", description="name of the service in the header")
    reference_prefix: str = Field("HEA", pattern=r"^[A-Z]{2,6}$", description="first part of every reference")
    reference_population: tuple[int, int, int, int, int] = Field(
        (168899, 163183, 160861, 160504, 158468),
        description="residents by local deprivation fifth, most deprived first",
    )
    reference_population_source: str = Field(
        "Census 2021 residents by IMD 2025 local fifth, Leeds. Contains public sector information licensed under "
        "the Open Government Licence v3.0.",
        description="source, year and licence printed wherever those figures appear",
    )
    people_per_home: str = Field(
        "2.378", pattern=r"^[0-9]{1,2}(\.[0-9]{1,4})?$", description="people per home (Leeds, Census 2021)"
    )
    questionnaires: Path = Field(PROJECT / "questionnaires", description="folder with questionnaire files")
    small_numbers: Literal["fewer_than_ten", "nhs_sub_national", "own"] = Field(
        "fewer_than_ten",
        description="which counts are too small to publish: 1 to 9; the NHS rule (1 to 7, the rest rounded to 5); own",
    )
    small_numbers_fewest: int = Field(10, ge=7, le=1_000, description="own rule: the smallest count that is published")
    small_numbers_rounding: int = Field(
        1, ge=1, le=999, description="own rule: other counts are rounded to a multiple of this; 1: not rounded"
    )
    contact: str = Field(
        "the public health team", description="whom people are told to contact when something goes wrong"
    )

    session_idle_minutes: int = Field(60, ge=5, le=480, description="a session ends after this long without a click")
    session_hours: int = Field(12, ge=1, le=24, description="a session ends after this long in any case")
    invitation_hours: int = Field(24, ge=1, le=24, description="life of an invitation link")
    reset_minutes: int = Field(60, ge=5, le=60, description="life of a password reset link")
    sign_in_attempts: int = Field(8, ge=3, le=50, description="failed sign-ins allowed per window, per person")
    sign_in_window_minutes: int = Field(15, ge=1, le=120, description="length of that window")
    hourly_documents: int = Field(
        120, ge=1, le=10_000, description="documents and tables somebody may have made an hour"
    )
    hourly_uploads: int = Field(60, ge=1, le=10_000, description="files somebody may send in an hour")
    hourly_links: int = Field(60, ge=1, le=10_000, description="one-time links somebody may make or try in an hour")
    password_length: int = Field(12, ge=12, le=64, description="shortest password accepted")
    argon2_memory_kib: int = Field(47104, ge=8, description="password hash cost: memory; production 19456 or more")
    argon2_rounds: int = Field(2, ge=1, le=10, description="password hash cost: rounds")
    first_review_months: int = Field(6, ge=1, le=60, description="first review date after sign-off")
    review_working_days: int = Field(10, ge=1, le=60, description="working days in which a review is due (England)")
    review_returns: int = Field(3, ge=1, le=20, description="returns after which a review goes to the named person")
    review_escalation: str = Field("", max_length=254, description="e-mail address of that person; empty: nobody")
    second_review_months: int = Field(12, ge=1, le=60, description="second review date after sign-off")
    signing_keys: Path | None = Field(
        None,
        description="folder with the keys that sign records; empty: <instance>/keys",
    )
    seal_certificate: Path | None = Field(
        None,
        description="PKCS#12 file with the certificate that seals documents; empty: <keys folder>/seal/seal.p12",
    )
    seal_passphrase: str = Field("", description="passphrase of that file", repr=False)
    timestamp_url: str = Field(
        "", pattern=r"^(https?://[^ ]+)?$", description="time-stamp service (RFC 3161) for seals; empty: none"
    )
    timestamp_root: Path | None = Field(
        None, description="PEM file with the root certificates of that service, without which it is not believed"
    )
    timestamp_seconds: int = Field(5, ge=1, le=60, description="how long that service may take over one answer")
    public_officer_names: bool = Field(
        True, description="whether public editions print officers' names; no: only what they are (Owner, job title)"
    )
    full_edition_readers: tuple[str, ...] = Field(
        (), description="e-mail addresses of those who are entitled to exempt parts of every record (with a reason)"
    )
    files: Path | None = Field(None, description="folder for evidence files; empty: <instance>/files")
    files_bucket: str = Field(
        "", description="bucket of an S3-compatible service that keeps evidence files instead of the folder"
    )
    files_endpoint: str = Field(
        "", pattern=r"^(https?://[^/ ]+/?)?$", description="address of that service; empty: Amazon's own"
    )
    files_region: str = Field("eu-west-2", description="region of the bucket")
    files_prefix: str = Field("", description="put in front of every name in the bucket")
    files_key_id: str = Field("", description="access key id for the bucket; empty: from the machine's own role")
    files_key: str = Field("", description="secret access key for the bucket", repr=False)
    evidence_file_mb: int = Field(20, ge=1, le=100, description="largest evidence file, in millions of bytes")
    evidence_files: int = Field(60, ge=1, le=500, description="most evidence files in one version of an assessment")
    evidence_total_mb: int = Field(150, ge=1, le=2_000, description="all evidence of one version together")
    evidence_day_mb: int = Field(500, ge=1, le=10_000, description="what one person may attach in 24 hours")
    library_files: int = Field(2_000, ge=1, le=100_000, description="most files in the shared evidence library")
    scanner: str = Field(
        "",
        pattern=r"^(tcp://[^/: ]+:[0-9]{1,5}|unix:///[^ ]+)?$",
        description="virus scanner (clamd) that evidence must pass: tcp://host:port or unix:///path; empty: none",
    )
    scanner_seconds: int = Field(30, ge=1, le=300, description="how long the scanner may take over one file")
    mail: Literal["folder", "smtp", "off"] = Field(
        "folder", description="how e-mail leaves: as files in <instance>/mail, by a mail server, or not at all"
    )
    mail_from: str = Field(
        "health-equity@localhost",
        max_length=254,
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        description="sender of every message",
    )
    smtp_host: str = Field("", max_length=253, description="name of the mail server")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="how the connection is encrypted; none only inside one machine or network"
    )
    smtp_user: str = Field("", max_length=254, description="name to sign in to the mail server with; empty: none")
    smtp_password: str = Field("", description="password for that", repr=False)
    smtp_seconds: int = Field(20, ge=1, le=120, description="how long the mail server may take over one answer")
    records_mailbox: str = Field(
        "",
        max_length=254,
        pattern=r"^([^@\s<>]+@[^@\s<>]+)?$",
        description="mailbox, outside this service, that gets a receipt of every archived record; empty: none",
    )
    pack_days: int = Field(14, ge=1, le=365, description="committee packs are removed after this many days")
    keep_drafts_years: int = Field(2, ge=1, le=50, description="drafts that were never submitted are kept this long")
    keep_records_years: int = Field(
        6, ge=1, le=100, description="signed-off records are kept this long after their last review date"
    )

    @property
    def address(self) -> str:
        """The database address, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.instance / 'assessments.sqlite'}"

    @property
    def owner_address(self) -> str:
        """The address that migrations and disposal use; on PostgreSQL another role than the app's."""
        return self.database_owner_url or self.address

    @property
    def keys_folder(self) -> Path:
        """Where the private signing keys are."""
        return self.signing_keys or self.instance / "keys"

    @property
    def seal_folder(self) -> Path:
        """Where the installation's own certificate is, and those whose seals are known to be ours."""
        return self.keys_folder / "seal"

    @property
    def files_folder(self) -> Path:
        """Where evidence files are kept when no bucket is named."""
        return self.files or self.instance / "files"

    @property
    def largest_evidence_file(self) -> int:
        """In bytes."""
        return self.evidence_file_mb * 1_000_000

    @property
    def mail_folder(self) -> Path:
        """Where messages are written when no mail server sends them."""
        return self.instance / "mail"

    @property
    def packs_folder(self) -> Path:
        """Where committee packs wait for those who asked for them."""
        return self.instance / "packs"

    @property
    def imports_folder(self) -> Path:
        """Where tables of area figures wait until they are imported."""
        return self.instance / "imports"

    @property
    def outbox(self) -> Path:
        """Where messages wait that nobody sends yet."""
        return self.instance / "outbox"

    @property
    def secure(self) -> bool:
        """Whether people reach the service over https (cookies are then `Secure` with the `__Host-` prefix)."""
        return self.base_url.startswith("https://")

    @property
    def public_url(self) -> str:
        """The address that links we hand out begin with."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings; raises UnsafeSettings naming each that is wrong, missing or unsafe."""
    environ = os.environ if environ is None else environ
    instance = Path(overrides.get("instance") or environ.get(f"{PREFIX}INSTANCE") or PROJECT / "instance")
    given: dict[str, Any] = {"instance": instance}
    file = instance / "config.toml"
    if file.is_file():
        try:
            given |= tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnsafeSettings([f"{file}: not readable as TOML: {error}"]) from None
    if environ.get("PORT"):
        given["port"] = environ["PORT"]
    for name, field in Settings.model_fields.items():
        text = environ.get(PREFIX + name.upper())
        if text:
            given[name] = [part.strip() for part in text.split(",")] if _is_tuple(field.annotation) else text
    given |= overrides
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise UnsafeSettings(
            [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
        ) from None
    if not settings.secret_key and settings.mode != "production":
        settings = settings.model_copy(update={"secret_key": _own_secret(settings.instance)})
    if problems := unsafe(settings):
        raise UnsafeSettings(problems)
    return settings


def unsafe(settings: Settings) -> list[str]:
    """What forbids starting: always a weak secret; in production also everything that exposes people."""
    problems = []
    if settings.small_numbers_rounding >= settings.small_numbers_fewest:
        problems.append("small_numbers_rounding: must be below small_numbers_fewest")
    if len(settings.secret_key) < SHORTEST_SECRET or len(set(settings.secret_key)) < 10:
        problems.append(
            f"secret_key: missing or weak; set {PREFIX}SECRET_KEY to {SHORTEST_SECRET} or more random characters"
        )
    if settings.timestamp_url and settings.timestamp_root is None:
        problems.append("timestamp_root: name the file with the root of the time-stamp service")
    if settings.mail == "smtp" and not settings.smtp_host:
        problems.append("smtp_host: name the mail server, or set mail to folder or off")
    if settings.mode == "production":
        if not settings.secure:
            problems.append("base_url: must begin with https:// in production")
        if not settings.trusted_hosts:
            problems.append("trusted_hosts: name the hosts this service answers to")
        if settings.argon2_memory_kib < 19456:
            problems.append("argon2_memory_kib: at least 19456 in production")
        if settings.files_bucket and settings.files_endpoint.startswith("http://"):
            problems.append("files_endpoint: must begin with https:// in production")
        if settings.smtp_password and settings.smtp_security == "none":
            problems.append("smtp_security: none would send the password in the clear; use starttls or tls")
    return problems


def _is_tuple(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is tuple


def _own_secret(instance: Path) -> str:
    """The installation's own secret, made once, readable by its owner only."""
    path = instance / "secret"
    if not path.is_file():
        instance.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another process made it in the same moment
    return path.read_text("ascii").strip()
