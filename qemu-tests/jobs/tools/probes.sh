# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# What users do to NVMe disks. The names begin with the tool's, which has a row in the table.
# $ctrl, $disk (512-byte blocks), $disk2 (4096) and $generic are the nodes of the device.

tell_device()
{
	probe nvme-id-ctrl.colon nvme id-ctrl "$ctrl"
	probe nvme-id-ctrl-of-disk.json nvme id-ctrl "$disk" -o json
	probe nvme-id-ns.colon nvme id-ns "$disk"
	probe nvme-id-ns-of-generic.json nvme id-ns "$generic" -o json
	probe nvme-id-ns-2.colon nvme id-ns "$ctrl" -n 2
	probe nvme-ns-descs.colon nvme ns-descs "$disk"
	probe nvme-list-ns.colon nvme list-ns "$ctrl"
	probe nvme-get-ns-id.text nvme get-ns-id "$disk2"
	probe nvme-list.json nvme list -o json
	probe nvme-list-plain.text nvme list
	probe nvme-list-verbose.text nvme list -v
	probe nvme-list-subsys.json nvme list-subsys -o json
	probe nvme-show-regs.colon nvme show-regs "$ctrl"
	probe nvme-list-ctrl.colon nvme list-ctrl "$ctrl"
}

tell_logs()
{
	local log
	probe nvme-smart-log.colon nvme smart-log "$ctrl"
	probe nvme-smart-log-of-disk.json nvme smart-log "$disk" -o json
	probe nvme-error-log.colon nvme error-log "$ctrl" -e 4
	probe nvme-fw-log.colon nvme fw-log "$ctrl"
	probe nvme-effects-log.colon nvme effects-log "$ctrl"
	probe nvme-changed-ns-list-log.colon nvme changed-ns-list-log "$ctrl"
	probe nvme-get-log.text nvme get-log "$ctrl" -i 2 -l 512 -n 0xffffffff
	# what the device does not have is refused in the same words
	for log in self-test-log telemetry-log persistent-event-log endurance-log sanitize-log; do
		probe nvme-$log.text nvme $log "$ctrl"
	done
}

tell_features()
{
	local feature
	for feature in 0x01 0x02 0x04 0x05 0x06 0x07 0x08 0x09 0x0a 0x0b 0x0c 0x0d 0x10 0x80; do
		probe nvme-get-feature-$feature.colon nvme get-feature "$ctrl" -f $feature
	done
	probe nvme-timestamp.colon ./timestamp "$ctrl"
	probe nvme-get-feature-saved.colon nvme get-feature "$disk" -f 5 -n 1 -s 2
	probe nvme-set-feature.colon nvme set-feature "$ctrl" -f 0x04 -v 0x150
	probe nvme-get-feature-changed.colon nvme get-feature "$ctrl" -f 0x04
	probe nvme-set-feature-back.colon nvme set-feature "$ctrl" -f 0x04 -v 0x157
	probe nvme-set-feature-refused.colon nvme set-feature "$ctrl" -f 0x55 -v 1
	probe nvme-set-feature-vwc.colon nvme set-feature "$ctrl" -f 0x06 -v 0
	probe nvme-set-feature-vwc-on.colon nvme set-feature "$ctrl" -f 0x06 -v 1
}

move_data()
{
	local node
	head -c 8192 /dev/zero | tr '\0' a >files/a
	head -c 8192 /dev/zero | tr '\0' b >files/b
	for node in "$disk" "$generic"; do
		set -- "$node" -s 8 -c 15
		if [ "$node" = "$generic" ]; then
			suffix=-generic
		else
			suffix=
		fi
		probe nvme-write$suffix.text nvme write "$@" -z 8192 -d files/a
		probe nvme-compare$suffix.text nvme compare "$@" -z 8192 -d files/a
		probe nvme-compare-differs$suffix.text nvme compare "$@" -z 8192 -d files/b
		probe nvme-read$suffix.text nvme read "$@" -z 8192
		probe nvme-flush$suffix.text nvme flush "$node"
		probe nvme-write-zeroes$suffix.text nvme write-zeroes "$@"
		probe nvme-read-zeroes$suffix.text nvme read "$@" -z 8192
		probe nvme-dsm$suffix.text nvme dsm "$node" -n 1 -d 1 -b 64 -s 8
		probe nvme-verify$suffix.text nvme verify "$@"
		probe nvme-copy$suffix.text nvme copy "$node" --sdlba=128 --slbs=8 --blocks=7
		probe nvme-write-uncor$suffix.text nvme write-uncor "$@"
		probe nvme-read-beyond$suffix.text nvme read "$node" -s 0x7fffffff -c 7 -z 4096
		probe nvme-io-passthru$suffix.text nvme io-passthru "$node" -o 2 -n 1 -r \
			-l 4096 --cdw10=8 --cdw12=7
	done
	probe nvme-admin-passthru.text nvme admin-passthru "$ctrl" -o 6 -r -l 4096 --cdw10=1
	probe nvme-admin-passthru-refused.text nvme admin-passthru "$ctrl" -o 0x7f
}

change_device()
{
	probe nvme-ns-rescan.text nvme ns-rescan "$ctrl"
	probe nvme-reset.text nvme reset "$ctrl"
	probe nvme-subsystem-reset.text nvme subsystem-reset "$ctrl"
	probe nvme-id-ctrl-after-reset.colon nvme id-ctrl "$ctrl"
	probe nvme-format.text nvme format "$disk" --force --ses=0 --lbaf=4
	udevadm settle
	probe nvme-id-ns-formatted.colon nvme id-ns "$disk"
	probe blockdev-after-format.text blockdev --getss --getpbsz --getiomin --getioopt --getsize64 "$disk"
	probe lsblk-after-format.json lsblk -J -b -o NAME,SIZE,LOG-SEC,PHY-SEC,MIN-IO "$disk"
	probe nvme-format-back.text nvme format "$ctrl" -n 1 --force --lbaf=0
	udevadm settle
	probe nvme-id-ns-formatted-back.colon nvme id-ns "$disk"
	probe nvme-format-refused.text nvme format "$disk" --force --lbaf=15
	probe nvme-device-self-test.text nvme device-self-test "$ctrl" -s 1
	probe nvme-sanitize.text nvme sanitize "$ctrl" -a 2
}

smart()
{
	probe smartctl-a.colon smartctl -a "$ctrl"
	probe smartctl-a-of-disk.json smartctl -a -j "$disk"
	probe smartctl-x.colon smartctl -x "$ctrl"
	probe smartctl-test.text smartctl -t short "$ctrl"
	probe smartctl-scan.text smartctl --scan
	probe smartctl-scan-open.text smartctl --scan-open
}

# links NAME BY DISK: that udev has made to the disk and its partitions. That with model and
# serial number alone is for all namespaces the same: whose it is, nobody promises.
links()
{
	# shellcheck disable=SC2016 # it is that shell's to expand
	probe "udev-$1.equals" sh -c '
		for link in /dev/disk/"$0"/*; do
			[ "$link" != "/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_nvme" ] || continue
			case $(readlink -f "$link") in
			"$1" | "$1"p*) echo "${link##*/}=$(readlink "$link")" ;;
			esac
		done' "$2" "$3"
}

names()
{
	cat >files/table <<-END
		label: gpt
		label-id: 6E766D65-7070-4F6E-8000-000000000003
		size=16M, uuid=6E766D65-7070-4F6E-8000-000000000004
		size=16M, uuid=6E766D65-7070-4F6E-8000-000000000005
	END
	probe sfdisk.text sh -c "sfdisk -q '$disk' <files/table"
	udevadm settle
	links by-id by-id "$disk"
	links by-id-2 by-id "$disk2"
	links by-path by-path "$disk"
	links by-partuuid by-partuuid "$disk"
	probe udev-disk.equals udevadm info --query=property "$disk"
	probe udev-disk-2.equals udevadm info --query=property "$disk2"
	probe udev-part.equals udevadm info --query=property "${disk}p1"
	probe udev-controller.equals udevadm info --query=property "$ctrl"
	probe udev-generic.equals udevadm info --query=property "$generic"
	probe udev-nodes.text sh -c "cd /dev && stat -c '%n %F %A %U %G' nvme[0-9]* ng*"
	probe lsblk-model-serial.text lsblk -o +MODEL,SERIAL "$disk" "$disk2"
	probe lsblk-all.json lsblk -J -b -O "$disk" "$disk2"
	probe lsblk-subsystems.text lsblk -S -o NAME,TRAN,MODEL,SERIAL
	probe wipefs.text wipefs -a "$disk"
	probe blockdev-rereadpt.text blockdev -v --rereadpt "$disk"
	udevadm settle
}

# values FOLDER: its files and what is in them.
values()
{
	# shellcheck disable=SC2016 # it is that shell's to expand
	probe "$1" sh -c '
		cd "$0" || exit
		for file in *; do
			[ ! -f "$file" ] || echo "$file=$(tr "\n" " " 2>&1 <"$file")"
		done' "$2"
}

attributes()
{
	values sysfs-disk.equals "/sys/block/${disk#/dev/}"
	values sysfs-disk-2.equals "/sys/block/${disk2#/dev/}"
	values sysfs-queue.equals "/sys/block/${disk#/dev/}/queue"
	values sysfs-queue-2.equals "/sys/block/${disk2#/dev/}/queue"
	values sysfs-controller.equals "/sys/block/${disk#/dev/}/device"
}

block()
{
	probe hdparm-t.text hdparm -t "$disk"
	probe hdparm-g.text hdparm -g "$disk"
	probe hdparm-I.text hdparm -I "$disk"
	probe hdparm-r.text hdparm -r "$disk"
	probe blkdiscard.text blkdiscard -v -o 1M -l 8M "$disk"
	probe blkdiscard-zeroes.text blkdiscard -v -z -o 1M -l 8M "$disk"
	probe blkdiscard-secure.text blkdiscard -v -s -o 1M -l 8M "$disk"
	probe blkdiscard-unaligned.text blkdiscard -v -o 512 -l 4096 "$disk2"
	probe blkzone-report.text blkzone report "$disk"
	probe blkzone-reset.text blkzone reset "$disk"
	probe blockdev.text blockdev --getss --getpbsz --getiomin --getioopt --getmaxsect --getra --getro \
		--getdiscardzeroes --getalignoff --getsize64 "$disk"
	probe blockdev-flush.text blockdev -v --flushbufs "$disk"
	probe dd.text dd if="$disk" of=/dev/null bs=1M count=16 iflag=direct status=none
	probe mkfs-ext4.text mke2fs -q -t ext4 "$disk" 64M
	probe mkfs-xfs.text mkfs.xfs -q -f "$disk2"
}

# io NAME OPTION...: fio, which verifies what it reads.
io()
{
	local name=$1
	shift
	probe "fio-$name.json" fio --output-format=json --name="$name" --size=8M --rw=randwrite \
		--bs=4k --iodepth=16 --verify=crc32c --verify_fatal=1 --do_verify=1 "$@"
}

fio_engines()
{
	io libaio --ioengine=libaio --direct=1 --filename="$disk"
	io psync --ioengine=psync --direct=1 --iodepth=1 --filename="$disk2"
	io io_uring --ioengine=io_uring --direct=1 --filename="$disk"
	io io_uring-fixed --ioengine=io_uring --direct=1 --fixedbufs --registerfiles --filename="$disk2"
	io io_uring-hipri --ioengine=io_uring --direct=1 --hipri --filename="$disk"
	io io_uring_cmd --ioengine=io_uring_cmd --cmd_type=nvme --filename="$generic"
	io io_uring_cmd-fixed --ioengine=io_uring_cmd --cmd_type=nvme --fixedbufs --filename="$generic"
	io trim --ioengine=libaio --direct=1 --filename="$disk" --rw=randtrim --do_verify=0 --verify=0
}

all_probes()
{
	tell_device
	tell_logs
	tell_features
	smart
	names
	attributes
	move_data
	block
	fio_engines
	change_device
}
