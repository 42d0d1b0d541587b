# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# What the images of a whole Debian 12 have in common; sourced, after scripts/lib.sh, and never
# run. The caller has set: kernel, release (of the kernel), base, work and root (folders),
# uuid and size (of the file system).

suite=bookworm

digest()
{
	cat "$@" | sha256sum | cut -c -16
}

# base_of LIST: the archive with a Debian that has the packages in this list.
base_of()
{
	echo "$cache/userland/base-$(digest "$1").tar"
}

# make_base LIST: from the archive, once.
make_base()
{
	local log
	[ ! -e "$base" ] || return 0
	log=$base.log
	say "making a Debian $suite from packages"
	nice mmdebstrap --quiet --variant=minbase --include="$(sed '/^#/d' "$1" | paste -sd ,)" \
		"$suite" "$base.new.tar" >"$log" 2>&1 || {
		cat "$log" >&2
		die "mmdebstrap could not make a Debian $suite"
	}
	mv "$base.new.tar" "$base"
}

# keep_newest PATTERN: the two images that were made last, of those with such names.
keep_newest()
{
	find "$cache/userland" -maxdepth 1 -name "$1" -printf '%T@ %p\n' |
		sort -rn | sed '1,2d; s/^[^ ]* //' | xargs -r rm -rf
}

unpack_base()
{
	mkdir "$root"
	tar -xf "$base" -C "$root"
}

# put_kernel PATH...: of the drivers, those of disks and of what is in a VM, and these: the
# others would make every initramfs five times as large.
put_kernel()
{
	local kept kernel_modules=lib/modules/$release/kernel
	cp "$kernel"/boot/*"$release" "$root/boot/"
	mkdir -p "$root/lib/modules"
	for kept in arch/x86/crypto block crypto fs/{autofs,configfs,ext4,fuse,jbd2} \
		fs/{binfmt_misc,mbcache}.ko* lib mm \
		drivers/{ata,block,char,dax,i2c,md,nvme,pci,scsi,virtio} "$@"; do
		# shellcheck disable=SC2086 # some are patterns
		(cd "$kernel" && cp -a --parents -t "$root" "$kernel_modules"/$kept)
	done
	(cd "$kernel" && cp -p --parents -t "$root" "lib/modules/$release"/modules.*)
	chroot "$root" depmod "$release"
}

quieten()
{
	echo nvmepp-userland >"$root/etc/hostname"
	# not a first boot, which would enable and start what the packages suggest
	tr -d - <<<"$uuid" >"$root/etc/machine-id"
	# they would go to the network, at any time
	ln -sf /dev/null "$root/etc/systemd/system/apt-daily.timer"
	ln -sf /dev/null "$root/etc/systemd/system/apt-daily-upgrade.timer"
}

# The file system that is made of $root, which goes.
pack_image()
{
	truncate -s "$size" "$work/root.img"
	mke2fs -q -F -t ext4 -U "$uuid" -d "$root" "$work/root.img"
	rm -rf --one-file-system "$root"
}
