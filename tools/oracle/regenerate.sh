#!/bin/sh
# Recomputes every file under values/ in a virtual environment of its own (ORACLE_VENV, by default .venv beside this file).
set -eu
cd "$(dirname "$0")"
venv="${ORACLE_VENV:-.venv}"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt
export PYTHONDONTWRITEBYTECODE=1
for program in networks layers optimizers whitening schedules student_t top_k; do
  echo "$program"
  "$venv/bin/python" "$program.py"
done
