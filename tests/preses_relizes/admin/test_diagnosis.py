from preses_relizes.admin.diagnosis import bad, note, ok


def test_only_what_needs_a_person_has_advice() -> None:
    found = [ok("a", "x"), note("b", "x", "y"), bad("c", "x", "z")]
    assert [(one.what, one.state, one.advice) for one in found] == [
        ("a", "ok", ""),
        ("b", "note", "y"),
        ("c", "bad", "z"),
    ]
