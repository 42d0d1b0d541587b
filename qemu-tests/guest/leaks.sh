# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Whether something that is done over and over leaves memory behind.

# Three pages lost in every round weigh more than this in 40 of them: a queue is at least five. What
# the kernel gains and loses by chance stays below: on 6.12 up to 304 with the in-tree driver. Single
# objects are for kmemleak to find; where it runs, fewer rounds have to do.
TOLERANCE_KB=400

# Free pages that wait in the CPUs' own lists are in no total of /proc/meminfo.
pages_in_cpu_lists() {
	awk '/^ +count:/ { pages += $2 } END { print pages * 4 }' /proc/zoneinfo
}

# What KASAN keeps of freed objects, to see who uses them late, counts as in use: up to a 32nd of
# the memory, and 13 MB of 79 after ten rounds. Shrinking a cache frees those of its objects first:
# then twelve rounds more weigh 128 kB. kmemleak finds nothing either.
empty_quarantine() {
	for shrink in /sys/kernel/slab/*/shrink; do
		[ ! -e "$shrink" ] || echo 1 >"$shrink"
	done
}

# The kernel's own memory, in kB: what is neither free nor a cache that it would give back.
kernel_memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	empty_quarantine
	usleep 300000
	awk -v "waiting=$(pages_in_cpu_lists)" '{ value[$1] = $2 }
	     END { print value["MemTotal:"] - value["MemFree:"] - waiting - value["Buffers:"] -
			 value["Cached:"] - value["SReclaimable:"] - value["AnonPages:"] -
			 value["PageTables:"] - value["KernelStack:"] }' /proc/meminfo
}

# Mappings of device memory and other large areas: exact, so that none may be left over. Their places
# change.
mappings() {
	grep -E 'ioremap|pci_iomap|nvme|module' /proc/vmallocinfo | cut -d' ' -f2- | sort
}

# repeat_and_weigh TIMES COMMAND: a fifth of the rounds warms caches up, the rest is weighed. A
# kernel with sanitizers takes as long for a fourth of them.
repeat_and_weigh() {
	times=$(($1 / SLOWNESS))
	shift
	round=0
	while [ $round -lt "$times" ]; do
		[ $round != $((times / 5)) ] || {
			before=$(kernel_memory)
			mappings >/run/mapped.before
		}
		"$@"
		round=$((round + 1))
	done
	# What is only freed late (RCU, slabs) goes away by itself; what is lost stays.
	for _ in 1 2 3 4; do
		after=$(kernel_memory)
		echo "kernel memory: $before kB before, $after kB after"
		[ $((after - before)) -gt $TOLERANCE_KB ] || break
		usleep 1500000
	done
	expect_at_most "growth of kernel memory, kB" $((after - before)) $TOLERANCE_KB
	mappings >/run/mapped.after
	[ "$(wc -l </run/mapped.after)" -le "$(wc -l </run/mapped.before)" ] || {
		diff /run/mapped.before /run/mapped.after
		fail "mappings are left in /proc/vmallocinfo"
	}
}
