# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the scripts here share; sourced, never run.

# shellcheck disable=SC2034 # read by the scripts
top=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Everything that is downloaded or built, but not installed, lies in one folder.
cache=${NVMEPP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/nvmepp}

say()
{
	echo "nvmepp: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# retry COMMAND...: archives and their locks fail transiently; three attempts.
retry()
{
	local attempt
	for attempt in 1 2 3; do
		"$@" && return
		say "failed (attempt $attempt of 3): $*"
		sleep $((attempt * 3))
	done
	return 1
}

# use_ccache: for `ccache gcc' from here on. What is not in the cache is only compiled, not
# preprocessed before: the compiler's own list of what it has read is believed.
use_ccache()
{
	export CCACHE_DIR=$cache/ccache CCACHE_MAXSIZE=1G CCACHE_DEPEND=1
}

is_root()
{
	[ "$(id -u)" = 0 ]
}

# may_install: can packages be installed here?
may_install()
{
	is_root || command -v sudo >/dev/null
}

# as_root COMMAND...: with sudo, if need be.
as_root()
{
	if is_root; then
		"$@"
	else
		sudo "$@"
	fi
}

apt_update()
{
	local update=(apt-get -qq update)
	if [ -z "${APT_CONFIG:-}" ]; then
		may_install ||
			die "the package lists do not know what is needed; as root: apt-get update"
		update=(as_root "${update[@]}")
	fi
	say "updating the package lists"
	retry "${update[@]}" >&2
}

# apt_knows PACKAGE[=VERSION]...: do the package lists have these?
apt_knows()
{
	apt-get download --print-uris "$@" >/dev/null 2>&1
}

# with_lock NAME COMMAND...: one process at a time makes NAME; the others wait
# and find it made.
with_lock()
{
	local name=$1
	shift
	mkdir -p "$cache/lock"
	(
		flock 9
		"$@"
	) 9>"$cache/lock/$name"
}

# fetch_debs FOLDER PACKAGE[=VERSION]...: Debian packages as files, not installed. What lies in
# the folder $NVMEPP_DEBS is not downloaded again.
fetch_debs()
{
	local folder=$1
	shift
	command -v apt-get >/dev/null ||
		die "needs the Debian packages $*, and this machine has no apt-get"
	apt_knows "$@" || apt_update
	apt_knows "$@" ||
		die "the archive no longer has $*: bring the installed headers up to date (apt-get upgrade)"
	say "downloading $*"
	(cd "${NVMEPP_DEBS:-$folder}" && retry apt-get -qq -o APT::Sandbox::User=root download "$@" >&2)
	[ -z "${NVMEPP_DEBS:-}" ] || (cd "$folder" && apt-get download --print-uris "$@") |
		awk '{ print $2 }' | xargs -I {} cp "$NVMEPP_DEBS/{}" "$folder/"
}

# unpack_debs TARGET VERSION FINISH PACKAGE...: the packages' files, side by side
# in the folder TARGET, which appears complete or not at all. FINISH is run in
# the new folder first. A TARGET of the same VERSION is left alone.
unpack_debs()
{
	local target=$1 version=$2 finish=$3
	shift 3
	[ "$(cat "$target/.version" 2>/dev/null)" = "$version" ] && return

	local work deb
	mkdir -p "$(dirname "$target")"
	work=$(mktemp -d "$(dirname "$target")/.unpack.XXXXXX")
	# shellcheck disable=SC2064 # the folder of now
	trap "rm -rf '$work'" EXIT
	mkdir "$work/debs" "$work/files"
	fetch_debs "$work/debs" "${@/%/=$version}"
	for deb in "$work"/debs/*.deb; do
		dpkg-deb -x "$deb" "$work/files"
	done
	(cd "$work/files" && "$finish" "$target")
	echo "$version" >"$work/files/.version"
	chmod 755 "$work/files"
	rm -rf "$target"
	mv -T "$work/files" "$target"
	rm -rf "$work"
	trap - EXIT
}

# header_value NAME FILE: the string that a generated header defines NAME as.
header_value()
{
	sed -n "s/^#define $1 \"\(.*\)\"/\1/p" "$2"
}

# kernel_of KDIR: the release that KDIR builds for.
kernel_of()
{
	header_value UTS_RELEASE "$1/include/generated/utsrelease.h"
}

# package_version_of KDIR: the version of the Debian package that KDIR is from;
# nothing if it is from elsewhere.
package_version_of()
{
	local file=$1/include/generated/utsversion.h
	[ -f "$file" ] || file=$1/include/generated/compile.h # before Linux 6.1
	header_value UTS_VERSION "$file" | sed -n 's/.* Debian \([^ ]*\) .*/\1/p'
}

# ok_if NAME COMMAND...: run a check; print `ok NAME', or what it said and
# `not ok NAME - first line of that', and append the verdict to $NVMEPP_RESULTS.
# A check succeeds by its exit status; what it prints is why it failed.
ok_if()
{
	local name=$1 said verdict=ok
	shift
	if said=$("$@" 2>&1); then
		verdict="ok $name"
	else
		printf '%s\n' "$said" | sed 's/^/    /'
		verdict="not ok $name - $(sed -n "/[^ ]/{p;q}" <<<"$said")"
	fi
	echo "$verdict"
	[ -z "${NVMEPP_RESULTS:-}" ] || echo "$verdict" >>"$NVMEPP_RESULTS"
	[[ $verdict == ok* ]]
}
