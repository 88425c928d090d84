# Shortcuts: each target is a command of bin/ or one line.
.PHONY: run test format requirements migration

run:
	bin/run

test:
	bin/test

format:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# Resolve what the .in files name; uv is needed for this only.
requirements:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make requirements" requirements.in --output-file requirements.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make requirements" requirements-dev.in --output-file requirements-dev.txt

# make migration m="a reason for downtime": write what differs between the models and the database.
migration:
	.venv/bin/flask --app webapp db migrate --message "$(m)"
