# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="what a request costs each driver, in instructions"
DRIVERS=nvmepp
PROFILE=bench
DEVICE=first
TIMEOUT=600

# shellcheck source=counting.sh
. /lib/counting.sh

# by_turns NAME KIND BYTES DEPTH COUNT: each driver twice, and what a disk without one costs
by_turns() {
	for round in 1 2; do
		phase nvme "$their_disk" "$theirs" "$@"
		phase nvmepp "$our_disk" "$ours" "$@"
	done
	case $2 in
	sync | discard | poll) ;;
	*) phase null_blk /dev/nullb0 none "$@" ;;
	esac
}

# A disk of memory that answers at once, by a timer: as a device with interrupts would.
start_null_blk() {
	load_modules null
	insmod /modules/null-blk.ko nr_devices=0
	config=/sys/kernel/config
	grep -q " $config " /proc/mounts || mount -t configfs none $config
	mkdir $config/nullb/nullb0
	echo 64 >$config/nullb/nullb0/size
	echo 1024 >$config/nullb/nullb0/max_sectors
	echo 1 >$config/nullb/nullb0/irqmode
	echo 1 >$config/nullb/nullb0/power
}

run_test() {
	be nvme first
	start_driver poll_queues=1
	their_disk=$DISK theirs=$CONTROLLER
	be nvmepp second
	start_driver lost_irq_ms=16 lost_irq_action=poll poll_queues=1
	our_disk=$DISK ours=$CONTROLLER
	start_null_blk
	send_symbols
	echo "memory $(controller_value tag_bytes) $(controller_value queue_bytes)" >&3

	by_turns "4K read, depth 1" read 4k 1 512
	by_turns "4K write, depth 1" write 4k 1 512
	by_turns "4K read, batches of 32" read 4k 32 1024
	by_turns "4K read, batches of 128" read 4k 128 1024
	by_turns "4K read, depth 32, a call each" single 4k 32 1024
	by_turns "4K mixed, batches of 32" mixed 4k 32 1024
	by_turns "16K read, scattered" read 16k 1 512
	by_turns "128K read, scattered" read 128k 1 256
	by_turns "64K read, scattered, batches of 32" read 64k 32 256
	by_turns "128K read, scattered, batches of 8" read 128k 8 256
	by_turns "128K read, huge page" huge 128k 1 512
	by_turns "1M read, scattered" read 1M 1 64
	by_turns "4K write and flush" sync 4k 1 256
	by_turns "4K read, polled" poll 4k 1 512
	by_turns "discard" discard 64k 1 256

	expect_eq "losses while nothing was lost" "$(queue_value lost)" 0
	echo 0 >/sys/module/nvmepp/parameters/lost_irq_ms
	phase "nvmepp, watchdog off" "$our_disk" "$ours" "4K read, depth 1" read 4k 1 512
	phase "nvmepp, watchdog off" "$our_disk" "$ours" "4K read, batches of 32" read 4k 32 1024
	echo 0 >/sys/kernel/config/nullb/nullb0/power
	rmdir /sys/kernel/config/nullb/nullb0
	rmmod null_blk
	driver_remove
	be nvme first
	driver_remove
}
