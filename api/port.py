"""Whether the port is free. Only the standard library: `make demo` asks before anything is installed."""

import os
import socket
import sys

HOST = "127.0.0.1"
PORT = 8000
PORT_MAX = 65535


def trouble(host: str, port: int) -> str | None:
    """Why nobody can listen there, in a sentence; None where somebody can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"cannot listen on {host}:{port} ({error.strerror}): set PORT to another, such as PORT={port + 1}"
    return None


def main() -> None:
    """End with 1 and a sentence where the port of the environment is taken. What is no port is told by the server."""
    written = os.environ.get("PORT") or str(PORT)
    is_port = written.isdecimal() and 0 < int(written) <= PORT_MAX
    if is_port and (said := trouble(os.environ.get("HOST") or HOST, int(written))):
        sys.stderr.write(f"kunak: {said}\n")
        raise SystemExit(1)


if __name__ == "__main__":
    main()
