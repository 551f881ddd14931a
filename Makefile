# Sekisho. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PACKAGES := pkg-config libssl-dev libxml2-dev libsqlite3-dev zlib1g-dev
# micro-httpd: the package of SimpleSAMLphp wants some web server; this one starts nothing.
TEST_PACKAGES := xmlsec1 openssl curl python3-venv python3-lxml python3-xmlsec apache2-bin libapache2-mod-auth-mellon libapache2-mod-shib simplesamlphp php-cli php-xml php-mbstring php-soap php-sqlite3 micro-httpd netcat-traditional ruby-omniauth-saml ruby-webrick libapache2-mod-auth-openidc libapache2-mod-oauth2 ruby ruby-omniauth-openid-connect libmojolicious-plugin-oauth2-perl libcrypt-jwt-perl softhsm2 opensc p11-kit p11-kit-modules chromium chromium-driver fonts-ipafont-gothic libnss3-tools
VENV := .venv
DEBUG_BUILD := bash .ci/build

.PHONY: help demo test unit interop conformance failures bench format lint packages test-packages venv build

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

demo: packages ## build in release mode, run the whole main job and narrate it (ONCE=1 ends after the narration)
	@echo "building in release mode; the first build compiles the libraries too and takes 15 to 25 minutes on two cores"
	swift build --jobs $(shell nproc) -c release --product sekisho
	exec .build/release/sekisho demo $(if $(ONCE),--once)

test: packages test-packages venv ## every test: Swift, then real relying-party software against a running server
	@bash .ci/tests

unit: packages ## the Swift tests only
	$(DEBUG_BUILD) --build-tests
	swift test --skip-build --experimental-maximum-parallelization-width 8

interop: packages test-packages venv ## real relying-party software only (needs a debug build)
	$(DEBUG_BUILD)
	for each in run services more_services saml_artifact relying more_relying nodes softhsm; do $(VENV)/bin/python Tests/Interop/$$each.py --binaries .build/debug || exit 1; done

conformance: packages test-packages venv ## the plans of the OpenID conformance suite, written anew (needs a debug build)
	$(DEBUG_BUILD)
	$(VENV)/bin/python Tests/Conformance/run.py --binaries .build/debug

failures: packages test-packages venv ## what a login answers when lists and responders fail, on a debug build (six minutes, as root: fills a small disk)
	$(DEBUG_BUILD)
	$(VENV)/bin/python Tests/Interop/trust_failures.py --binaries .build/debug

bench: packages ## measure; see Benchmarks/README.md
	bash Benchmarks/run.sh

format: ## rewrite the sources in the house's format
	swift format --in-place --recursive --parallel Sources Tests Package.swift

lint: ## refuse sources that are not in the house's format
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

build: packages ## debug build of everything, as for the tests
	$(DEBUG_BUILD)

packages:
	@bash .ci/packages $(PACKAGES)

test-packages:
	@bash .ci/packages $(TEST_PACKAGES)

venv: test-packages
	@test -x $(VENV)/bin/python || { echo "making a Python virtual environment in $(VENV)"; /usr/bin/python3 -m venv --system-site-packages $(VENV); }
	@cmp -s Tests/Interop/requirements.txt $(VENV)/requirements.txt || { echo "installing the relying-party software from PyPI"; \
		$(VENV)/bin/pip install --quiet --disable-pip-version-check -r Tests/Interop/requirements.txt && cp Tests/Interop/requirements.txt $(VENV)/; }
