# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Debian source packages; sourced, after lib.sh, and never run. The caller has set log, a file.

# The exit status where the archives have no such source: who can does without.
no_source=3

# What the archives offer as binaries, taken as sources: lists of our own, since the
# machine's need not have them.
source_lists()
{
	mkdir -p lists/partial parts
	local list
	for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ ! -e "$list" ] || sed -n 's/^deb /deb-src /p' "$list" >"parts/$(basename "$list" .list).list"
	done
	for list in /etc/apt/sources.list.d/*.sources; do
		[ ! -e "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" >"parts/$(basename "$list")"
	done
}

apt_sources()
{
	"$@" -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$PWD/parts" \
		-o Dir::State::lists="$PWD/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
		-o APT::Sandbox::User=root
}

# download_source PACKAGE[=VERSION]...: as files, into the folder that this is run in, where it
# also leaves its lists.
download_source()
{
	source_lists
	# An archive without sources is no harm if another has these.
	apt_sources apt-get update >>"$log" 2>&1 || :
	retry apt_sources apt-get source --download-only "$@" >>"$log" 2>&1 || {
		tail -n 3 "$log" >&2
		say "the archives have no source of $*"
		exit $no_source
	}
}
