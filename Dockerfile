FROM python:3.11-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_NO_DEPS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements requirements
RUN python -m venv /opt/quizbot \
 && /opt/quizbot/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt \
 && pip install --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY questions questions
RUN pip wheel --no-build-isolation --wheel-dir dist . \
 && /opt/quizbot/bin/pip install dist/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data quizbot \
 && install -d -o quizbot -g quizbot /data
COPY --from=build /opt/quizbot /opt/quizbot
USER 10001
# quizbot.yaml and the database live here
WORKDIR /data
VOLUME /data
ENV PATH=/opt/quizbot/bin:$PATH HTTP_HOST=0.0.0.0 HTTP_PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['HTTP_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["quizbot"]
CMD ["run"]
