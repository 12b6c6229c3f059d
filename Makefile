PREFIX ?= /usr/local

.PHONY: build demo test bench install clean

build demo test bench:
	./scripts/$@

install:
	PREFIX='$(PREFIX)' ./scripts/install

clean:
	rm -rf .build .build-*
