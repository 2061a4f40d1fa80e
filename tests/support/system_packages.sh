#!/usr/bin/env bash
# Install PostgreSQL's server and Chromium from Debian's packages where they are absent and we may; else say what is skipped.
set -u
missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]} with apt-get ..."
  export DEBIAN_FRONTEND=noninteractive
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}") >/dev/null 2>&1 \
    || echo "apt-get could not install ${missing[*]}: the tests that need them are skipped."
else
  echo "Not installed, and not installable here (needs root and apt-get): ${missing[*]}. The tests that need them are skipped."
fi
exit 0
