# SPDX-License-Identifier: GPL-2.0
# compat/conftest.h: what this kernel has, asked of its headers in one compiler
# run. Stable kernels carry backports, so a version says little. Read by Kbuild,
# which sets
#
#     probed-objs   C objects that include it, relative to $(obj)

conftest   := src/linux/compat/conftest
# Same release, new package: its headers may differ, and its build stamp does.
conftest-for := $(shell cat $(objtree)/include/generated/utsrelease.h \
	$(wildcard $(objtree)/include/generated/utsversion.h $(objtree)/include/generated/compile.h) | cksum)
conftest-diag := $(if $(findstring clang,$(CC)), \
	-ferror-limit=0 -fno-caret-diagnostics, \
	-fmax-errors=0 -fno-diagnostics-show-caret -ftrack-macro-expansion=0)

# A failing compile is the expected outcome: conftest.awk reads the messages,
# and tells missing features from a compiler that could not do its work.
quiet_cmd_conftest = CONFTEST $@
      cmd_conftest = : $(firstword $(conftest-for)); LC_ALL=C $(CC) \
	$(NOSTDINC_FLAGS) $(LINUXINCLUDE) \
	-include $(srctree)/include/linux/compiler_types.h \
	$(KBUILD_CPPFLAGS) $(filter-out -g% -W%,$(KBUILD_CFLAGS)) \
	-Werror=implicit-function-declaration \
	-Werror=incompatible-pointer-types -Werror=int-conversion \
	-DMODULE -DKBUILD_MODNAME='"conftest"' -DKBUILD_BASENAME='"conftest"' \
	-fsyntax-only $(conftest-diag) $< 2> $@.log || :; \
	awk -v release=$(KERNELRELEASE) -f $(src)/$(conftest).awk $< $@.log > $@

$(obj)/$(conftest).h: $(src)/$(conftest).c $(src)/$(conftest).awk FORCE
	$(call if_changed,conftest)
targets += $(conftest).h

$(addprefix $(obj)/,$(probed-objs)): $(obj)/$(conftest).h
# "compat/conftest.h"; also where <trace/define_trace.h> finds our trace header.
$(foreach o,$(probed-objs),$(eval CFLAGS_$(o) += -I$(obj)/src/linux -I$(src)/src/linux))
