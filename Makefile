# make run    the bot, embedded: no token, no Redis, no key needed
# make short  the tests that need no server, no network and no root: after every change
# make lint   gofmt, go vet, staticcheck, govulncheck where its database can be reached
# make sbom   what the program is linked from, as dengwen.cdx.json
# make test   everything, having installed and started what the tests need
# make chaos  everything broken on purpose, for minutes; DENGWEN_CHAOS_MINUTES and more: internal/test/chaos
# make soak   a day of the Telegram door in little, every fault of the Bot API at random; DENGWEN_SOAK_CITIZENS, DENGWEN_SOAK_KILLS
# make days   each role in each of four windows of a real browser, and a day of forty cases by keys; DENGWEN_DAYS_PICTURES: a folder for pictures
# make pictures  those of docs/first-day.md, made anew from the demonstration
# make papers every official document as PDF, DOCX and pictures, checked by what reads them; DENGWEN_PAPERS: where they go
.PHONY: run build sbom short lint test chaos soak days pictures papers servers

run:
	go run .

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o dengwen .

# Licences and hashes of every module linked in, as CycloneDX.
sbom: build
	go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 bin -json -licenses -version "$$(git describe --tags --always)" -output dengwen.cdx.json dengwen

short:
	go test -short ./...

lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	@scripts/vulnerabilities.sh

test: servers lint
	go test -timeout 30m ./...

DENGWEN_CHAOS_MINUTES ?= 5
chaos: servers
	DENGWEN_CHAOS_MINUTES=$(DENGWEN_CHAOS_MINUTES) go test -v -count=1 -timeout 0 ./internal/test/chaos

DENGWEN_SOAK_CITIZENS ?= 2000
DENGWEN_SOAK_KILLS ?= 30
soak: servers
	DENGWEN_SOAK_CITIZENS=$(DENGWEN_SOAK_CITIZENS) DENGWEN_SOAK_KILLS=$(DENGWEN_SOAK_KILLS) go test -v -count=1 -timeout 0 ./internal/test/soak

days: servers
	DENGWEN_DAYS=all go test -v -count=1 -timeout 30m ./internal/test/days
	DENGWEN_DAYS=all go test -v -count=1 -timeout 30m ./handlers/desk -run FortyCases

pictures: servers
	DENGWEN_PICTURES=$(CURDIR)/docs go test -v -count=1 ./internal/test/days -run Pictures

# Needs poppler-utils, libpdfbox2-java, a JDK, libreoffice-writer-nogui and fonts-hanazono.
DENGWEN_PAPERS ?= $(CURDIR)/papers
papers:
	DENGWEN_PAPERS=$(DENGWEN_PAPERS) go test -v -count=1 -timeout 30m ./internal/test/papers

servers:
	@scripts/test-servers.sh

-include bench/Makefile.inc
