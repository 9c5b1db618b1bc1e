"""The temporary files of a build: sorted runs of postings, and the texts that they come from."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from index.segment import Array, ArrayFile
from index.segment.array_file import write_arrays
from index.writer.run_merger import write_run
from index.writer.token_buffer import SortedRun, TokenBuffer

TEXT_ARRAYS = ("words", "codes", "odd", "gaps", "lengths")


class RunFiles:
    """Writes runs and texts to files, whose paths *run_path* returns by number.

    A thread sorts and writes the tokens of a buffer while the next one is filled; what fails there is raised
    by a later call.
    """

    def __init__(self, run_path: Callable[[int], Path]) -> None:
        self.runs: list[Path] = []
        self._texts: list[Path] = []
        self._run_path = run_path
        self._thread = ThreadPoolExecutor(1)
        self._sorting: Future[None] | None = None

    def sort(self, tokens: TokenBuffer, weights: dict[int, int]) -> None:
        """Begin to sort and write the tokens of a full buffer, once those before are written."""
        self.wait()
        self._sorting = self._thread.submit(self._sort, tokens, weights)

    def _sort(self, tokens: TokenBuffer, weights: dict[int, int]) -> None:
        self.add_run(tokens.run(weights))
        self.add_text(tokens.words(), tokens.codes())

    def wait(self) -> None:
        """Wait until all tokens are written.

        Raises:
            OSError: they could not be written.
        """
        if self._sorting:
            sorting, self._sorting = self._sorting, None
            sorting.result()

    def add_run(self, run: SortedRun) -> None:
        """Write a sorted run."""
        write_run(self._new_path(self.runs), run)

    def add_text(self, words: Array, spans: tuple[Array, ...]) -> None:
        """Write the words of a text and their packed spans."""
        write_arrays(self._new_path(self._texts), dict(zip(TEXT_ARRAYS, (words, *spans), strict=True)))

    def _new_path(self, paths: list[Path]) -> Path:
        # Before it is written, so that a partial file is removed, too.
        paths.append(self._run_path(len(self.runs) + len(self._texts)))
        return paths[-1]

    def read_texts(self, name: str) -> Iterator[Array]:
        """Yield an array of each text, one of ``TEXT_ARRAYS``, with one text in memory at a time."""
        return (ArrayFile(path)[name] for path in self._texts)

    def remove(self) -> None:
        """Remove the files, and end the thread."""
        self._thread.shutdown()
        for path in (*self.runs, *self._texts):
            path.unlink(missing_ok=True)
        self.runs, self._texts = [], []
