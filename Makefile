# make run    the bot, embedded: no token, no Redis, no key needed
# make test   everything, having installed and started what the tests need
.PHONY: run build test servers vet bench

run:
	go run .

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o dengwen .

servers:
	@scripts/test-servers.sh

vet:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go vet ./...

test: servers vet
	go test -timeout 30m ./...

-include bench/Makefile.inc
