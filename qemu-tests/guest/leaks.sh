# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Whether something that is done over and over leaves memory behind.

# Two pages lost in every round weigh more than this in 20 of them; what the kernel itself gains
# and loses by chance weighs less. (Measured: the in-tree driver up to 90, nvmepp up to 60.)
TOLERANCE_KB=130

# Free pages that wait in the CPUs' own lists are in no total of /proc/meminfo.
pages_in_cpu_lists() {
	awk '/^ +count:/ { pages += $2 } END { print pages * 4 }' /proc/zoneinfo
}

# The kernel's own memory, in kB: what is neither free nor a cache that it would give back.
kernel_memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	usleep 300000
	awk -v "waiting=$(pages_in_cpu_lists)" '{ value[$1] = $2 }
	     END { print value["MemTotal:"] - value["MemFree:"] - waiting - value["Buffers:"] -
			 value["Cached:"] - value["SReclaimable:"] - value["AnonPages:"] -
			 value["PageTables:"] - value["KernelStack:"] }' /proc/meminfo
}

# Mappings of device memory and other large areas: exact, so that none may be left over.
mappings() {
	grep -cE 'ioremap|pci_iomap|nvme|module' /proc/vmallocinfo
}

# repeat_and_weigh TIMES COMMAND: a fifth of the rounds warms caches up, the rest is weighed
repeat_and_weigh() {
	times=$1
	shift
	round=0
	while [ $round -lt "$times" ]; do
		[ $round != $((times / 5)) ] || {
			before=$(kernel_memory)
			mapped=$(mappings)
		}
		"$@"
		round=$((round + 1))
	done
	after=$(kernel_memory)
	echo "kernel memory: $before kB before, $after kB after"
	expect_at_most "growth of kernel memory, kB" $((after - before)) $TOLERANCE_KB
	expect_at_most "mappings in /proc/vmallocinfo" "$(mappings)" "$mapped"
}
