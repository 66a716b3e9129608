"""What a check found: where, what is wrong, and how to mend it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend in a file, or with `is_notice` one to know before applying it."""

    line: int
    message: str
    mend: str
    is_notice: bool = False
    file: str = ""

    def told(self, file: str) -> str:
        """The finding on one line, in the form that editors and people can follow; a sheet lies beside `file`."""
        where = f"{file.rpartition('/')[0]}/{self.file}".lstrip("/") if self.file else file
        return f"{where}:{self.line}: {self.message} {'' if self.is_notice else 'Mend: '}{self.mend}"


@dataclass(slots=True)
class Findings:
    """Findings gathered while reading: a file is read to its end, so that one run tells everything."""

    found: list[Finding] = field(default_factory=list)
    file: str = ""

    def add(self, line: int, message: str, mend: str) -> None:
        """Something that must be mended."""
        self.found.append(Finding(line, message, mend, file=self.file))

    def notice(self, line: int, message: str, consequence: str) -> None:
        """Something that is allowed and worth knowing."""
        self.found.append(Finding(line, message, consequence, is_notice=True))

    def of_file(self, file: str) -> "Findings":
        """The same list, for what stands in a sheet beside the file."""
        return Findings(self.found, file)

    @property
    def in_order(self) -> tuple[Finding, ...]:
        """By file and line, each once."""
        return tuple(sorted(set(self.found), key=lambda finding: (finding.file, finding)))
