from index.query import AllOf, AnyOf, Everything, Not, Word
from index.query.rewrite import all_of, has_negation, is_optional, make_optional, negate, restrict

A, B, C = (Word(text=text) for text in "abc")


def test_conjunctions_are_flattened() -> None:
    assert all_of((AllOf((A, B)), C)) == AllOf((A, B, C))
    assert all_of((A,)) == A


def test_negations_alone_apply_to_everything() -> None:
    assert all_of((Not(A),)) == AllOf((Everything(), Not(A)))
    assert all_of((Not(A), AllOf((Not(B), Not(C))))) == AllOf((Everything(), Not(A), Not(B), Not(C)))
    for other in (B, AnyOf((B, C)), Everything()):
        assert all_of((Not(A), other)) == AllOf((Not(A), other))


def test_negations_do_not_nest() -> None:
    assert negate(negate(A)) == A
    assert negate(all_of((negate(A),))) == A


def test_optional_clauses_are_required_if_nothing_else_is() -> None:
    optional = make_optional(AllOf((A, B)), [B])
    assert optional == AllOf((A, AnyOf((B, Everything()))))
    assert isinstance(optional, AllOf)
    assert [is_optional(clause) for clause in optional.clauses] == [False, True]
    assert make_optional(AllOf((B, Not(A))), [B]) == AllOf((B, Not(A)))


def test_a_restriction_keeps_restrictions_inside() -> None:
    inside = restrict(A, "lead")
    assert restrict(AnyOf((inside, Not(B), Everything())), "title") == AnyOf(
        (inside, Not(restrict(B, "title")), Everything())
    )


def test_negations_are_found_at_any_depth_of_conjunctions() -> None:
    assert has_negation(AllOf((A, AllOf((B, Not(C))))))
    assert not has_negation(AllOf((A, AnyOf((B, C)))))
