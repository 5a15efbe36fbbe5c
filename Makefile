# make run    the bot, embedded: no token, no Redis, no key needed
# make short  the tests that need no server, no network and no root: after every change
# make lint   gofmt, go vet, staticcheck
# make test   everything, having installed and started what the tests need
.PHONY: run build short lint test servers

run:
	go run .

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o dengwen .

short:
	go test -short ./...

lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go vet ./...
	go tool staticcheck ./...

test: servers lint
	go test -timeout 30m ./...

servers:
	@scripts/test-servers.sh

-include bench/Makefile.inc
