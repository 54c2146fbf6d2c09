# make install | demo | test | lint | docs | pictures | links | kafka | bench | bench-guard | fuzz | evaluate | figures | faults | soak
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# What make bench compares with, in an environment of its own.
PEERS  := .bench

.PHONY: install demo test lint docs pictures links kafka bench bench-guard fuzz evaluate figures faults soak clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

install: $(VENV)/.installed  ## make .venv with the project and its tools

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev
	$(BIN)/python -m monitor.scoring.warm
	touch $@

demo: install  ## a broker, a feed of bad and good copies, a worker and its page, in one command
	$(BIN)/monitor demo $(ARGS)

test: install  ## the tests; what needs Kafka, Chromium or promtool is skipped where these are missing
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

lint: install  ## format, lint, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: install deploy/kubernetes/prometheusrule.yaml  ## write what is generated in docs/ and deploy/
	$(BIN)/python -m monitor.cli.documents .

# The rule files' groups, under the head that the Prometheus operator wants. Its Prometheus has no external labels of
# ours, so the addresses of deploy/prometheus/prometheus.yml stand in the links themselves.
ADDRESS = $(shell sed -n 's/^    $(1): //p' deploy/prometheus/prometheus.yml)
deploy/kubernetes/prometheusrule.yaml: deploy/prometheus/rules.yml deploy/prometheus/alerts.yml deploy/prometheus/prometheus.yml
	{ echo '# Made by make docs from deploy/prometheus/rules.yml and alerts.yml.'; \
	  printf '%s\n' 'apiVersion: monitoring.coreos.com/v1' 'kind: PrometheusRule' 'metadata:' '  name: monitor' \
	    '  labels:' '    release: kube-prometheus-stack' 'spec:' '  groups:'; \
	  cat deploy/prometheus/rules.yml deploy/prometheus/alerts.yml | sed -e '/^groups:$$/d' -e 's/^./  &/' \
	    -e 's|{{ or $$externalLabels.runbooks "docs/runbooks.md" }}|$(call ADDRESS,runbooks)|' \
	    -e 's|{{ $$externalLabels.grafana }}|$(call ADDRESS,grafana)|' \
	    -e 's|{{ $$externalLabels.pages }}|$(call ADDRESS,pages)|'; } > $@

pictures: install  ## draw the pictures of docs/ anew; needs Chromium
	WRITE_PICTURES=1 REQUIRE_ALL=1 $(BIN)/pytest -q tests/web/test_pictures.py

links: install  ## absolute links of alerts and dashboards: GRAFANA=https://… RUNBOOKS=https://… PAGES=https://…
	$(BIN)/python deploy/links.py $(GRAFANA) $(RUNBOOKS) $(PAGES)
	$(MAKE) deploy/kubernetes/prometheusrule.yaml

kafka: install  ## a real Kafka at 127.0.0.1:9092 until Ctrl-C; needs Java 17 and Maven
	$(BIN)/python -m tests.kafka.server

bench: install $(PEERS)/.installed  ## what a verdict costs beside others, for DATA=file; writes docs/performance.md; ARGS=--quick
	$(BIN)/python -m bench.speed $(DATA) --peers $(PEERS)/bin/python $(ARGS)

$(PEERS)/.installed: bench/speed/peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

bench-guard: install  ## fail where a verdict takes 10 % more instructions, or more by the words, than bench/guard.json says
	$(BIN)/python -m bench.guard $(ARGS)

fuzz: install  ## a million odd inputs for the decoders and the scorer, about half an hour; ARGS='10000 --seed 2'
	$(BIN)/python -m bench.fuzz $(ARGS)

evaluate: install  ## how well verdicts agree with what is known, for DATA=folder; ARGS='--damage --plot curve.svg'
	$(BIN)/monitor evaluate $(DATA) $(ARGS)

figures: install  ## write docs/detection.md's figures, for DATA=folder of documents of known truth; minutes
	$(BIN)/python -m bench.detection $(DATA) $(ARGS)

faults: install  ## the long tests of faults on a real Kafka; writes their table into docs/reliability.md
	REQUIRE_ALL=1 $(BIN)/pytest -m slow --timeout 1200 --junitxml .kafka/faults.xml $(ARGS)
	$(BIN)/python -m tests.faults.table .kafka/faults.xml docs/reliability.md

soak: install  ## the worker under a steady load for MINUTES=60, at RATE=500 a second; writes soak.csv and soak.svg
	$(BIN)/python -m bench.soak $(or $(MINUTES),60) $(or $(RATE),500)

clean:  ## remove what make made
	rm -rf $(VENV) $(PEERS) .kafka
