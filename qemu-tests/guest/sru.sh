# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2153,SC2154
DESCRIPTION="the scenarios of LP#1807393 and beyond, measured on the driver that is there"
PROFILE=faults
HELPERS=window
TIMEOUT=600
#
# scripts/sru/run boots a guest for each column of its table, with the kernel parameters
#
#   vm.scenarios=one_lost,dead_vector	which scenarios, in this order
#   vm.mode=healing			how the driver is loaded: see start_variant
#
# Each scenario ends with a row of figures, which the host asserts (scripts/sru/scenarios.py). The
# driver is loaded anew for each, so that none of them inherits a count or a budget.

# shellcheck source=window.sh
. /lib/window.sh

# How long a fault lasts that only a reset ends: at 2 s each, four timeouts and more.
LASTING_MS=12000

cmdline_value() {
	sed -n "s/.*vm\.$1=\([^ ]*\).*/\1/p" /proc/cmdline
}

# shellcheck disable=SC2119 # most have nothing to add
start_variant() {
	case $(cmdline_value mode) in
	healing) start_driver missed_irq_reset=3 ;;
	watchdog) start_driver lost_irq_ms=16 lost_irq_action=poll ;;
	*) start_driver ;;
	esac
	queue=$(queue_of_cpu 0)
	vector=$(vector_of_queue "$queue")
	# the first request on a queue, and its interrupt
	io_run --cpu=0 --depth=4 --count=20 --start=8M --length=4M --max=64k --no-check \
		--state="/run/first.$DEVICE"
}

# --- what is measured -------------------------------------------------------------------------

ABORT='timeout, aborting'
GONE='Removing after probe failure|giving up|gives up|nvme[0-9]+: dead: |removed from service'

# begin SCENARIO: from here on log lines and counters are this scenario's
begin() {
	scenario=$1
	echo "scenario $1"
	aborts_before=$(log_lines "$ABORT")
	gone_before=$(log_lines "$GONE")
	not_ready_before=$(log_lines 'Device not ready')
	total_resets=0 total_polls=0 total_lost=0
	refresh_counters
}

# figures [KEY=VALUE...]: what the scenario has come to until now, for the row
figures() {
	refresh_counters
	figures="resets=$total_resets polled=$total_lost"
	figures="$figures aborts=$(($(log_lines "$ABORT") - aborts_before))"
	figures="$figures not_ready=$(($(log_lines 'Device not ready') - not_ready_before))"
	figures="$figures given_up=$(($(log_lines "$GONE") - gone_before)) $*"
}

row() {
	echo "row $scenario|$figures" >&3
}

# load_figures [KEY=VALUE...]: the same, with those of the load that has ended
load_figures() {
	figures "ios=$io_ios" "stalls=$io_slow" "longest_ms=$io_longest_ms" "late_ms=$io_late_ms" \
		"errors=$io_errors" "finished=$io_finished" "$@"
}

# What io remembers of a disk of this device: what it has written where.
state_of() {
	echo "/run/state.$DEVICE.n${1##*n}"
}

# load OPTION...: on CPU 0's queue; a request of 1.5 s and more has stalled
load() {
	io_start --cpu=0 --length=4M --max=4k --slow-ms=1500 --no-check --state="$(state_of "$DISK")" "$@"
	io_end
}

# The fault is over: everything that was written is read back, from both CPUs. Then the row is sent.
verified_row() {
	fault clear 1
	! vector_is_dead || msix "$BDF" restore "$vector"
	wrong=0
	for disk in $NAMES; do
		io --device="/dev/$disk" --depth=8 --count=1 --length=4M --max=4k \
			--state="$(state_of "$disk")" >/run/io.out || :
		io_result
		wrong=$((wrong + io_mismatches + io_errors + 1 - io_finished))
	done
	figures="$figures wrong=$wrong"
	row
}

# The vector's message address is 0 until a driver writes the table again.
vector_is_dead() {
	[ "$(vector_state "$vector" address)" = 00000000:00000000 ]
}

dead_or_healed() {
	! vector_is_dead || {
		echo dead
		return
	}
	echo healed
}

# --- scenarios --------------------------------------------------------------------------------

# The bug as it was reported: one interrupt does not arrive.
one_lost() {
	fault queues "$(queue_bits "$queue")" irq-drop 1
	load --depth=1 --count=40
	load_figures "hits=$(fault_hits irq-drop)"
	expect_hits irq-drop 1
	verified_row
}

# The opposite: there is no completion to find, so that a reset is right.
swallowed() {
	fault queues "$(queue_bits "$queue")" cmd-drop 1
	load --depth=1 --count=40
	load_figures "hits=$(fault_hits cmd-drop)"
	expect_hits cmd-drop 1
	verified_row
}

dead_vector() {
	msix "$BDF" break "$vector"
	load --depth=1 --ms=$LASTING_MS
	load_figures "vector=$(dead_or_healed)"
	verified_row
}

# Every interrupt of the queue is lost, whatever is done: that must not become a loop of resets.
beyond_repair() {
	fault queues "$(queue_bits "$queue")" irq-drop "$FOREVER"
	load --depth=1 --ms=$LASTING_MS
	load_figures "hits=$(fault_hits irq-drop)"
	expect_hits_at_least irq-drop 2
	verified_row
}

# Two namespaces share the queue with the dead vector, each with its own timeout work. One's timer runs
# on CPU 0, the other one's on CPU 1, both to the same second; one poll is held up for longer than the
# other, so that it finds what has completed meanwhile.
two_namespaces() {
	sleep 4
	widen at=disable_irq after=1 ms=100 more=100 limit=8
	msix "$BDF" break "$vector"
	jobs='' cpu=0
	for disk in $NAMES; do
		io --device="/dev/$disk" --cpu=$cpu --depth=16 --length=4M --max=4k --slow-ms=1500 \
			--no-check --ms=$LASTING_MS --state="$(state_of "$disk")" >"/run/$disk.out" &
		jobs="$jobs $!"
		cpu=$((cpu + 1))
	done
	# shellcheck disable=SC2086 # a list
	wait $jobs
	close_window
	both_errors=0 both_stalls=0 both_ios=0
	for disk in $NAMES; do
		cp "/run/$disk.out" /run/io.out
		io_result
		both_ios=$((both_ios + io_ios)) both_stalls=$((both_stalls + io_slow))
		both_errors=$((both_errors + io_errors))
	done
	io_ios=$both_ios io_slow=$both_stalls io_errors=$both_errors
	load_figures "vector=$(dead_or_healed)" "before_reset_ms=$(ms_before_reset)"
	verified_row
}

# From the first "completion polled" to the reset that the driver asked for, as the kernel's clock
# has it; 0: there was none.
ms_before_reset() {
	dmesg | awk '
		{ sub(/^\[ */, ""); at = $1 * 1000 }
		/ test: scenario / { first = reset = 0 }
		/completion polled/ && !first { first = at }
		/misses interrupts, reset controller/ && !reset { reset = at }
		END { print reset ? int(reset - first) : 0 }'
}

# The admin queue and the only I/O queue have one vector.
shared_vector() {
	vector=0
	dead_vector
}

# Each loss is followed by requests whose interrupts arrive: nothing is broken.
one_by_one() {
	fault queues "$(queue_bits "$queue")"
	for _ in 1 2 3 4; do
		fault irq-drop 1
		load --depth=1 --count=20
	done
	load_figures "hits=$(fault_hits irq-drop)"
	expect_hits irq-drop 4
	verified_row
}

# One interrupt in ten is lost at random, at a depth at which the next one makes up for most.
random_loss() {
	fault queues "$(queue_bits "$queue")" one-in 10 irq-drop "$FOREVER"
	load --depth=8 --ms=$LASTING_MS
	load_figures "hits=$(fault_hits irq-drop)"
	expect_hits_at_least irq-drop 3
	verified_row
}

# overwrite NAME: one block of a file that stays where it is, until the disk has it
overwrite() {
	taskset 1 dd if=/dev/zero of="/mnt/$1" bs=4k count=1 conv=notrunc,fsync
}

# What a lost interrupt costs where the reset that it causes fails: the disk. The write whose
# interrupt is lost is the only request on its queue: another one's interrupt would make up for it.
file_system() {
	load_modules ext4
	/tools/mke2fs -q -F -t ext4 -E lazy_itable_init=0 "$DISK" || fail "cannot make a file system"
	mount -t ext4 -o errors=remount-ro,commit=60 "$DISK" /mnt || fail "cannot mount"
	overwrite during || fail "cannot write"
	sync
	fault queues "$(queue_bits "$queue")" enable-late "$FOREVER" irq-drop 1
	(
		overwrite during
		echo $? >/run/dd.rc
	) &
	until_true 60 test -s /run/dd.rc || fail "the writer hangs"
	expect_hits irq-drop 1
	# the removal that follows a failed reset runs in a work of its own
	usleep 2000000
	after=written
	overwrite after || after=refused
	mounted=$(sed -n 's|^[^ ]* /mnt ext4 \(r[ow]\).*|\1|p' /proc/mounts)
	disk=present
	has_disk || disk=removed
	journal=$(test_log | grep -cE 'Aborting journal|Detected aborted journal')
	fault enable-late 0
	umount /mnt || umount -l /mnt
	fsck=none
	[ $disk = removed ] || {
		/tools/e2fsck -fn "$DISK" >/run/fsck.out 2>&1
		fsck=$?
	}
	figures "dd=$(cat /run/dd.rc)" "after=$after" "mounted=${mounted:-no}" "disk=$disk" \
		"journal_aborts=$journal" "fsck=$fsck"
	row
}

# --------------------------------------------------------------------------------------------------

device_of() {
	case $1 in
	two_namespaces) echo duet ;;
	file_system) echo hot ;;
	shared_vector) echo onevector ;;
	*) echo plain ;;
	esac
}

run_scenario() {
	DEVICE=$(device_of "$1")
	use_device "$DEVICE"
	fault clear 1
	start_variant
	begin "$1"
	"$1"
	fault clear 1
	counters_base=
	driver_remove || fail "the driver cannot be removed after $1"
}

run_test() {
	proved 1
	for one in $(cmdline_value scenarios | tr , ' '); do
		run_scenario "$one"
	done
}
