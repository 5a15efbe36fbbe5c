#!/bin/sh
# Asks the Go vulnerability database about what the program calls. A database or module
# proxy that can't be reached is said and is no failure: a machine without a network must
# still be able to run the tests.
set -u

out=$(go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 . 2>&1)
status=$?
case "$status:$out" in
0:*) ;;
*"fetching vulnerabilities"* | *"govulncheck@v1.9.0: "*)
	echo "Vulnerabilities not looked up: the database can't be reached from here." >&2
	exit 0
	;;
esac
[ "$status" = 0 ] || echo "$out"
exit "$status"
