# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="memory that is plugged in later, and that the device cannot address: every byte is right"
PROFILE=memory
HELPERS=dma_limit
NEEDS="CONFIG_SWIOTLB CONFIG_MEMORY_HOTPLUG CONFIG_ACPI_HOTPLUG_MEMORY"
TIMEOUT=60

total_memory() {
	sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo
}

has_more_memory() {
	[ "$(total_memory)" -gt $((had + 200000)) ]
}

# Above 4 GiB, and the first that is taken for a process.
add_memory() {
	had=$(total_memory)
	echo online >/sys/devices/system/memory/auto_online_blocks
	qmp '{"execute": "device_add", "arguments": {"driver": "pc-dimm", "id": "dimm", "memdev": "more"}}'
	until_true 10 has_more_memory || fail "there is no more memory"
}

run_test() {
	bounced=/sys/kernel/debug/tracing/events/swiotlb/swiotlb_bounced
	slots=/sys/kernel/debug/swiotlb/io_tlb_used
	[ -e $slots ] || fail "there are no bounce buffers"
	insmod /modules/dma_limit.ko device="$BDF" bits=32 || fail "the device cannot be limited"
	start_driver
	echo 1 >$bounced/enable

	echo "--- the device addresses all memory that there is"
	io_run --depth=8 --count=50 --length=16M --max=64k
	expect_eq "pieces of data that were bounced" "$(grep -c swiotlb_bounced: /sys/kernel/debug/tracing/trace)" 0

	echo "--- and not what comes"
	add_memory
	io_run --depth=8 --count=200 --length=16M --max=64k
	expect_at_least "pieces of data that were bounced" \
		"$(grep -c swiotlb_bounced: /sys/kernel/debug/tracing/trace)" 200
	echo 0 >$bounced/enable
	expect_eq "bounce buffers in use" "$(cat $slots)" 0
	expect_resets 0
	stop_driver
	rmmod dma_limit
}
