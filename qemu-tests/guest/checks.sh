# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="what each check costs, in instructions: the driver as it is, and without it"
DRIVERS=nvmepp
PROFILE=bench
DEVICE=first
TIMEOUT=900

# shellcheck source=counting.sh
. /lib/counting.sh

# loads SIDE [PARAMETER=VALUE...]: of the module that is /modules/nvmepp.ko now
loads() {
	side=$1
	shift
	start_driver "$@"
	send_modules
	phase "$side" "$DISK" "$CONTROLLER" "4K read, depth 1" read 4k 1 512
	phase "$side" "$DISK" "$CONTROLLER" "4K read, batches of 32" read 4k 32 1024
	phase "$side" "$DISK" "$CONTROLLER" "16K read, scattered" read 16k 1 512
	driver_remove
}

run_test() {
	mkdir /run/built
	mv /modules/nvmepp.ko /run/built/nvmepp.ko
	cp /run/built/nvmepp.ko /modules
	loads "as built"
	loads "watchdog on" lost_irq_ms=16 lost_irq_action=poll
	for module in /modules/without-*.ko; do
		cp "$module" /modules/nvmepp.ko
		name=${module##*/without-}
		loads "${name%.ko}"
	done
	cp /run/built/nvmepp.ko /modules
	loads "as built"
}
