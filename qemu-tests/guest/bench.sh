# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="what a request costs each driver, in instructions"
DRIVERS=nvmepp
PROFILE=bench
DEVICE=first
TIMEOUT=300

COUNT=1984	# a multiple of 32

# Helpers whose work one driver may do itself and the other leave to them.
HELPERS='(dma_map_page_attrs|dma_unmap_page_attrs|dma_map_sg_attrs|dma_unmap_sg_attrs'
HELPERS="$HELPERS|__dma_map_sg_attrs|dma_map_sgtable|__blk_rq_map_sg|sg_next|dma_direct_map_sg"
HELPERS="$HELPERS|dma_direct_unmap_sg|dma_pool_alloc|dma_pool_free)"

# Where the drivers' code is, and where each helper begins and ends.
send_symbols() {
	awk -v "helper=^$HELPERS\$" '
		$2 !~ /^[tT]$/ { next }
		NF == 4 && $4 ~ /^\[nvme/ { print "symbol", $1, $3, $4; next }
		NF == 3 && open { print "symbol", $1, "-", "-"; open = 0 }
		NF == 3 && $3 ~ helper { print "symbol", $1, $3, "helper"; open = 1 }
	' /proc/kallsyms >&3
}

# phase SIDE NAME OPTION...
phase() {
	echo "phase $1|$2|$COUNT" >&3
	shift 2
	load "$DISK" "$@" $COUNT || fail "load $* failed"
}

phases() {
	phase "$1" "4K read, depth 1" read 4k 1
	phase "$1" "4K write, depth 1" write 4k 1
	phase "$1" "4K read, batches of 32" read 4k 32
	phase "$1" "128K read, scattered" read 128k 1
}

# be DRIVER DEVICE: what follows is about this one
be() {
	# shellcheck source=driver-nvmepp.sh
	. "/lib/driver-$1.sh"
	BDF=$(pci_address "$2")
	echo "$1" >"/sys/bus/pci/devices/$BDF/driver_override"
}

run_test() {
	be nvme first
	start_driver
	be nvmepp second
	start_driver lost_irq_ms=100 lost_irq_action=poll
	ours=$DISK
	send_symbols
	be nvme first
	find_disks
	phases nvme
	be nvmepp second
	find_disks
	phases nvmepp
	expect_eq "losses while nothing was lost" "$(queue_value lost)" 0
	echo 0 >/sys/module/nvmepp/parameters/lost_irq_ms
	phases "nvmepp, watchdog off"
	driver_remove
	be nvme first
	driver_remove
}
