#!/bin/sh
# Print the path of a Python that can run Closeloop (3.11 or newer, able to make a virtual environment), or say in one
# line what to install. Candidates are run, not only looked up: a version manager's stand-in may exist and not work.
set -u

old="" crippled=""
for name in ${PYTHON:-} python3.15 python3.14 python3.13 python3.12 python3.11 python3; do
  path=$(command -v "$name" 2>/dev/null) || continue
  version=$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
  if ! "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    old="$name is $version"
  elif ! "$path" -c 'import venv, ensurepip' 2>/dev/null; then
    crippled="$name"
  else
    echo "$path"
    exit 0
  fi
done

if [ -n "$crippled" ]; then
  echo "Closeloop: $crippled lacks the venv module. Install it (Debian, Ubuntu: apt-get install python3-venv) and run make again." >&2
elif [ -n "$old" ]; then
  echo "Closeloop: needs Python 3.11 or newer, and $old. Install one, or name one: make PYTHON=/path/to/python3.12" >&2
else
  echo "Closeloop: needs Python 3.11 or newer, and found none. Install one, or name one: make PYTHON=/path/to/python3.12" >&2
fi
exit 1
