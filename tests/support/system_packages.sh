#!/usr/bin/env bash
# Install what the tests need from Debian: PostgreSQL's server, Chromium, SQLite's command, and stilts (TOPCAT's engine, with the Java that it runs on).
# Where that is not possible, say exactly what is missing: the tests that need it are skipped.
set -u

is_there() {
  case $1 in
    postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null ;;
    chromium-headless-shell) command -v chromium-headless-shell chromium chromium-browser >/dev/null ;;
    sqlite3) command -v sqlite3 >/dev/null ;;
    stilts) command -v stilts >/dev/null && command -v java >/dev/null ;;
  esac
}

find_missing() {
  missing=()
  for package in postgresql chromium-headless-shell sqlite3 stilts; do is_there "$package" || missing+=("$package"); done
}

find_missing
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed, and not installable here (needs root and apt-get): ${missing[*]}. The tests that need them are skipped."
  exit 0
fi
echo "Installing ${missing[*]} with apt-get ..."
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
apt-get update -qq >"$log" 2>&1
# One at a time: one that fails does not keep the others from being installed. Older releases have the whole Chromium only.
for package in "${missing[@]}"; do
  apt-get install -y -qq --no-install-recommends "$package" >>"$log" 2>&1 ||
    apt-get install -y -qq --no-install-recommends "${package%-headless-shell}" >>"$log" 2>&1
done
find_missing
if [ ${#missing[@]} -gt 0 ]; then
  tail -n 5 "$log"
  echo "apt-get could not install ${missing[*]}: the tests that need them are skipped."
fi
rm -f "$log"
exit 0
