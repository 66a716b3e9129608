"""GraphiQL, for the demo only: its files are brought by the build, and a sentence stands in where they are missing."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from api.asgi import NO_STORE, Header, Send, respond

FILES = Path(__file__).parents[1] / "frontend" / "node_modules" / ".playground"
_HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
_PLAIN: Final[Header] = (b"content-type", b"text/plain; charset=utf-8")
# A request that carries the cookie of a cabinet in the same browser needs our header.
_START: Final = """
const fetcher = GraphiQL.createFetcher({ url: '/graphql', headers: { 'X-Kunak': '1' } })
const defaultQuery = `# Kunak, the whole contract. Ctrl-Enter runs this; the book on the left has every type.
# As a member: mutation { signIn(…, transport: BEARER) { … } }, then under Headers: {"Authorization": "Bearer …"}
# As a till, with a key of var/demo.json: {"Authorization": "Till …"}
{
  programme {
    name
    tiers { name threshold }
    partners { name rules { service { name } channel tier { name } discountPercent accumulates } }
  }
}
`
const page = React.createElement(GraphiQL, { fetcher, defaultQuery, shouldPersistHeaders: false })
ReactDOM.createRoot(document.getElementById('graphiql')).render(page)
"""
_PAGE: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Kunak · GraphQL</title>
<link rel="stylesheet" href="/playground/graphiql.css">
<style>body {{ margin: 0; height: 100dvh }} #graphiql {{ height: 100% }}</style>
</head>
<body>
<div id="graphiql">Loading. GraphiQL needs JavaScript.</div>
<script src="/playground/react.js"></script>
<script src="/playground/react-dom.js"></script>
<script src="/playground/graphiql.js"></script>
<script>{_START}</script>
</body>
</html>
"""


@cache
def _policy() -> Header:
    digest = b64encode(sha256(_START.encode()).digest()).decode()
    parts = (
        "default-src 'none'",
        f"script-src 'self' 'sha256-{digest}'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return (b"content-security-policy", "; ".join(parts).encode())


def playground_routes() -> list[Mount]:
    """The files of GraphiQL; none where the build did not bring them."""
    return [Mount("/playground", StaticFiles(directory=FILES))] if FILES.is_dir() else []


async def playground(send: Send, *, is_open: bool) -> None:
    """Answer a browser that opened /graphql: with GraphiQL where the schema is open, with nothing elsewhere."""
    if not is_open:
        await respond(send, 404, b"Not found.\n", (_PLAIN, NO_STORE))
    elif not FILES.is_dir():
        missing = b"GraphiQL was not built: `make demo` brings it. POST /graphql answers any GraphQL client.\n"
        await respond(send, 200, missing, (_PLAIN, NO_STORE))
    else:
        await respond(send, 200, _PAGE.encode(), (_HTML, NO_STORE, _policy()))
