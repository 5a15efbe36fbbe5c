#!/bin/sh
# Installs the servers the tests start: Redis, PostgreSQL, Chromium, Node and curl. Does nothing
# for those that are there. Needs apt (Debian, Ubuntu) and root or sudo.
set -eu

missing=""
command -v redis-server >/dev/null || missing="$missing redis-server"
command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
command -v curl >/dev/null || missing="$missing curl"
command -v npm >/dev/null || missing="$missing nodejs npm"
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null; then
	echo "Please install:$missing (no apt-get on this machine)" >&2
	exit 1
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
echo "Installing for the tests:$missing" >&2
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
