"""What a format keeps of a posting beside its frequency and weight."""

from whoosh.formats import Format, Positions

# Richest first; plain positions have arrays of their own.
PAYLOADS = ("character_boosts", "characters", "position_boosts")


def payload_kind(format_: Format) -> str | None:
    """Return the name of what a format keeps of a posting beside its frequency and weight."""
    return next((kind for kind in (*PAYLOADS, "positions") if _keeps(format_, kind)), None)


def _keeps(format_: Format, kind: str) -> bool:
    # Plain positions claim boosts too, always 1.
    return format_.supports(kind) and not (kind == "position_boosts" and type(format_) is Positions)
