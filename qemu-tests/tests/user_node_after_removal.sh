# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="each ioctl and ring command through a node that outlived its controller is ENODEV"
DRIVERS=nvmepp
NEEDS="CONFIG_IO_URING"
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

# node and command, one a line
commands() {
	read="opcode=2 nsid=1 cdw12=0 length=512"
	for verb in admin admin64 reset subsystem rescan uring-admin; do
		echo "$CONTROLLER $verb $IDENTIFY_CTRL"
	done
	echo "$CONTROLLER io $read"
	for node in "$NAME" "ng${NAME#nvme}"; do
		for verb in id admin admin64; do
			echo "$node $verb $IDENTIFY_CTRL"
		done
		for verb in io io64 "io64-vec pieces=2" submit; do
			echo "$node $verb $read"
		done
	done
	echo "ng${NAME#nvme} uring-io $read"
	echo "ng${NAME#nvme} uring-io-vec pieces=2 $read"
}

all_hold() {
	[ "$(find /run/hold -type f | wc -l)" = "$held" ]
}

run_test() {
	start_driver
	NAME=${DISK#/dev/}
	mkdir /run/hold
	commands >/run/commands
	held=0 holders=
	while read -r command; do
		held=$((held + 1))
		# shellcheck disable=SC2086 # several words
		ioctl /dev/$command hold=/run/hold/$held >/run/held.$held &
		holders="$holders $!"
	done </run/commands
	until_true 20 all_hold || fail "not every node is open"
	unbind_device
	rm /run/hold/*
	# shellcheck disable=SC2086 # several; the runner has children of its own
	wait $holders
	answered=0
	while read -r command; do
		answered=$((answered + 1))
		grep -q '^ret=-1 error=ENODEV' /run/held.$answered ||
			fail "$command: $(cat /run/held.$answered)"
	done </run/commands
	expect_at_least "commands" $answered 20
	bind_device
	find_disks
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL"
	expect_healthy
}
