#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# dracut, when it makes an initramfs: what bind-at-boot needs. nvme is there for when
# nvmepp is not.

check()
{
	[ -e /etc/nvmepp/boot ]
}

installkernel()
{
	# shellcheck disable=SC2154 # kernel, from dracut
	modinfo -k "$kernel" nvmepp >/dev/null 2>&1 ||
		dwarn "nvmepp is not installed for Linux $kernel, which will boot with nvme"
	hostonly='' instmods nvmepp nvme
}

install()
{
	inst_simple /etc/nvmepp/boot
	# names by path, where it is installed
	[ -z "$(find /etc/udev/rules.d /usr/lib/udev/rules.d -name 59-nvmepp.rules 2>/dev/null)" ] ||
		inst_rules 59-nvmepp.rules
	# shellcheck disable=SC2154 # moddir, from dracut
	inst_hook pre-udev 10 "$moddir/bind-at-boot.sh"
}
