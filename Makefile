# SPDX-License-Identifier: GPL-2.0
# The module itself is built by kbuild from ./Kbuild; `make help' lists the rest.

# The running kernel's headers, else the newest of Debian's default 6.1 series.
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -dv /usr/src/linux-headers-6.1.*-amd64 2>/dev/null | tail -n 1))

# Everything that writes is serial; kbuild runs its own jobs in parallel.
MAKEFLAGS += --no-print-directory

# make CC=... is for kbuild; an implicit CC says nothing about the kernel's.
given-cc := $(if $(filter command,$(origin CC)),$(CC))

.PHONY: modules modules_install clean
modules modules_install clean:
	@scripts/check-kdir $@ '$(KDIR)' '$(given-cc)'
	@$(MAKE) -C '$(KDIR)' M='$(CURDIR)' $@

.PHONY: setup kdir
setup:
	@scripts/setup all
kdir:
	@echo '$(KDIR)'
