# SPDX-License-Identifier: GPL-2.0
# The host builds of core, fakes and corpus; scripts/host-test runs this.
#
#   make -f kunit/host.mk VARIANT=gcc|clang|coverage|mutant|fuzz|fast OUT=DIR [TOP=DIR] [GOAL]
#
# TOP is where the sources are: the tree, or a mutated copy.

TOP ?= .
OUT ?= $(error host.mk: OUT=DIR is where objects go)
VARIANT ?= gcc
MAKEFLAGS += --no-print-directory --no-builtin-rules

gcc := $(filter gcc mutant fast,$(VARIANT))
CXX := $(if $(gcc),$(or $(GXX),g++),$(or $(CLANGXX),clang++))

sanitize := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
variant-gcc      := -O1 -g $(sanitize)
variant-clang    := -O1 -g $(sanitize)
variant-coverage := -O0 -g -fprofile-instr-generate -fcoverage-mapping
variant-mutant   := -O0 -fsanitize=address
variant-fuzz     := -O2 -g $(sanitize)
variant-fast     := -O2 -g
flags := $(variant-$(VARIANT))
ifeq ($(flags),)
$(error host.mk: VARIANT is gcc, clang, coverage, mutant, fuzz or fast)
endif

# As scripts/kbuild/cxx.mk compiles the core for the kernel, warnings fatal.
warn := -Wall -Wextra -Werror -Wconversion -Wshadow -Wold-style-cast \
	-Wnon-virtual-dtor -Woverloaded-virtual $(if $(gcc),-Wuseless-cast,-Wno-sign-conversion) \
	-Wno-unused-parameter -Wno-missing-field-initializers \
	$(if $(filter mutant,$(VARIANT)),-Wno-error)
dialect := -std=gnu++20 -fno-exceptions -fno-rtti -fno-strict-aliasing \
	-fno-threadsafe-statics $(if $(gcc),-fno-gnu-unique)
free := -ffreestanding -nostdinc++ $(if $(gcc),,-Wglobal-constructors -Wexit-time-destructors)
include := -I$(TOP)/include -I$(TOP)/src/core -I$(TOP)/kunit

core  := $(patsubst $(TOP)/%.cpp,%,$(wildcard $(TOP)/src/core/*.cpp))
fakes := $(patsubst $(TOP)/%.cpp,%,$(wildcard $(TOP)/kunit/fake/*.cpp)) kunit/rig kunit/io_queue kunit/pair kunit/prp_bench
cases := $(patsubst $(TOP)/%.cpp,%,$(wildcard $(TOP)/kunit/*_cases.cpp)) kunit/corpus
model := $(patsubst $(TOP)/%.cpp,%,$(wildcard $(TOP)/kunit/interleave/*.cpp))
fuzz  := $(patsubst $(TOP)/kunit/fuzz_%.cpp,%,$(wildcard $(TOP)/kunit/fuzz_*.cpp))

object = $(addprefix $(OUT)/,$(addsuffix .o,$(1)))

.PHONY: tests fuzzers interleave state-table
tests: $(OUT)/host-tests
fuzzers: $(addprefix $(OUT)/fuzz-,$(fuzz))

$(OUT)/host-tests: $(call object,$(core) $(fakes) $(cases) kunit/host_main)
	$(CXX) $(flags) -o $@ $^

$(addprefix $(OUT)/fuzz-,$(fuzz)): $(OUT)/fuzz-%: $(OUT)/kunit/fuzz_%.o \
		$(OUT)/kunit/fuzzing.o $(call object,$(core) $(fakes))
	$(CXX) $(flags) -fsanitize=fuzzer -o $@ $^

interleave: $(OUT)/interleave
$(OUT)/interleave: $(call object,$(model) src/core/ctrl_state src/core/reconnect)
	$(CXX) $(flags) -o $@ $^

state-table: $(OUT)/state-table
$(OUT)/state-table: $(call object,kunit/state_table src/core/ctrl_state)
	$(CXX) $(flags) -o $@ $^

# What the fuzzer explores is the core; the rest would only slow it down. So does a
# look at every comparison: half of the time for no edge that is not found without.
ifeq ($(VARIANT),fuzz)
$(call object,$(core)): private flags += -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp
endif

hosted := kunit/host_main kunit/fuzzing kunit/interleave/main kunit/state_table
$(call object,$(hosted)): free :=

$(OUT)/%.o: $(TOP)/%.cpp $(TOP)/kunit/host.mk
	@mkdir -p $(@D)
	$(CXX) $(flags) $(dialect) $(free) $(warn) $(include) -MMD -MP -c -o $@ $<

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
