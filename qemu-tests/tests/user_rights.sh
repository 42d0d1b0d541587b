# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2153,SC2154
DESCRIPTION="each cell of the table of rights: command, user, descriptor"
NEEDS="CONFIG_IO_URING"
TIMEOUT=120

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh
# shellcheck source=../guest/partition.sh
. /lib/partition.sh

# src/RIGHTS.md is this table in words.  Cells: root with a descriptor for reading; another user
# with one for reading and writing; with one for reading; with a partition's for both.  A number
# is what the ioctl returns; `same' is the column of nvmepp.  QEMU's effects log has LBCC for Flush.
#
# label | node | command | nvmepp | in-tree 6.1 | in-tree 6.12
rights_table() {
	cat <<-END
		Read|disk|io $IO opcode=2 length=512|0 0 0 EACCES|0 $NONE|0 0 0 0
		Write|disk|io $IO opcode=1 length=512|0 0 EACCES EACCES|0 $NONE|0 0 EACCES 0
		Write Zeroes|disk|io $IO opcode=8|0 0 EACCES EACCES|0 $NONE|0 0 EACCES 0
		Compare|disk|io $IO opcode=5 length=512|0 0 EACCES EACCES|0 $NONE|0 0 EACCES 0
		Flush|disk|io opcode=0 nsid=1|0 0 EACCES EACCES|0 $NONE|0 0 EACCES 0
		Dataset Management|disk|io opcode=9 nsid=1 cdw11=4 length=16|0 0 EACCES EACCES|0 $NONE|0 0 EACCES 0
		Vendor I/O command|disk|io opcode=0x81 nsid=1|16385 $NONE|same|same
		SUBMIT_IO read|disk|submit opcode=2 slba=4096 length=512|0 0 0 EACCES|0 0 0 0|same
		SUBMIT_IO write|disk|submit opcode=1 slba=4096 length=512|0 0 EACCES EACCES|0 0 0 0|same
		Read, ring|generic|uring-io $IO opcode=2 length=512|0 0 0 -|0 EACCES EACCES -|same
		Write, ring|generic|uring-io $IO opcode=1 length=512|0 0 EACCES -|0 EACCES EACCES -|same
		Identify Controller|disk|admin $IDENTIFY_CTRL|0 0 0 EACCES|0 $NONE|0 0 0 0
		Identify, active list|disk|admin $IDENTIFY cdw10=2|0 $NONE|same|same
		Get Log Page|disk|admin opcode=2 nsid=0xffffffff length=512 cdw10=0x7f0002|0 $NONE|same|same
		Get Features|disk|admin opcode=10 cdw10=7|0 $NONE|same|same
		Set Features|disk|admin opcode=9 cdw10=6 cdw11=1|0 $NONE|same|same
		Async Event Request|disk|admin opcode=12|EPERM $NONE|skip|skip
		Identify, ring|controller|uring-admin $IDENTIFY_CTRL|0 0 0 -|0 EACCES EACCES -|same
		Read, controller|controller|io $IO opcode=2 length=512|0 0 0 -|skip|skip
		Write, controller|controller|io $IO opcode=1 length=512|0 0 EACCES -|skip|skip
		namespace id|disk|id|1 1 1 1|same|same
		rescan|controller|rescan|0 EACCES EACCES -|same|same
		reset|controller|reset|0 EACCES EACCES -|same|same
	END
}

# What the running driver is expected to answer, of the three columns.
expected_cells() {
	ours=$1
	case $DRIVER-$(uname -r) in
	nvmepp-*) ;;
	nvme-6.1.*) ours=$2 ;;
	nvme-6.12.*) ours=$3 ;;
	*) ours=skip ;;
	esac
	[ "$ours" = same ] && ours=$1
	echo "$ours"
}

node_of() {
	case $1 in
	disk) echo "${DISK#/dev/}" ;;
	generic) echo "ng${DISK#/dev/nvme}" ;;
	controller) echo "$CONTROLLER" ;;
	esac
}

# cell LABEL WHO EXPECTED NODE COMMAND...
cell() {
	label=$1 who=$2 expected=$3
	shift 3
	[ "$expected" != - ] || return 0
	send "$@"
	got=$ioctl_ret
	[ "$got" != -1 ] || got=$ioctl_error
	cells=$((cells + 1))
	[ "$got" = "$expected" ] || wrong="$wrong; $label, $who: $got, expected $expected"
}

row() {
	label=$1 node=$(node_of "$2") command=$3
	# shellcheck disable=SC2046 # four words
	set -- $(expected_cells "$4" "$5" "$6")
	[ "$1" != skip ] || return 0
	cell "$label" "root" "$1" "$node" "$command"
	cell "$label" "user, rw" "$2" "$node" "$command uid=1000 write=1"
	cell "$label" "user, ro" "$3" "$node" "$command uid=1000"
	cell "$label" "user, partition" "$4" "${node}p1" "$command uid=1000 write=1"
}

run_test() {
	start_driver
	make_partition "$DISK"
	partitions_appear "$DISK"
	NONE="EACCES EACCES EACCES"
	IO="nsid=1 cdw10=4096 cdw12=0"
	cells=0 wrong=
	rights_table >/run/rights
	while IFS='|' read -r label node command ours old new; do
		row "$label" "$node" "$command" "$ours" "$old" "$new"
	done </run/rights
	[ -z "$wrong" ] || fail "${wrong#; }"
	expect_at_least "cells" $cells 70
	expect_healthy
}
