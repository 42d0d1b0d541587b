# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# BASH_ENV of a script under test. A fake kernel acts on what the script wrote to the fake
# /sys, before its next test or output; and before command number $KILL_AT of the script it
# gets $KILL_SIGNAL. Commands in subshells are not counted: they only read.

fake_bus=/sys/bus/pci

fake_driver_of()
{
	local link=$fake_bus/devices/$1/driver
	[[ -e $link ]] && basename "$(readlink "$link")"
}

fake_override_of()
{
	local override=
	read -r override <"$fake_bus/devices/$1/driver_override" || :
	[[ $override = '(null)' ]] || builtin echo "$override"
}

# fake_bind DEVICE DRIVER: with a disk, whose number is the driver's.
fake_bind()
{
	local disk=nvme0n1 folder=$fake_bus/devices/$1
	[[ $2 = nvme ]] || disk=nvme64n1
	ln -s "../../drivers/$2" "$folder/driver"
	: >"$fake_bus/drivers/$2/$1"
	[[ -e $folder/has-disk ]] || return 0
	mkdir -p "$folder/nvme/$disk/${disk}p1" /sys/block /sys/class/block
	rm -f "/dev/$disk" "/dev/${disk}p1"
	ln -sfn "$folder/nvme/$disk" "/sys/block/$disk"
	ln -sfn "$folder/nvme/$disk" "/sys/class/block/$disk"
	ln -sfn "$folder/nvme/$disk/${disk}p1" "/sys/class/block/${disk}p1"
	builtin echo 259:0 >"$folder/nvme/$disk/dev"
	builtin echo 259:1 >"$folder/nvme/$disk/${disk}p1/dev"
	# only root outside the namespace may make real ones
	mknod "/dev/$disk" b 259 0 2>/dev/null || : >"/dev/$disk"
	mknod "/dev/${disk}p1" b 259 1 2>/dev/null || : >"/dev/${disk}p1"
}

fake_unbind()
{
	local driver folder=$fake_bus/devices/$1
	driver=$(fake_driver_of "$1") || return 0
	rm -rf "$folder/driver" "$fake_bus/drivers/$driver/$1" "$folder/nvme"
	find /sys/block /sys/class/block -xtype l -delete
}

# fake_takes DRIVER DEVICE: vfio-pci knows no devices of its own.
fake_takes()
{
	local override
	override=$(fake_override_of "$2")
	[[ $1 = "${override:-$1}" ]] && [[ $1 != vfio-pci || -n $override ]] && [[ ! -e /fake/refuses/$1/$2 ]]
}

# fake_probe DEVICE: by the driver that was loaded first, of those that take it
fake_probe()
{
	local driver
	[[ ! -e $fake_bus/devices/$1/driver ]] || return 0
	while read -r driver; do
		! fake_takes "$driver" "$1" || {
			fake_bind "$1" "$driver"
			return 0
		}
	done </fake/loaded
}

# fake_load DRIVER: it takes the devices that have none.
fake_load()
{
	local device
	mkdir -p "$fake_bus/drivers/$1"
	: >"$fake_bus/drivers/$1/unbind"
	builtin echo "$1" >>/fake/loaded
	for device in "$fake_bus"/devices/*; do
		[[ -e $device/driver ]] || ! fake_takes "$1" "${device##*/}" || fake_bind "${device##*/}" "$1"
	done
}

# fake_written FILE FUNCTION: calls it with what was written there, once.
fake_written()
{
	local written=
	[[ -s $1 ]] || return 0
	read -r written <"$1" || :
	: >"$1"
	"$2" "$written"
}

fake_kernel()
{
	local file
	for file in "$fake_bus"/drivers/*/unbind; do
		fake_written "$file" fake_unbind
	done
	fake_written "$fake_bus/drivers_probe" fake_probe
}

# When the script has ended: an override that is empty reads "(null)".
fake_settle()
{
	local device
	fake_kernel
	for device in "$fake_bus"/devices/*; do
		[[ ! -e $device/driver_override || -n $(fake_override_of "${device##*/}") ]] || builtin echo '(null)' >"$device/driver_override"
	done
}

# What the script uses to see what it has done. /fake/said has all that it wrote, also what
# is gone from /dev/kmsg, a plain file here.
fake_listen()
{
	eval '
	[() { set +T; fake_kernel >/dev/null; set -T; builtin [ "$@"; }
	echo() { set +T; fake_kernel >/dev/null; set -T; builtin echo "$@" >>/fake/said; builtin echo "$@"; }'
}

# What changes tell which commands are worth a kill before the next one.
fake_state()
{
	find /sys /etc /boot /usr/lib/dracut /usr/src /lib/modules /var/lib/dkms -printf '%p %s %T@ %l\n' | cksum
}

fake_step()
{
	case ${FUNCNAME[1]:-} in
	fake_* | echo | '[') return 0 ;;
	esac
	[[ $BASHPID = "$$" ]] || return 0
	fake_steps=$((fake_steps + 1))
	if [[ -e /fake/recording ]]; then
		builtin echo "$fake_steps $(fake_state)" >>/fake/recording
	elif [[ $fake_steps = "${KILL_AT:-}" ]]; then
		: >/fake/killed
		kill "-$KILL_SIGNAL" $$
	fi
}

if [[ -n ${UNDER_TEST:-} ]]; then
	unset BASH_ENV # for what the script starts
	fake_steps=0
	[[ ! -e $fake_bus ]] || fake_listen
	set -o functrace
	trap fake_step DEBUG
fi
