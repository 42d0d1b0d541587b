# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A machine for tests of scripts that root runs: this one's programs, but a /sys, /etc, /boot,
# /dev, /proc and /lib/modules of its own, which are plain folders. Sourced by self-tests,
# after lib.sh. Nothing that runs in it can change the real machine.

changing=(sys etc boot efi dev proc run tmp fake lib/modules usr/lib/dracut usr/src var/lib/dkms)

# enter_namespace: run this self-test again as `SELFTEST --inside FOLDER', in a mount
# namespace, as its root.
enter_namespace()
{
	local root=()
	is_root || root=(--map-root-user)
	work=$(mktemp -d)
	trap 'rm -rf --one-file-system "$work"' EXIT
	unshare --mount "${root[@]}" "$0" --inside "$work"
}

# make_machine FOLDER: sets $machine, its root, whose changing folders are empty.
make_machine()
{
	mount -t tmpfs tmpfs "$1"
	machine=$1/root fresh=$1/fresh killed=$1/root/fake/killed
	mkdir -p "$machine"/{usr/lib,lib,host,scripts} "${changing[@]/#/$machine/}"
	mount --rbind /usr "$machine/host"
	ln -s usr/bin usr/sbin usr/lib64 "$machine/"
	find /usr -mindepth 1 -maxdepth 1 ! -name lib ! -name src -printf '/host/%f\0' | xargs -0 ln -s -t "$machine/usr"
	find /usr/lib -mindepth 1 -maxdepth 1 ! -name modules ! -name dracut -printf '/host/lib/%f\0' |
		xargs -0 ln -s -t "$machine/usr/lib"
	find /usr/lib -mindepth 1 -maxdepth 1 ! -name modules -printf '/host/lib/%f\0' |
		xargs -0 ln -s -t "$machine/lib"
	# shellcheck disable=SC2154 # top, from lib.sh
	(cd "$top" && cp -r --parents -t "$machine" scripts/{bind,boot-from,boot,dkms,dkms.conf,lib.sh,udev} \
		scripts/{check-kdir,remake-initramfs,kbuild} Kbuild include src)
	cp "$top/scripts/selftest/fake-kernel.bash" "$machine/scripts/"
}

# keep_machine: what reset_machine goes back to.
keep_machine()
{
	rm -rf "$fresh"
	mkdir "$fresh"
	(cd "$machine" && cp -a --parents -t "$fresh" "${changing[@]}")
}

reset_machine()
{
	(cd "$machine" && rm -rf "${changing[@]}")
	cp -a "$fresh/." "$machine/"
}

# in_machine COMMAND...: as root of the machine, with the programs in /fake/bin before all.
in_machine()
{
	env -i PATH=/fake/bin:/usr/sbin:/usr/bin /usr/sbin/chroot "$machine" "$@"
}

# run_script NAME ARGUMENT...: with the fake kernel, and unset variables an error.
run_script()
{
	local name=$1 status=0
	shift
	in_machine env UNDER_TEST=y BASH_ENV=/scripts/fake-kernel.bash KILL_AT="${kill_at:-}" \
		KILL_SIGNAL="${kill_signal:-}" bash -u "/scripts/$name" "$@" || status=$?
	in_machine bash -c '. /scripts/fake-kernel.bash; fake_settle'
	return $status
}

# expect NAME GOT WANTED
expect()
{
	[ "$2" = "$3" ] || {
		echo "$1: '$2', expected '$3'"
		return 1
	}
}

# refuses TEXT SCRIPT ARGUMENT...: it fails with one line, which has TEXT, and changes nothing.
refuses()
{
	local text=$1 said
	shift
	reset_machine
	! said=$(run_script "$@" 2>&1 </dev/null) || {
		echo "succeeded: $*"
		return 1
	}
	[[ $said == *"$text"* && $said != *$'\n'* ]] || {
		echo "$* said: $said"
		return 1
	}
	unchanged || {
		echo "$* was refused and changed the machine"
		return 1
	}
}

unchanged()
{
	local folder
	for folder in sys etc boot lib/modules usr/lib/dracut usr/src var/lib/dkms; do
		diff -r --no-dereference "$fresh/$folder" "$machine/$folder" || return
	done
}

# changing_steps SCRIPT ARGUMENT...: sets $steps, the numbers of the commands before which the
# machine is not as it was before the command before.
changing_steps()
{
	reset_machine
	: >"$machine/fake/recording"
	run_script "$@" >/dev/null 2>&1 || :
	mapfile -t steps < <(awk '{ state = $2 " " $3 } NR > 1 && state != last { print $1 } { last = state }' \
		"$machine/fake/recording")
	[ ${#steps[@]} -gt 1 ] || {
		echo "$*: changes the machine ${#steps[@]} times only"
		return 1
	}
}

# killed_at_each_step SIGNAL CHECKS SCRIPT ARGUMENT...: ends it after each of its commands that
# change the machine, in turn; of CHECKS, one or several words, one in turn must succeed.
killed_at_each_step()
{
	local kill_signal=$1 checks kill_at steps i
	read -ra checks <<<"$2"
	shift 2
	changing_steps "$@" || return
	for i in "${!steps[@]}"; do
		kill_at=${steps[i]}
		reset_machine
		run_script "$@" >/dev/null 2>&1 || :
		[ -e "$killed" ] || {
			echo "$*: command $kill_at was not reached"
			return 1
		}
		kill_at='' "${checks[i % ${#checks[@]}]}" || {
			echo "$* with SIG$kill_signal before command $kill_at"
			return 1
		}
	done
}
