"""Statements: a verb of speech with its subject, and the sentences of what is said."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from crawler.config import Language
from index.mentions.annotated_text import AnnotatedText, TextWord
from index.mentions.people.persons import NamedPeople
from index.mentions.records import Span, Statement
from index.mentions.speech.grammar import grammar
from index.mentions.speech.quotations import Quotation, find_quotations
from index.mentions.speech.subjects import Subject, SubjectFinder, before, first_after
from index.mentions.speech_verbs import SpeechVerb

_BREAK = re.compile(r"[,;:.!?()„”“«»\"–—\n]")
_STRONG_BREAK = re.compile(r"[;:.!?()\n]")
_THAT = re.compile(
    r"[^.!?\n]{0,120}?,[ \u00a0]?(?:ka|lai|vai|kā|kāpēc|cik|kur|kad)\b"
    r"|[^.,!?\n]{0,80}(?::|[ \u00a0][–—][ \u00a0])"
)
_SAID_BEFORE = re.compile(
    r"[,!?…][ \u00a0](?:[–—-][ \u00a0])?(?:kā[ \u00a0])?"
    r"(?!(?:ka|kas|kur\w*|lai|jo|bet|un|ja)\b)[^,;:.!?]{0,60}$"
)
_AND = re.compile(r"[ \u00a0](?:un|and|и)[ \u00a0]|,[ \u00a0](?:gan|kā arī)[ \u00a0]")
_IN_MARKS = re.compile(r"\([^()]*\)|[„“«\"][^„“”«»\"]*[”“»\"]")
_ENDS = re.compile(r"(?:[ \u00a0]\w+){0,2}[.!]")
_DIRECTLY_THAT = re.compile(r",[ \u00a0]ka\b")
_AS = re.compile(r"kā[ \u00a0]", re.IGNORECASE)
_WHO = re.compile(r",[ \u00a0](?:kurš|kura)[ \u00a0](?:\w+[ \u00a0]){0,2}$")
# Nouns for what somebody said, after the genitive of a name, with the verb that they stand for.
_NOUNS = {
    "teiktā": "teikt", "sacītā": "sacīt", "paustā": "paust", "stāstītā": "stāstīt", "norādītā": "norādīt",
    "vārdiem": "teikt", "skaidrotā": "skaidrot", "domām": "uzskatīt", "aplēsēm": "lēst",
}  # fmt: skip
_NOUN = re.compile(rf"(?:[ \u00a0]\w+)??[ \u00a0]({'|'.join(_NOUNS)})\b")
_BY_WORDS = re.compile(r"vārdiem(?:[ \u00a0]runājot)?,")
_BY = re.compile(r"\bpēc[ \u00a0](?:[^.,!?\n]{0,120}[ \u00a0])?$", re.IGNORECASE)
_BY_PRONOUN = re.compile(rf"\bpēc[ \u00a0](viņa|viņas)[ \u00a0]({'|'.join(_NOUNS)})\b", re.IGNORECASE)
_DASH = re.compile(r"[–—-][ \u00a0]")
_AFTER_DASH_SPEECH = re.compile(r"[,!?…][ \u00a0][–—-][ \u00a0]")
# To whom suspects, victims and witnesses speak.
_TESTIMONY = re.compile(
    r"\b(?:tiesā|tiesai|policistiem|policijai|izmeklētājiem|izmeklētājam|prokuroram|robežsargiem)\b",
    re.IGNORECASE,
)
_BETWEEN_CHARS = 160
_WHO_CHARS = 120
"""From the name to the verb in *ministrs* X*, kurš norāda*."""
_ATTRIBUTION_WORDS = 8
_LEAD_WORDS = 6
_AFTER_PRONOUN_WORDS = 2


_SPEECH_DASHES = ("– ", "— ", "- ")


@cache
def _signals(language: Language) -> frozenset[str]:
    """Return the words of which a statement has at least one, unless it is quoted."""
    return frozenset((*grammar(language).verbs, *(_NOUNS if language == "lv" else ())))


@cache
def _words(language: Language) -> frozenset[str]:
    """Return all words that are looked at in a text."""
    return frozenset((*_signals(language), *grammar(language).pronouns, *grammar(language).offices))


class StatementReader:
    """Finds the statements of a *text* whose *people* are known."""

    def __init__(self, text: AnnotatedText, people: NamedPeople) -> None:
        self._text, self._people = text, people
        self._grammar = grammar(text.language)
        quotations = find_quotations(text.text)
        self._quotations = [quoted for quoted in quotations if quoted.is_speech(text.text)]
        self._starts = [quoted.start for quoted in self._quotations]
        self._finder = SubjectFinder(text, people)

    def statements(self) -> Iterator[Statement]:
        """Yield the statements in order."""
        covered = 0
        for sentence, words in self._sentences():
            for statement in self._of_sentence(sentence, words):
                is_new = statement.end > covered or statement.start >= covered
                if is_new and statement.speaker not in self._people.private:
                    yield statement
                    covered = max(covered, statement.end) if statement.direct else covered

    def _sentences(self) -> Iterator[tuple[Span, list[TextWord]]]:
        """Yield the sentences in which something may be said, with the words that matter there."""
        language = self._text.language
        words = [word for word in self._text.places_of(_words(language)) if not self._is_quoted(word.start)]
        places = [word.start for word in words if word.lower in _signals(language)]
        places += [quoted.end - 1 for quoted in self._quotations]
        if self._grammar.by:
            places += [place.start for place in self._people.places]
        if any(dash in self._text.text for dash in _SPEECH_DASHES):
            places += [match.start() for match in _AFTER_DASH_SPEECH.finditer(self._text.text)]
        for sentence in sorted({self._text.sentence_at(place) for place in places}):
            yield sentence, [word for word in words if sentence[0] <= word.start < sentence[1]]

    def _of_sentence(self, sentence: Span, words: Sequence[TextWord]) -> Iterator[Statement]:
        subjects = self._finder.subjects(sentence, words, self._is_quoted)
        if not subjects and not self._finder.named(max(0, sentence[0] - _WHO_CHARS), sentence[1]):
            yield from self._by_pronoun(sentence)
            return
        verbs = [(word, verb) for word in words if (verb := self._grammar.verbs.get(word.lower))]
        attribution = self._attribution(sentence)
        said: set[int] = set()
        for word, verb in verbs:
            subject = self._subject_of(word, verb, subjects)
            if subject and subject.start not in said and self._is_real(word, verb, subject, sentence):
                said.add(subject.start)
                lemma = self._governing(word, verb, verbs, sentence)
                for speaker in (*self._joined(subject, subjects, sentence), subject):
                    yield self._statement(lemma, speaker, sentence)
        if not said:
            yield from self._by_colon(subjects, sentence)
        if self._text.language != "lv":
            yield from self._by_preposition(subjects, sentence)
            return
        if not said and attribution is not None:
            yield from self._by_any_verb(attribution, subjects, sentence)
        yield from self._by_noun(sentence)

    # --- Who -------------------------------------------------------------------------------------

    def _subject_of(self, word: TextWord, verb: SpeechVerb, subjects: Sequence[Subject]) -> Subject | None:
        earlier = list(before(subjects, word.start))
        if verb.kind == "converb":
            return earlier[0] if len(earlier) == len(subjects) == 1 else None
        following = first_after(subjects, word.end)
        if following is not None and self._follows(word, following):
            # The first of two may be a genitive that is not declined: apgalvo Meļko advokāts X.
            # Or one of two offices: norāda premjera biedrs, ministrs X.
            gaps = (" ",) if following.speaker else (" ", ", ")
            nearest = (other for other in subjects if self._text.text[following.end : other.start] in gaps)
            return next((other for other in nearest if other.speaker), following)
        if earlier and self._precedes(earlier[-1], word):
            return earlier[-1]
        return self._who(word)

    def _follows(self, word: TextWord, subject: Subject) -> bool:
        """Return whether *subject* is that of the verb before it: *uzsver* [*intervijā*] *ministrs*."""
        between = self._plain(word.end, subject.start)
        if subject.is_pronoun and between.strip():
            return False  # stāsta par viņa ģimeni
        if len(between) > _BETWEEN_CHARS or _BREAK.search(between) or self._has_subject(between):
            return False
        lead = _BREAK.split(self._text.text[max(0, word.start - 100) : word.start])[-1].split()
        return len(lead) <= _LEAD_WORDS and not any(
            word.lower() in self._grammar.other_subjects for word in lead
        )

    def _precedes(self, subject: Subject, word: TextWord) -> bool:
        """Return whether *subject* is that of the verb after it: *ministrs*[*, atklājot sēdi,*] *uzsver*."""
        between = self._plain(subject.end, word.start)
        if subject.is_pronoun and len(between.split()) > _AFTER_PRONOUN_WORDS:
            return False
        if len(between) > _BETWEEN_CHARS or _STRONG_BREAK.search(between):
            return False
        outside = re.sub(r",[^,]*,", " ", between)
        if subject.has_office_after:
            outside = outside.removeprefix(",")
        return not (
            "," in outside or self._grammar.other_clause.search(outside) or self._has_subject(outside)
        )

    def _joined(self, subject: Subject, subjects: Sequence[Subject], sentence: Span) -> Iterator[Subject]:
        """Yield who speaks together with *subject*: X *un* Y *uzsver*."""
        for other in before(subjects, subject.start):
            gap = self._text.text[other.end : subject.start]
            if _AND.fullmatch(gap) and not self._text.text[sentence[0] : other.start].lower().removeprefix(
                "gan "
            ):
                yield other

    def _who(self, word: TextWord) -> Subject | None:
        """Return who is named before *kurš* and the verb: *ministrs* X*, kurš norāda*."""
        match = _WHO.search(self._text.text, max(0, word.start - 60), word.start)
        places = self._finder.named(max(0, word.start - _WHO_CHARS), word.start) if match else ()
        named = [place for place in places if match and place.end == match.start()]
        return self._finder.of_place(named[0]) if named else None

    def _has_subject(self, passage: str) -> bool:
        return any(word.lower() in self._grammar.other_subjects for word in passage.split())

    def _governing(
        self,
        word: TextWord,
        verb: SpeechVerb,
        verbs: Sequence[tuple[TextWord, SpeechVerb]],
        sentence: Span,
    ) -> str:
        """Return the infinitive of the verb that *ka* follows: *pauda nostāju, norādot, ka*."""
        if not (self._quotes(sentence) or _DIRECTLY_THAT.match(self._text.text, word.end)):
            for later, other in verbs:
                is_after = other.kind == "converb" and later.start > word.start
                if is_after and _DIRECTLY_THAT.match(self._text.text, later.end):
                    return other.lemma
        return verb.lemma

    # --- Whether ---------------------------------------------------------------------------------

    def _is_real(self, word: TextWord, verb: SpeechVerb, subject: Subject, sentence: Span) -> bool:
        text, (start, end) = self._text.text, sentence
        first, last = min(subject.start, word.start), max(subject.start, word.start)
        lead = _BREAK.split(text[start:first])[-1]
        if self._grammar.unreal.search(self._plain(first, last)) or self._grammar.unreal.search(lead):
            return False
        if subject.office is None and _TESTIMONY.search(text, start, end):
            return False
        is_quoted = self._quotes(sentence) or self._attribution(sentence) is not None
        if text[start:end].endswith("?") and not is_quoted:
            return False
        if is_quoted or (verb.need == "any" and verb.kind != "converb"):
            return True
        after = max(word.end, subject.end if subject.start > word.start else 0)
        return verb.need != "quote" and bool(
            _THAT.match(text, after)
            or _AS.match(text, start + len(text[start:first]) - len(lead.lstrip()))
            or (subject.start > word.start and _SAID_BEFORE.search(text, start, first))
            or (_ENDS.match(text, word.end) and _SAID_BEFORE.search(text, start, first))
        )

    # --- What ------------------------------------------------------------------------------------

    def _statement(self, verb: str, subject: Subject, sentence: Span) -> Statement:
        """Return what *subject* says in a *sentence*, with all that is quoted in it and right after it."""
        start, end = sentence
        quoted = self._overlapping(start, end)
        for quotation in quoted:
            start = min(start, self._text.sentence_at(quotation.start)[0])
            end = max(end, self._text.sentence_at(quotation.end - 1)[1])
        direct = bool(quoted) or self._attribution(sentence) is not None
        return Statement(
            speaker=subject.speaker,
            office=subject.office,
            verb=verb,
            direct=direct,
            start=start,
            end=self._last(end) if direct else end,
        )

    def _last(self, end: int) -> int:
        """Return the end of the quotations that go on right after *end* without naming another speaker."""
        text = self._text.text
        while True:
            following = end
            while text[following : following + 1].isspace():
                following += 1
            if _DASH.match(text, following) and "\n" not in text[end:following]:
                if self._attribution(self._text.sentence_at(following)) is not None:
                    return end
                line = text.find("\n", following)
                return self._text.sentence_at((line if line >= 0 else len(text)) - 1)[1]
            nearest = self._overlapping(following, following + 1)
            if not nearest or nearest[-1].start != following:
                return end
            quotation = nearest[-1]
            last = self._text.sentence_at(quotation.end - 1)[1]
            if not self._grammar.goes_on.fullmatch(text, quotation.end, last):
                return end
            end = last

    def _by_any_verb(self, start: int, subjects: Sequence[Subject], sentence: Span) -> Iterator[Statement]:
        """Yield what is quoted before *start* if a verb and its subject follow: *„Jā,” jokoja* X."""
        subject = first_after(subjects, start)
        if subject is None:
            return
        if not self._text.text[start : subject.start].strip() and (verbs := self._verbs_after(subject.end)):
            yield self._statement(verbs[0], subject, sentence)
            return
        between = self._plain(start, subject.start)
        words = between.split()
        if _BREAK.search(between) or len(words) > _ATTRIBUTION_WORDS or self._grammar.unreal.search(between):
            return
        if words and "tā" in (words[0], words[-1]):
            yield self._statement("", subject, sentence)
            return
        found = [lemma for word in words for lemma in self._verb(word)]
        if found:
            yield self._statement(found[-1], subject, sentence)

    def _verbs_after(self, place: int) -> tuple[str, ...]:
        word = next(self._text.words(place, min(place + 30, len(self._text.text))), None)
        return self._verb(word.written) if word is not None and word.start == place + 1 else ()

    def _verb(self, word: str) -> tuple[str, ...]:
        """Return the infinitive of a finite *word*."""
        lemmas = self._text.lemmas(word)
        is_verb = bool(lemmas) and all(lemma.endswith(("t", "ties")) for lemma in lemmas)
        is_finite = word.islower() and not word.startswith("ne") and not word.endswith(("ot", "oties"))
        return lemmas[:1] if is_verb and is_finite else ()

    def _by_noun(self, sentence: Span) -> Iterator[Statement]:
        """Yield statements like *pēc ministra R. Kozlovska teiktā*."""
        start, end = sentence
        text = self._text.text
        for place in self._finder.named(start, end):
            match = _NOUN.match(text, place.end, end)
            if match is None or place.case not in "GN" or self._is_quoted(place.start):
                continue
            subject = self._finder.of_place(place)
            if _BY.search(text, start, subject.start) or _BY_WORDS.match(text, match.start(1)):
                yield self._statement(_NOUNS[match[1]], subject, sentence)
        yield from self._by_pronoun(sentence)

    def _by_pronoun(self, sentence: Span) -> Iterator[Statement]:
        """Yield a statement like *pēc viņa vārdiem*."""
        start, end = sentence
        text = self._text.text
        if self._text.language == "lv" and (match := _BY_PRONOUN.search(text, start, end)):
            person = self._finder.person_before("m" if match[1].lower() == "viņa" else "f", start)
            if person is not None:
                yield self._statement(_NOUNS[match[2]], Subject(*match.span(1), *person), sentence)

    def _by_colon(self, subjects: Sequence[Subject], sentence: Span) -> Iterator[Statement]:
        """Yield what follows a name without a verb: *Ministre* X*: „Jā.”*."""
        for subject in subjects:
            is_first = subject.start == sentence[0] and self._text.text[subject.end : subject.end + 2] == ": "
            if is_first and self._overlapping(subject.end + 2, subject.end + 3):
                yield self._statement("", subject, sentence)

    def _by_preposition(self, subjects: Sequence[Subject], sentence: Span) -> Iterator[Statement]:
        """Yield statements like *according to the minister*."""
        for subject in subjects if self._grammar.by else ():
            if self._grammar.by and self._grammar.by.search(self._text.text, sentence[0], subject.start):
                yield self._statement("say", subject, sentence)

    # --- Quotations ------------------------------------------------------------------------------

    def _attribution(self, sentence: Span) -> int | None:
        """Return where the words after direct speech begin in a sentence: after a quotation, or a dash."""
        start, end = sentence
        text = self._text.text
        if _DASH.match(text, start):
            match = _AFTER_DASH_SPEECH.search(text, start + 2, end)
            return match.end() if match else None
        closed = [quoted.end for quoted in self._overlapping(start, end) if quoted.end < end]
        return closed[0] if closed and text[closed[0] - 2] in ",!?…" else None

    def _quotes(self, sentence: Span) -> bool:
        return bool(self._overlapping(*sentence))

    def _overlapping(self, start: int, end: int) -> Sequence[Quotation]:
        """Return the quotations between *start* and *end*, and those that reach into it."""
        first = max(0, bisect_left(self._starts, start) - 1)
        found = self._quotations[first : bisect_left(self._starts, end)]
        return [quoted for quoted in found if quoted.end > start]

    def _is_quoted(self, place: int) -> bool:
        nearest = bisect_left(self._starts, place) - 1
        return nearest >= 0 and place < self._quotations[nearest].end

    def _plain(self, start: int, end: int) -> str:
        """Return a passage without quoted names and brackets."""
        passage = self._text.text[start:end]
        return _IN_MARKS.sub(" ", passage) if len(passage) > 1 else passage


def find_statements(text: AnnotatedText, people: NamedPeople) -> tuple[Statement, ...]:
    """Return the statements of *text*, whose *people* are known, in order."""
    found = StatementReader(text, people).statements()
    return tuple(sorted(found, key=lambda statement: (statement.start, statement.end)))
