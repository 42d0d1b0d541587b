# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Kernels of other releases of Debian than this machine's; sourced, after lib.sh, and
# never run.

supported=$top/src/linux/compat/kernels
# Lists of packages that are older than this many days are brought up to date, so that
# the newest kernel of a release is that.
list_days=3

# The architecture of this machine, as Debian calls it.
machine_arch()
{
	case $(uname -m) in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) die "this machine is $(uname -m); accepted are x86_64 and aarch64" ;;
	esac
}

# The release of Debian that this machine runs; its name is that of a folder of the archive.
machine_suite()
{
	sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

# kernels_of SERIES: what the table of supported kernels has of a series; of all, for ''.
kernels_of()
{
	awk -v series="$1" '/^[^#]/ && (series == "" || $1 == series) { print $2 }' "$supported"
}

# series_of KERNEL: the series that the table has it in.
series_of()
{
	awk -v kernel="$1" '$2 == kernel { print $1 }' "$supported"
}

# suite_of, flavour_of, arch_of KERNEL: of a name such as trixie:cloud-arm64.
suite_of()
{
	echo "${1%%:*}"
}

flavour_of()
{
	echo "${1#*:}"
}

arch_of()
{
	local part
	for part in $(tr - ' ' <<<"$1"); do
		case ${part#*:} in amd64 | arm64) echo "${part#*:}" ;; esac
	done
}

# kernel_in KDIR: that name, of headers that scripts/kernel-headers has unpacked; nothing for
# those that are installed.
kernel_in()
{
	cat "$1/../../../.kernel" 2>/dev/null || :
}

# is_own KERNEL: is it one of this machine's own release of Debian, and for this machine?
is_own()
{
	local suite
	suite=$(suite_of "$1")
	[ -z "$1" ] || { [ "${suite%-backports}" = "$(machine_suite)" ] && [ "$(arch_of "$1")" = "$(machine_arch)" ]; }
}

# own_kernels: those of the table that this machine's own release has, or its backports,
# for this machine, without a flavour; the default one first.
own_kernels()
{
	local suite arch kernel found=''
	suite=$(machine_suite) arch=$(machine_arch)
	for kernel in $(kernels_of ''); do
		case $kernel in
		"$suite:$arch" | "$suite":[0-9]*-"$arch" | "$suite-backports:$arch")
			found=y
			echo "$kernel"
			;;
		esac
	done
	[ -n "$found" ] || kernels_of '' | grep ":$arch$" | head -n 1
}

# own_series: the series of these, the default one first.
own_series()
{
	local kernel
	for kernel in $(own_kernels); do
		series_of "$kernel"
	done | uniq
}

# archive_of LABEL: where this machine has Debian's packages from.
archive_of()
{
	# shellcheck disable=SC2016 # apt-get expands it
	env -u APT_CONFIG apt-get indextargets --format '$(REPO_URI)' \
		'Created-By: Packages' 'Origin: Debian' "Label: $1" | head -n 1
}

archive_lines()
{
	local suite=$1 main security options='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
	main=$(archive_of Debian)
	[ -n "$main" ] || die "the sources of apt on this machine have no archive of Debian's packages"
	security=$(archive_of Debian-Security)
	echo "deb $options $main ${suite%-backports} main"
	[ "$suite" = sid ] || echo "deb $options ${security:-${main%/}-security} ${suite%-backports}-security main"
	[ "${suite%-backports}" = "$suite" ] || echo "deb $options $main $suite main"
}

make_apt_config()
{
	local suite=$1 folder=$2
	mkdir -p "$folder"/{lists/partial,cache/archives/partial}
	archive_lines "$suite" >"$folder/sources.list"
	# The file that $APT_CONFIG names is read before those of the machine, this one after them.
	cat >"$folder/main.conf" <<-END
		Dir::Etc::sourcelist "$folder/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State "$folder";
		Dir::State::status "/dev/null";
		Dir::Cache "$folder/cache";
		APT::Architectures { "amd64"; "arm64"; };
		Dir::Cache::pkgcache "pkgcache.bin";
		Dir::Cache::srcpkgcache "srcpkgcache.bin";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::GzipIndexes "true";
	END
	# Of its own packages the newest, which may be security's; backports only where asked for.
	[ "${suite%-backports}" = "$suite" ] ||
		echo "APT::Default-Release \"$suite\";" >>"$folder/main.conf"
	[ ! -e /etc/apt/apt.conf ] || echo '#include "/etc/apt/apt.conf";' >>"$folder/main.conf"
	echo "Dir::Etc::main \"$folder/main.conf\";" >"$folder/apt.conf"
}

# Old lists are good enough where there is no network.
update_lists()
{
	local folder=$1 lists
	lists=$(find "$folder/lists" -name '*Packages*' -print -quit)
	[ -z "$lists" ] || [ -z "$(find "$folder/updated" -mtime "-$list_days" 2>/dev/null)" ] || return 0
	apt_update || [ -n "$lists" ] || die "no lists of Debian's packages could be had"
	touch "$folder/updated"
}

# use_suite SUITE: from here on apt-get and apt-cache, in this process and what it runs,
# know the packages of that release, for all architectures, and nothing of this machine.
use_suite()
{
	local folder=$cache/apt/$1
	command -v apt-get >/dev/null ||
		die "needs packages of Debian $1, and this machine has no apt-get"
	mkdir -p "$cache/apt"
	with_lock "apt-$1" make_apt_config_once "$1" "$folder"
	export APT_CONFIG=$folder/apt.conf
	with_lock "apt-$1" update_lists "$folder"
}

# bootstrap OPTION...: mmdebstrap. It reads nothing of this machine's configuration of apt, which
# may allow an archive that is no longer kept up to date.
bootstrap()
{
	local options
	mapfile -t options < <(apt-config dump |
		sed -nE 's/^(Acquire::Check-(Date|Valid-Until) .*)/--aptopt=\1/p')
	env -u APT_CONFIG mmdebstrap "${options[@]}" "$@"
}

make_apt_config_once()
{
	[ -e "$2/apt.conf" ] || make_apt_config "$@"
}
