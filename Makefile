# SPDX-License-Identifier: GPL-2.0
# The module itself is built by kbuild from ./Kbuild; `make help' lists the rest.

# The running kernel's headers, else those of the series that this Debian has.
KDIR ?= $(shell scripts/kernel-headers --installed)

MAKEFLAGS += --no-print-directory
# make CC=... is for kbuild; an implicit CC says nothing about the kernel's.
given-cc := $(if $(filter command,$(origin CC)),$(CC))
# Compilers for another machine than this one, if the kernel is for one.
kbuild = -C '$(KDIR)' M='$(CURDIR)' $(addprefix CROSS_COMPILE=,$(shell scripts/check-kdir cross '$(KDIR)' 2>/dev/null))

.PHONY: modules
modules: ## build nvmepp.ko for the kernel in KDIR (the default target)
	@scripts/check-kdir $@ '$(KDIR)' '$(given-cc)'
	@$(MAKE) $(kbuild) $@

# Without the kernel's private key signing would only print errors.
.PHONY: modules_install
modules_install: ## install it for that kernel (INSTALL_MOD_PATH=...)
	@scripts/check-kdir $@ '$(KDIR)' '$(given-cc)'
	@$(MAKE) $(kbuild) $@ \
		$(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

.PHONY: dkms
dkms: ## install it for all kernels here, and those to come
	@scripts/setup build dkms
	@scripts/dkms install

.PHONY: deb
deb: ## make the Debian package nvmepp-dkms, which does the same
	@scripts/setup deb
	@scripts/deb

.PHONY: dkms-remove
dkms-remove: ## away again, from all kernels
	@scripts/dkms remove

.PHONY: clean
clean: ## remove what was built here
	@scripts/check-kdir $@ '$(KDIR)' '$(given-cc)'
	@$(MAKE) $(kbuild) $@

.PHONY: setup
setup: ## install compilers, headers, style tools and QEMU, as far as missing
	@scripts/setup all

.PHONY: demo
demo: ## watch lost interrupts be survived, in a VM
	@scripts/setup build vm
	@ko=$$(scripts/build-for) && qemu-tests/run --demo --ko "$$ko"

.PHONY: bench
bench: ## what a request costs each driver, and what is left while interrupts go missing; PROFILE=LOAD
	@scripts/setup build vm
	@ko=$$(scripts/build-for) && qemu-tests/run --bench --ko "$$ko" \
		$(if $(PROFILE),--profile '$(PROFILE)')

.PHONY: bench-checks
bench-checks: ## count what each of the driver's checks costs, by building it without
	@scripts/setup build vm
	@ko=$$(scripts/build-for) && qemu-tests/run --checks --ko "$$ko"

.PHONY: bench-growth
bench-growth: ## count how requests, probes and resets grow with depth, size, queues, namespaces
	@scripts/setup build vm
	@ko=$$(scripts/build-for) && qemu-tests/run --growth --ko "$$ko"

.PHONY: check
check: ## all that must hold before a change is done; T=NAME: one test
	@scripts/check $(T)

.PHONY: check-all
check-all: ## the same, and all that takes long: sanitizers, fuzzing, mutants, soak
	@scripts/check --all

.PHONY: matrix
matrix: ## build, load and test on every supported kernel; K=KERNEL: one; R=1: the table into README.md
	@scripts/setup build vm roots matrix
	@scripts/kernel-matrix $(if $(R),--readme) $(K)

.PHONY: bare-machine
bare-machine: ## README's first commands on bare Debians that are made from packages
	@scripts/bare-machine

.PHONY: check-reference
check-reference: ## the same tests against the kernel's own NVMe driver; T=NAME: one test
	@scripts/setup build vm
	@qemu-tests/run --driver nvme $(T)

.PHONY: qemu
qemu: ## every fault on a device that shows it, on both drivers, as a table; T=NAME: one scenario
	@scripts/setup build vm
	@ko=$$(scripts/build-for) && qemu-tests/run --ko "$$ko" \
		--matrix "$${NVMEPP_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/nvmepp}/matrix.md" $(T)

.PHONY: boot-test
boot-test: ## boot a Debian whose root file system is on an nvmepp disk; T=NAME: one way
	@scripts/setup build vm userland
	@ko=$$(scripts/build-for) && qemu-tests/run --boot --ko "$$ko" $(T)

.PHONY: tools-test
tools-test: ## what nvme-cli, smartctl, udev, fio ... say of both drivers, field by field
	@scripts/setup build vm userland
	@ko=$$(scripts/build-for) && qemu-tests/run --job --ko "$$ko" tools

.PHONY: suites-test
suites-test: ## public test suites on ext4 and xfs while interrupts are lost
	@scripts/setup build vm userland
	@ko=$$(scripts/build-for) && qemu-tests/run --job --ko "$$ko" suites

.PHONY: readme-test
readme-test: ## run the commands of scripts/README.md in a VM
	@scripts/setup build vm userland
	@ko=$$(scripts/build-for) && qemu-tests/run --job --ko "$$ko" readme

.PHONY: sru
sru: ## the reviewer's pack: LP#1807393 without the fix, with it and beyond, as papers; KERNEL=5.10, 6.1, 6.12, 7
	@scripts/setup build vm
	@scripts/sru/run $(KERNEL)

.PHONY: kunit
kunit: ## unit and VM tests on a kernel with sanitizers and fault injection; T=NAME: one test
	@scripts/kunit $(T)

.PHONY: host-test
host-test: ## unit tests on this machine, under sanitizers, with coverage; T=NAME: some
	@scripts/host-test $(T)

.PHONY: interleave
interleave: ## every interleaving of those who complete requests
	@scripts/interleave

.PHONY: fuzz
fuzz: ## fuzz the core for 20 s a target; RUNS=N: that many inputs each
	@scripts/fuzz $(if $(RUNS),--runs $(RUNS)) $(T)

.PHONY: mutate
mutate: ## turn each decision of the core the wrong way: does a test notice?
	@scripts/mutate $(T)

.PHONY: mutate-linux
mutate-linux: ## the same for the C layer: does a test in a VM notice? T=NAME: those that begin so
	@scripts/setup all
	@scripts/mutate-linux $(T)

.PHONY: gates
gates: modules ## what the built objects must not contain
	@scripts/gates

.PHONY: style
style: ## formatting, checkpatch, sparse, clang, shellcheck, flake8; S=CHECK: one
	@scripts/setup build style
	@scripts/style $(S)

.PHONY: format
format: ## let clang-format rewrite the C++ sources
	@scripts/setup style
	@find src/core kunit -name '*.[ch]pp' -exec clang-format -i {} +

.PHONY: kdir
kdir: ## print the KDIR in use
	@echo '$(KDIR)'

.PHONY: help
help: ## this list
	@echo 'make TARGET [KDIR=<kernel build tree>] [V=1] [W=1]'
	@sed -n 's/^\([a-z_-]*\):.* ## /\1\t/p' Makefile | expand -t 18 | sed 's/^/  /'
	@echo 'KDIR is now: $(or $(KDIR),none; make setup installs headers)'
