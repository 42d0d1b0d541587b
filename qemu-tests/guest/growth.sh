# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="what requests, a probe and a reset cost as something grows, by turns on one device"
DRIVERS=nvmepp
PROFILE=bench
DEVICE=none
TIMEOUT=400

# shellcheck source=counting.sh
. /lib/counting.sh

# What grows here: vm.grows=load, queues or namespaces.
GROWS=$(sed -n 's/.*vm\.grows=\([^ ]*\).*/\1/p' /proc/cmdline)
# In each round the in-tree driver is bound first, then ours.
ROUNDS=2

# disk_of SIDE NUMBER
disk_of() {
	case $1 in
	nvme) echo "nvme0n$2" ;;
	*) echo "nvme64n$2" ;;
	esac
}

# of_driver SIDE COMMAND...: with the functions of that driver, in a shell of its own
of_driver() (
	# shellcheck source=driver-nvmepp.sh
	. "/lib/driver-$1.sh"
	shift
	"$@"
)

reset_file() {
	case $1 in
	nvme) echo /sys/class/nvme/nvme0/reset_controller ;;
	*) echo /sys/kernel/debug/nvmepp/nvme64/reset ;;
	esac
}

# bound_to SIDE DEVICE NAMESPACES WHAT COMMAND...: bound, counted; COMMAND; reset, counted; unbound
bound_to() {
	side=$1 what=$4
	BDF=$(pci_address "$2")
	last=$(disk_of "$1" "$3")
	shift 4
	echo "$side" >"/sys/bus/pci/devices/$BDF/driver_override"
	counted_write "$side" "probe-$what" "/sys/bus/pci/drivers/$side/bind" "$BDF" "/sys/block/$last"
	"$@"
	CONTROLLER=${last%n*}
	until_true 20 of_driver "$side" controller_live || fail "$CONTROLLER is not live"
	counted_write "$side" "reset-$what" "$(reset_file "$side")" 1
	until_true 20 of_driver "$side" controller_live || fail "$CONTROLLER is not live"
	echo "$BDF" >"/sys/bus/pci/drivers/$side/unbind"
	echo none >"/sys/bus/pci/devices/$BDF/driver_override"
}

# on_disk NUMBER WHAT KIND BYTES DEPTH COUNT: a load of $side
on_disk() {
	disk=$(disk_of "$side" "$1")
	[ -b "/dev/$disk" ] || until_true 5 [ -b "/dev/$disk" ] || fail "no /dev/$disk"
	shift
	phase "$side" "/dev/$disk" "${disk%n*}" "$@"
}

by_depth() {
	for depth in 1 2 4 8 16 32 64 128 256 512 1024; do
		on_disk 1 "depth:$depth" read 4k $depth 1024
	done
}

by_size() {
	for bytes in 512 1k 2k 4k 8k 16k 32k 64k 128k 256k 512k; do
		on_disk 1 "size:$bytes" read $bytes 1 128
	done
}

depth_and_size() {
	by_depth
	by_size
}

# queues_of SIDE: I/O queues that have an interrupt
queues_of() {
	grep -c " $(disk_of "$1" 1 | sed 's/n1$//')q[1-9]" /proc/interrupts
}

# watch_every MS: what nvmepp's watchdog does, or 0; the other driver has none
watch_every() {
	echo "$1" >/sys/module/nvmepp/parameters/lost_irq_ms
}

with_queues() {
	expect_eq "queues of $side" "$(queues_of "$side")" "$(nproc)"
	watch_every 0
	on_disk 1 "queues:$(nproc)" read 4k 1 512
	watch_every 100
	on_disk 1 "watched:$(nproc)" read 4k 1 512
}

# with_namespaces COUNT: of a request to the first one and to the last
with_namespaces() {
	on_disk 1 "first:$1" read 4k 1 256
	on_disk "$1" "last:$1" read 4k 1 256
}

each_driver() {
	for round in $(seq $ROUNDS); do
		for side in nvme nvmepp; do
			bound_to "$side" "$@"
		done
	done
}

run_test() {
	for function in $(nvme_functions); do
		echo none >"/sys/bus/pci/devices/$function/driver_override"
	done
	of_driver nvme driver_insert || fail "nvme cannot be loaded"
	of_driver nvmepp driver_insert lost_irq_ms=16 lost_irq_action=poll ||
		fail "nvmepp cannot be loaded"
	case $GROWS in
	load) send_symbols ;;
	*) send_modules ;;
	esac
	case $GROWS in
	load) each_driver first 1 none:1 depth_and_size ;;
	queues) each_driver first 1 "queues:$(nproc)" with_queues ;;
	namespaces)
		for count in 1 2 4 8 16 32 64; do
			each_driver "with$count" $count "namespaces:$count" with_namespaces $count
		done
		;;
	*) fail "vm.grows=$GROWS: load, queues or namespaces" ;;
	esac
	for driver in nvme nvmepp; do
		of_driver $driver driver_remove || fail "$driver cannot be removed"
	done
}
