#!/bin/sh
# Recomputes every file under values/ in a virtual environment of its own (ORACLE_VENV, by default .venv beside this file).
# tensorflow-resize.json needs libtensorflow and is skipped unless REPRISE_LIBTENSORFLOW names its folder.
set -eu
cd "$(dirname "$0")"
venv="${ORACLE_VENV:-.venv}"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt
export PYTHONDONTWRITEBYTECODE=1
for program in networks registry_networks shallow_networks initial_values random_layers layers batch_norm_forms optimizers layer_decay vit_resolutions gradient_clipping ema losses whitening schedules student_t top_k transforms augmentations mixing decode perceptual_hashes jpeg_windows weight_files keras_files keras_applications splits benchmarks training_curves; do
  echo "$program"
  "$venv/bin/python" "$program.py"
done
if [ -n "${REPRISE_LIBTENSORFLOW:-}" ]; then
  echo tensorflow_resize
  "$venv/bin/python" tensorflow_resize.py
fi
