# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the device with faults itself: what it says of itself, refused commands, grants, outages, absences"
PROFILE=faults
WHEN=all
TIMEOUT=180

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh
# shellcheck source=../guest/stages.sh
. /lib/stages.sh

IDENTIFY_NS=0
FIRMWARE_AT=64

# identify_bytes CNS AT BYTES: what Identify says there now, as hexadecimal digits
identify_bytes() {
	status 0 "$CONTROLLER" admin "$IDENTIFY cdw10=$1 nsid=$((1 - $1)) out=/run/identify"
	dd if=/run/identify bs=1 skip="$2" count="$3" 2>/dev/null | od -An -v -tx1 | tr -d ' \n'
}

refuses_value() {
	! ask "qmp {\"execute\": \"qom-set\", \"arguments\": {$(knob_path "$1"), \"value\": $2}}" ||
		fail "$1 $2 is not refused"
}

pokes() {
	was=$(identify_bytes 1 $FIRMWARE_AT 4)
	poke id $FIRMWARE_AT 4 0x64636261
	expect_eq "a poke of Identify Controller" "$(identify_bytes 1 $FIRMWARE_AT 4)" 61626364
	poke_later id $FIRMWARE_AT 2 0x3231
	expect_eq "a poke for later" "$(identify_bytes 1 $FIRMWARE_AT 4)" 61626364
	reset_controller || fail "the reset failed"
	expect_eq "the same after a reset" "$(identify_bytes 1 $FIRMWARE_AT 4)" 31326364
	was_npwg=$(identify_bytes $IDENTIFY_NS 64 2)
	poke ns 64 2 0x1234
	expect_eq "a poke of Identify Namespace" "$(identify_bytes $IDENTIFY_NS 64 2)" 3412
	poke bar 8 4 0x00010200
	expect_eq "a poke of VS" "$(bar "$BDF" read 8)" 0x00010200
	fault pci-id $((0x12345678))
	expect_eq "PCI vendor and device" "$(config "$BDF" read 0 4)" 0x12345678
	fault poke-at 4094 poke-bytes 4
	refuses_value id-poke 1
	fault poke-at 0 poke-bytes 5
	refuses_value id-poke 1
	fault unpoke 1
	expect_eq "firmware after all" "$(identify_bytes 1 $FIRMWARE_AT 4)" "$was"
	expect_eq "NPWG after all" "$(identify_bytes $IDENTIFY_NS 64 2)" "$was_npwg"
	[ "$(config "$BDF" read 0 4)" != 0x12345678 ] || fail "the PCI id is still poked"
}

# Identify Controller with CNS 1 is refused, with CNS 2 it is not.
refusals() {
	refuse 6 1 1
	status 0 "$CONTROLLER" admin "$IDENTIFY cdw10=2 nsid=0"
	expect_hits cmd-error 0
	status $((0x4002)) "$CONTROLLER" admin "$IDENTIFY_CTRL"
	expect_hits cmd-error 1
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL"
	fault clear 1
}

io_queues() {
	for context in "/sys/block/${DISK#/dev/}/mq"/*; do
		echo "$context"
	done | grep -c .
}

grants() {
	unbind_device
	fault max-grant 1
	bind_device
	find_disks
	expect_eq "I/O queues" "$(io_queues)" 1
	fault clear 1
	unbind_device
	bind_device
	find_disks
	expect_eq "I/O queues" "$(io_queues)" "$(nproc)"
}

# All of it ends with the outage, and the admin queue does not wait.
outages() {
	outage 4000
	io_start --jobs=2 --depth=4 --count=4 --length=1M --max=4k --reads=0 --no-check
	usleep 500000
	[ ! -s /run/io.out ] || fail "the storage answers"
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL"
	expect_at_most "an admin command, ms" "$ioctl_ms" 400
	io_end
	expect_good_io
	expect_at_least "the longest request, ms" "$io_longest_ms" 1000
	expect_hits_at_least outage 8
	fault clear 1
	outage 60000
	io_start --cpu=0 --count=1 --length=1M --max=4k --reads=0 --no-check
	usleep 300000
	fault outage 0
	io_end
	expect_good_io
	fault clear 1
}

absences() {
	fault gone-ms 300 gone 1
	expect_eq "the vendor at first" "$(config "$BDF" read 0 4)" 0xffffffff
	expect_eq "CSTS" "$(bar "$BDF" read 0x1c)" 0xffffffff
	usleep 400000
	expect_eq "CSTS.RDY afterwards" $(($(bar "$BDF" read 0x1c) & 1)) 1
	expect_hits_at_least gone 2
	expect_eq "what is left of it" "$(fault_value gone)" 0
	fault clear 1 read-reg $((0x14)) read-skip 1 read-ones 1
	bar "$BDF" read 0x1c
	expect_hits read-ones 0
	[ "$(bar "$BDF" read 0x14)" != 0xffffffff ] || fail "the first read of CC reads as ones"
	expect_eq "the second read of CC" "$(bar "$BDF" read 0x14)" 0xffffffff
	expect_hits read-ones 1
	fault clear 1
}

# The second command of two bring-ups, whatever they are, and nothing before or between.
each_enable() {
	fault queues "$(queue_bits admin)" enable-skip 1 cqe-hold-ms 1 cqe-hold "$FOREVER"
	admin_command || fail "Identify fails"
	expect_hits cqe-hold 0
	for round in 1 2; do
		reset_controller || fail "the reset failed"
		until_true 5 controller_live || fail "not live after the reset"
		admin_command || fail "Identify fails"
		expect_hits cqe-hold $round
	done
	fault clear 1
}

run_test() {
	IO_TIMEOUT_MS=6000
	start_driver
	for step in pokes refusals grants outages absences each_enable; do
		echo "--- $step"
		$step
	done
	expect_healthy
	proved 1
}
