"""A mailer that remembers, and can be told to fail."""

from integrations.ports import Letter


class RememberingMailer:
    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.failing: Exception | None = None

    async def send(self, letter: Letter) -> None:
        if self.failing is not None:
            raise self.failing
        self.sent.append(letter)
