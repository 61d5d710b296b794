#!/usr/bin/env bash
# Makes a virtual environment with the Python tool datenraffinerie 1.0.15, whose own version pins cannot be installed
# any more, in the user's cache folder, and prints its folder. Wants Python 3.11: PYTHON311, else python3.11 on PATH.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/datenraffinerie/python-tool-1.0.15
if [ ! -e "$folder/complete" ]; then
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")"
  "${PYTHON311:-python3.11}" -m venv "$folder" >&2
  "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps datenraffinerie==1.0.15 \
    hgcroc-configuration-client==1.2.1 numpy==1.23.4 pandas==1.5.1 tables==3.9.2 click==8.1.3 Jinja2==3.1.2 \
    PyYAML==6.0 pymongo==4.3.2 pyzmq==24.0.1 rich==12.6.0 schema==0.7.5 >&2
  # what the two programs import beyond that
  "$folder/bin/pip" install --quiet --disable-pip-version-check MarkupSafe pygments commonmark contextlib2 pytz \
    python-dateutil six nested-dict >&2
  touch "$folder/complete"
fi
echo "$folder"
