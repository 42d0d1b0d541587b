# SPDX-License-Identifier: GPL-2.0
# C++ objects under kbuild, Linux 5.10 and later. Read by Kbuild, which sets
#
#     cxx-objs   objects to compile from .cpp, relative to $(obj)
#
# The kernel's own rule_cc_o_c is reused, with CC and a few flag variables
# replaced for these targets only: objtool, fixdep, mcount and return thunks are
# then those of the kernel that is built against. A compile rule of our own
# would have to follow every one of its changes.

# The C++ driver next to the C one: gcc-12 -> g++-12, clang-14 -> clang++-14.
# `make KCXX=...' overrides it.
ifeq ($(origin KCXX),undefined)
cxx-cc   := $(lastword $(CC))
cxx-name := $(notdir $(cxx-cc))
cxx-name := $(if $(findstring clang,$(cxx-name)),$(subst clang,clang++,$(cxx-name)),$(subst gcc,g++,$(cxx-name)))
KCXX     := $(strip $(filter-out $(cxx-cc),$(CC)) $(patsubst ./,,$(dir $(cxx-cc)))$(cxx-name))
endif

# Kernel headers packages bring gcc-N but not g++-N: say so before compiling.
ifeq ($(shell command -v $(lastword $(KCXX))),)
$(error nvmepp needs the C++ compiler $(lastword $(KCXX)), the one that belongs to this kernel's $(lastword $(CC)); scripts/check-kdir modules $(objtree) says from which package)
endif

# Which of the kernel's C flags this compiler rejects for C++: those for C only,
# and those of a newer gcc. The compiler is asked, so that there is no list to
# keep; twice, since the driver stops before cc1plus can complain.
cxx-ask = $(shell LC_ALL=C $(KCXX) -x c++ $(1) -fsyntax-only /dev/null 2>&1 | sed -nE \
	-e "s/^.*(warning|error): .*'(-[^']+)'.*(not valid for|not for|not supported|unused).*/\2/p" \
	-e "s/^.*error: (unknown argument|unrecognized command-line option|unsupported option):? '(-[^']+)'.*/\2/p" \
	-e "s/^.*warning: (unknown warning option|optimization flag) '(-[^']+)'.*/\2/p" | sort -u)
cxx-in  := $(filter-out -std=%,$(KBUILD_CPPFLAGS) $(KBUILD_CFLAGS) $(ccflags-y))
cxx-bad := $(call cxx-ask,$(cxx-in))
cxx-bad += $(call cxx-ask,$(filter-out $(cxx-bad),$(cxx-in)))

# A rejected flag is dropped. That must never be one that the kernel uses to
# harden code or one that changes the ABI: it means a mismatched compiler.
cxx-vital := -m% -fcf-protection% -fpatchable% -fstack-protector% \
	     -fzero-call-used-regs% -ftrivial-auto-var-init% -fsanitize%
cxx-lost  := $(sort $(filter $(cxx-vital),$(cxx-bad)))
ifneq ($(cxx-lost),)
$(error $(KCXX) rejects $(cxx-lost), which this kernel needs for all its code: use the C++ compiler that belongs to $(CC))
endif

cxx-gcc   := $(if $(findstring clang,$(KCXX)),,y)
# -std=gnu++20: designated initialisers, concepts, consteval, constinit.
# No exceptions, RTTI, unwind tables, or guards and destructors of statics: the
# kernel has no run-time library to serve them. GNU_UNIQUE symbols, which its
# module loader does not know, are off.
# A header's constants are for whoever needs them, like an enum's: no warning
# from W=1 about the others.
cxx-flags := -x c++ -std=gnu++20 -ffreestanding -nostdinc++ \
	     -fno-exceptions -fno-rtti -fno-threadsafe-statics \
	     -fno-use-cxa-atexit -fno-asynchronous-unwind-tables \
	     -fno-unwind-tables $(if $(cxx-gcc),-fno-gnu-unique) \
	     -Wall -Wextra -Wconversion -Wshadow -Wold-style-cast \
	     -Wnon-virtual-dtor -Woverloaded-virtual $(if $(cxx-gcc),-Wuseless-cast) \
	     -Wno-unused-const-variable -Wno-unused-parameter \
	     -Wno-missing-field-initializers
# pahole cannot turn C++ DWARF into BTF and fails the build where the headers
# ship a vmlinux (Debian 6.12). `make CONFIG_DEBUG_INFO_BTF_MODULES=' keeps -g.
ifdef CONFIG_DEBUG_INFO_BTF_MODULES
cxx-flags += -g0
endif
# C++ sees no kernel header: no -I into the tree, and compiler_types.h, which
# kbuild force-includes and which redefines `inline' and `fallthrough', is
# emptied through its own include guard. kconfig.h (CONFIG_*) stays.
cxx-flags += -D__LINUX_COMPILER_TYPES_H
cxx-inc   := -I$(objtree)/include -include $(srctree)/include/linux/kconfig.h

# CFLAGS_REMOVE also filters CFLAGS: -std=gnu% would take our gnu++20 as well.
$(foreach o,$(cxx-objs), \
	$(eval CFLAGS_REMOVE_$(o) += -std=gnu8% -std=gnu9% -std=gnu1% -std=gnu2% $(cxx-bad)) \
	$(eval CFLAGS_$(o) += $(cxx-flags)))

cxx-targets := $(addprefix $(obj)/,$(cxx-objs))
$(cxx-targets): private CC := $(KCXX)
$(cxx-targets): private LINUXINCLUDE := $(cxx-inc)
$(cxx-targets): private quiet_cmd_cc_o_c = CXX $(quiet_modtag) $@
# sparse and kernel-doc read C only.
$(cxx-targets): private cmd_checksrc :=
$(cxx-targets): private cmd_checkdoc :=
$(cxx-targets): $(obj)/%.o: $(src)/%.cpp FORCE
	$(call if_changed_rule,cc_o_c)
