PYTHON ?= python3

.PHONY: help run test check format bench lock clean

help:
	@echo 'make run      set up, load the demonstration and serve it on http://127.0.0.1:8000 (PORT=... for another port)'
	@echo 'make test     every test, on SQLite and PostgreSQL and in a real browser (ARGS="..." goes to pytest)'
	@echo 'make check    layout, rules, types, layers and templates'
	@echo 'make format   put the code in one layout'
	@echo 'make bench    measure the speed of the main pages'
	@echo 'make lock     write the lock files again after changing dependencies'
	@echo 'make clean    remove everything that was installed or built (instance/ with its database stays)'

run:
	@$(PYTHON) tools/bootstrap.py run

test:
	@$(PYTHON) tools/bootstrap.py test $(ARGS)

check:
	@$(PYTHON) tools/bootstrap.py check

format:
	@$(PYTHON) tools/bootstrap.py format

bench:
	@$(PYTHON) tools/bootstrap.py bench $(ARGS)

lock:
	@$(PYTHON) tools/lock.py

clean:
	rm -rf .venv node_modules static/built build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find hia_app migrations tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
