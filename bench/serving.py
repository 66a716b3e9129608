"""The server under measure: the application as it is, with the documents of the figures trusted beside the front ends'."""

from api.app import DOCUMENTS, create_app, server
from api.opening import run
from api.settings import Settings
from api.trusted import load_trusted
from bench.documents import TRUSTED


async def main() -> None:
    """Serve until a signal comes."""
    settings = Settings.load()
    app = create_app(settings, documents={**load_trusted(DOCUMENTS), **TRUSTED})
    await server(settings, app).serve()


if __name__ == "__main__":
    run(main)
