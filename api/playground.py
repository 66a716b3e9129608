"""GraphiQL, for the demo only. Its scripts come from a public mirror, so it needs the open internet."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from re import DOTALL, findall
from typing import Final

from strawberry.http.ides import get_graphql_ide_html

from api.asgi import NO_STORE, Header, Send, respond

_HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
_PLAIN: Final[Header] = (b"content-type", b"text/plain; charset=utf-8")
_MIRROR: Final = "https://unpkg.com"


@cache
def _page() -> tuple[bytes, Header]:
    # Requests with a cookie need our header; GraphiQL sends it once it is among its defaults.
    ours = 'const defaultHeaders = {"X-Kunak": "1"};'
    page = get_graphql_ide_html("graphiql").replace("const defaultHeaders = {};", ours)
    scripts = findall(r"<script>(.*?)</script>", page, DOTALL)
    inline = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_MIRROR} {inline}",
            f"style-src {_MIRROR} 'unsafe-inline'",
            f"font-src {_MIRROR} data:",
            "img-src data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
    return page.encode(), (b"content-security-policy", policy.encode())


async def playground(send: Send, *, is_open: bool) -> None:
    """Answer a browser that opened /graphql: with GraphiQL where the schema is open, with nothing elsewhere."""
    if is_open:
        page, policy = _page()
        await respond(send, 200, page, (_HTML, NO_STORE, policy))
    else:
        await respond(send, 404, b"Not found.\n", (_PLAIN, NO_STORE))
