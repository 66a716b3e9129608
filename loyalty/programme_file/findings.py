"""What a check found: where, what is wrong, and how to mend it."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

LINES_SHOWN = 5


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend in a file, or with `is_notice` one to know before applying it."""

    line: int
    message: str
    mend: str
    is_notice: bool = False
    file: str = ""
    cause: Hashable = field(default=None, compare=False)
    """What findings of one slip have in common: they are told as one."""

    def told(self, file: str) -> str:
        """The finding on one line, in the form that editors and people can follow; a sheet lies beside `file`."""
        where = f"{file.rpartition('/')[0]}/{self.file}".lstrip("/") if self.file else file
        return f"{where}:{self.line}: {self.message} {'' if self.is_notice else 'Mend: '}{self.mend}"


@dataclass(slots=True)
class Findings:
    """Findings gathered while reading: a file is read to its end, so that one run tells everything."""

    found: list[Finding] = field(default_factory=list)
    file: str = ""

    def add(self, line: int, message: str, mend: str, *, cause: Hashable = None) -> None:
        """Something that must be mended."""
        self.found.append(Finding(line, message, mend, file=self.file, cause=cause))

    def notice(self, line: int, message: str, consequence: str) -> None:
        """Something that is allowed and worth knowing."""
        self.found.append(Finding(line, message, consequence, is_notice=True))

    def of_file(self, file: str) -> "Findings":
        """The same list, for what stands in a sheet beside the file."""
        return Findings(self.found, file)

    @property
    def in_order(self) -> tuple[Finding, ...]:
        """By file and line, each once; where one cause shows on many lines, the first with the lines of the others."""
        ordered = sorted(dict.fromkeys(self.found), key=lambda finding: (finding.file, finding))
        first: dict[Hashable, Finding] = {}
        others: dict[Hashable, list[int]] = {}
        for place, finding in enumerate(ordered):
            # Where nothing is said of a cause, a finding is its own.
            cause = place if finding.cause is None else (finding.file, finding.cause)
            if first.setdefault(cause, finding).line != finding.line:
                others.setdefault(cause, []).append(finding.line)
        return tuple(_with_lines(finding, others.get(cause, [])) for cause, finding in first.items())


def _with_lines(finding: Finding, lines: list[int]) -> Finding:
    if not lines:
        return finding
    shown = sorted(set(lines))
    words = ", ".join(str(line) for line in shown[:LINES_SHOWN]) + (" and more" if len(shown) > LINES_SHOWN else "")
    noun = "line" if len(shown) == 1 else "lines"
    return replace(finding, message=f"{finding.message} The same on {noun} {words}.")
