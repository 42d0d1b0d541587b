# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# What is counted by the plugin of QEMU's (perf/count.c), phase by phase; lib/counting.py listens.

# Helpers whose work one driver may do itself and the other leave to them.
HELPERS='(dma_map_page_attrs|dma_unmap_page_attrs|dma_map_sg_attrs|dma_unmap_sg_attrs'
HELPERS="$HELPERS|__dma_map_sg_attrs|dma_map_sgtable|__blk_rq_map_sg|sg_next|dma_direct_map_sg"
HELPERS="$HELPERS|dma_direct_unmap_sg|dma_pool_alloc|dma_pool_free)"

# Where the drivers' code is, and where each helper begins and ends: again whenever a module has
# been loaded.
send_symbols() {
	echo symbols >&3
	awk -v "helper=^$HELPERS\$" '
		$2 !~ /^[tT]$/ { next }
		NF == 4 && $4 ~ /^\[nvme/ { print "symbol", $1, $3, $4; next }
		NF == 3 && open { print "symbol", $1, "-", "-"; open = 0 }
		NF == 3 && $3 ~ helper { print "symbol", $1, $3, "helper"; open = 1 }
	' /proc/kallsyms >&3
}

# The same in a moment, by modules: the kernel's own functions are where they were in a boot before.
# A long module has several beginnings, since nothing is believed to be in code that begins far away.
send_modules() {
	echo symbols >&3
	awk '$1 ~ /^nvme/ { print $1, $2, $6 }' /proc/modules | while read -r name bytes address; do
		for offset in $(seq 0 16384 "$bytes"); do
			printf 'symbol %x %s [%s]\n' $((address + offset)) "$name" "$name" >&3
		done
		printf 'symbol %x - -\n' $((address + bytes)) >&3
	done
}

# interrupts CONTROLLER: of all its queues, since boot
interrupts() {
	awk -v "name=$1q" '
		index($NF, name) == 1 { for (i = 2; $i ~ /^[0-9]+$/; i++) sum += $i }
		END { print sum + 0 }' /proc/interrupts
}

# phase SIDE DISK CONTROLLER NAME KIND BYTES DEPTH COUNT: COUNT requests, counted; a flush is one too
phase() {
	requests=$8
	[ "$5" != sync ] || requests=$(($8 * 2))
	before=$(interrupts "$3")
	said=$(load "$2" "$5" "$6" "$7" "$8") || fail "load $5 $6 $7 $8 on $2 failed"
	eval "$said"
	echo "phase $1|$4|$requests|$(($(interrupts "$3") - before))|$((count + warm))|$ns" >&3
}

# counted_write SIDE NAME FILE TEXT [UNTIL]: one write, and what it sets off until a file is there
counted_write() {
	said=$(counted "$3" "$4" ${5:+"$5"}) || fail "writing '$4' to $3 failed"
	echo "phase $1|$2|1|0|1|$said" >&3
}
