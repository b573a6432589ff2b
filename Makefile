# make demo       meta-train two learners and compare them on functions they have never seen
# make test       the tests
# make findings   all studies, in hours: docs/findings.md
#
# Needs Go, make and git; everything else comes with `go build`.

GO          ?= go
BIN         := bin/metaplast
WORKERS     ?= 2
FUZZTIME    ?= 30s
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build demo findings test race bench fuzz cross outside lint fmt format check clean

build:
	@mkdir -p bin
	$(GO) build -o $(BIN) ./cmd/metaplast

# Resumes where a former demo was interrupted; `make clean` starts afresh.
demo: build
	@if [ -e runs/sine-deep/config.yaml ]; then \
	  $(BIN) train --resume runs/sine-deep --workers $(WORKERS); \
	else \
	  $(BIN) train sine-deep --workers $(WORKERS); \
	fi

# All studies at quick size with ten seeds each, and docs/findings.md, the page of their verdicts.
# Hours; resumed by the same command. Wants Omniglot: bin/metaplast data fetch omniglot.
findings: build
	$(BIN) findings --seeds 10 --blas gonum --workers $(WORKERS) --out runs/findings
	cp runs/findings/findings.md docs/findings.md

test:
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	  echo "make test: there is no Chromium, so report pages are not looked at in a browser (Debian: apt-get install chromium)" >&2
	$(GO) test ./...

race:
	$(GO) test -race ./...

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# Every fuzz target of the tree, as a test makes sure. No time goes into making inputs shorter: for one
# of some thousand bytes it would be a minute at 0 executions.
fuzz:
	$(GO) test -run '^$$' -fuzz '^FuzzDecode$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./data/npz
	$(GO) test -run '^$$' -fuzz '^FuzzHeader$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./data/npz
	$(GO) test -run '^$$' -fuzz '^FuzzArchive$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./data/omniglot
	$(GO) test -run '^$$' -fuzz '^FuzzTable$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./data/miniimagenet
	$(GO) test -run '^$$' -fuzz '^FuzzDecode$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./data/internal/picture
	$(GO) test -run '^$$' -fuzz '^FuzzGate$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzBiasRelu$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzAddScaled$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzScale$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzMul$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzMulAdd$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzMix$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzDotDifference$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzProductTile$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzDotTile$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzOjaStepTile$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzOjaBackTile$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzDense$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzDenseBack$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzPost$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzHebbStep$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzOjaStep$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzTaylorStep$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzSynapseNet$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzLogDistance$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzMSE$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzCrossEntropy$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzConv$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzConvLayer$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./graph/op
	$(GO) test -run '^$$' -fuzz '^FuzzDecodeCheckpoint$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./metaopt/checkpoint
	$(GO) test -run '^$$' -fuzz '^FuzzParse$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./metaopt/config

# Builds for the other systems that the program runs on.
cross:
	@for system in linux/arm64 darwin/arm64; do \
	  echo "$$system"; GOOS=$${system%/*} GOARCH=$${system#*/} CGO_ENABLED=0 $(GO) build ./... || exit 1; \
	done

# After a change of go.mod: the same versions for the module of testdata/outside.
outside:
	cp go.sum testdata/outside/go.sum
	cd testdata/outside && $(GO) get -t ./...

lint:
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

fmt:
	gofmt -w $$(git ls-files '*.go')

format:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; fi

# Tests, vet, staticcheck and formatting: what CI runs first.
check: test lint format

clean:
	rm -rf bin runs
