# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash

# load_modules SET: what the drivers or a file system need, in the order in which it is needed
load_modules() {
	while read -r file; do
		[ -e "/sys/module/$(echo "${file%.ko}" | tr - _)" ] || insmod "/modules/$file"
	done <"/modules/$1.order"
}
