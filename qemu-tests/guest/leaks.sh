# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Whether something that is done over and over leaves memory behind.

# Three pages lost in every round weigh more than this in 40 of them: a queue is at least five. What
# the kernel gains and loses by chance stays below: on 6.12 up to 304 with the in-tree driver. Single
# objects are for kmemleak to find; where it runs, fewer rounds have to do.
TOLERANCE_KB=400

# What KASAN keeps of freed objects, to see who uses them late, counts as in use: up to a 32nd of
# the memory, and 13 MB of 79 after ten rounds. Shrinking a cache frees those of its objects first:
# then twelve rounds more weigh 128 kB. kmemleak finds nothing either.
empty_quarantine() {
	for shrink in /sys/kernel/slab/*/shrink; do
		[ ! -e "$shrink" ] || echo 1 >"$shrink"
	done
}

unpurged() {
	grep -c unpurged /proc/vmallocinfo
}

# What KASAN knows of the stacks of tasks that have ended, and of mappings that are gone, counts until
# 64 MB of such addresses wait to be purged: 4 kB for each, and every command of a test is a task. The
# kernel purges them when it makes a module's text read-only, which it does before it reads the
# module's parameters: one with a nonsense value has purged them, and not begun. Not where that module
# is in use, as with the in-tree driver.
purge_mappings() {
	[ "$SLOWNESS" -gt 1 ] && [ ! -e /sys/module/nvme_core ] || return 0
	! insmod /modules/nvme-core.ko io_timeout=nonsense 2>/dev/null || fail "nvme_core took nonsense"
	[ "$(unpurged)" -le 20 ] || fail "$(unpurged) areas of addresses were not purged"
}

# What the kernel would give back is given back.
settle_memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	empty_quarantine
	purge_mappings
	usleep 300000
}

# The kernel's own memory, in kB: what is neither free nor a cache. Free pages that wait in the CPUs'
# own lists are in no total of /proc/meminfo. By one process, whose beginning and end would move pages
# between the two.
kernel_memory() {
	awk 'FILENAME ~ /zoneinfo/ { waiting += /^ +count:/ ? $2 * 4 : 0; next }
	     { value[$1] = $2 }
	     END { print value["MemTotal:"] - value["MemFree:"] - waiting - value["Buffers:"] -
			 value["Cached:"] - value["SReclaimable:"] - value["AnonPages:"] -
			 value["PageTables:"] - value["KernelStack:"] }' /proc/zoneinfo /proc/meminfo
}

read_mappings() {
	grep -E 'ioremap|pci_iomap|nvme|module' /proc/vmallocinfo | cut -d' ' -f2- | sort
}

# Mappings of device memory and other large areas: exact, so that none may be left over. Their places
# change. The kernel shows a page of the list at a time and goes on by the number of entries: where one
# is freed meanwhile, it skips another. Two readings that agree have skipped none.
mappings() {
	read_mappings >/run/mapped.again
	for _ in $(seq 20); do
		mv /run/mapped.again /run/mapped.once
		read_mappings >/run/mapped.again
		! cmp -s /run/mapped.once /run/mapped.again || break
	done
	cat /run/mapped.again
}

repeat() {
	for _ in $(seq "$1"); do
		"$2"
	done
}

# weigh_rounds TIMES COMMAND: sets growth, in kB
weigh_rounds() {
	settle_memory
	before=$(kernel_memory)
	repeat "$1" "$2"
	# What is only freed late (RCU, slabs) goes away by itself; what is lost stays.
	for _ in 1 2 3 4; do
		settle_memory
		after=$(kernel_memory)
		growth=$((after - before))
		echo "kernel memory after $1 rounds: $before kB before, $after kB after"
		[ $growth -gt $TOLERANCE_KB ] || break
		usleep 1500000
	done
}

# repeat_and_weigh TIMES COMMAND: a fifth of the rounds warms caches up, the rest is weighed. A
# kernel with sanitizers takes as long for a fourth of them. What is lost in each round is lost in
# each set of them: what the kernel itself takes now and then is not (its caches have megabytes of
# free places where kmemleak runs), and three sets in a row tell them apart.
repeat_and_weigh() {
	times=$(($1 / SLOWNESS))
	repeat $((times / 5)) "$2"
	mappings >/run/mapped.before
	for _ in 1 2 3; do
		weigh_rounds $((times - times / 5)) "$2"
		[ "$growth" -gt $TOLERANCE_KB ] || break
	done
	expect_at_most "growth of kernel memory in the last of three sets, kB" "$growth" $TOLERANCE_KB
	mappings >/run/mapped.after
	[ "$(wc -l </run/mapped.after)" -le "$(wc -l </run/mapped.before)" ] || {
		diff /run/mapped.before /run/mapped.after
		fail "mappings are left in /proc/vmallocinfo"
	}
}
