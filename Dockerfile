# syntax=docker/dockerfile:1
# One image for web, worker and sweeper. PostgreSQL and Valkey are not in it: compose.yaml adds them.

FROM node:22-bookworm-slim AS front
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY frontend ./frontend
COPY cyberdesk/core/web ./cyberdesk/core/web
RUN node frontend/build.mjs

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv==0.13.9 && python -m venv --without-pip /venv
WORKDIR /src
COPY requirements.lock requirements-dev.lock ./
# What runs, and nothing that only tests need; the other file pins what builds the wheel.
RUN VIRTUAL_ENV=/venv uv pip install --no-cache --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY cyberdesk ./cyberdesk
COPY playbooks ./playbooks
COPY integrations ./integrations
COPY --from=front /src/cyberdesk/core/web/static/built ./cyberdesk/core/web/static/built
RUN VIRTUAL_ENV=/venv uv pip install --no-cache --no-deps --build-constraints requirements-dev.lock .

FROM python:3.13-slim-bookworm
# Debian takes an older version away when it mends one: a pinned version would break the build.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --no-install-recommends -y tini fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 cyberdesk \
 && useradd --no-create-home --uid 10001 --gid cyberdesk --home-dir /data --shell /usr/sbin/nologin cyberdesk \
 && install -d -o cyberdesk -g cyberdesk -m 0700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CYBERDESK_PRODUCTION=1 \
    CYBERDESK_DATA_DIR=/data \
    CYBERDESK_HOST=0.0.0.0 \
    CYBERDESK_PORT=8000
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["tini", "--", "cyberdesk"]
CMD ["web"]
