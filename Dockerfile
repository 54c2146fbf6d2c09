# The worker, and with it every command: docker run IMAGE score --help
FROM python:3.12.13-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY monitor monitor
RUN python -m venv --without-pip /opt/monitor \
 && python -m pip --python /opt/monitor/bin/python install \
    --no-cache-dir --disable-pip-version-check --constraint constraints.txt . \
 && /opt/monitor/bin/python -m monitor.scoring.warm

FROM python:3.12.13-slim-bookworm
LABEL org.opencontainers.image.title="syndication-monitor" \
      org.opencontainers.image.description="Watches syndicated news on Kafka for repetition and boilerplate" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1
# monitor.toml is read from here, where one is mounted; nothing is ever written.
WORKDIR /etc/monitor
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["monitor"]
CMD ["worker"]
