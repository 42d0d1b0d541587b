// SPDX-License-Identifier: GPL-2.0
/*
 * What mdadm asks md for, of an array whose superblocks are of format 0.90: those the kernel
 * writes itself.
 *
 *   raid ARRAY mirror KIBIBYTES DISK DISK      --create --level=1; of each disk so much is used
 *   raid ARRAY add DISK                        --add
 *   raid ARRAY stop                            --stop
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <linux/raid/md_p.h>
#include <linux/raid/md_u.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "tool.h"

#define MEMBERS		2

static void ask(int array, unsigned long request, unsigned long argument, const char *what)
{
	if (ioctl(array, request, argument))
		tool_die(TOOL_FAILED, "%s: %s", what, strerror(errno));
}

static dev_t number_of(const char *disk)
{
	struct stat st;

	if (stat(disk, &st))
		tool_die(TOOL_FAILED, "%s: %s", disk, strerror(errno));
	return st.st_rdev;
}

static void mirror(int array, uint64_t kibibytes, char **disks)
{
	mdu_array_info_t info = {
		.level = 1,
		.size = kibibytes,
		.nr_disks = MEMBERS,
		.raid_disks = MEMBERS,
		.active_disks = MEMBERS,
		.working_disks = MEMBERS,
	};

	ask(array, SET_ARRAY_INFO, (unsigned long)&info, "SET_ARRAY_INFO");
	for (int i = 0; i < MEMBERS; i++) {
		const dev_t number = number_of(disks[i]);
		mdu_disk_info_t disk = {
			.number = i,
			.major = major(number),
			.minor = minor(number),
			.raid_disk = i,
			.state = 1 << MD_DISK_ACTIVE | 1 << MD_DISK_SYNC,
		};

		ask(array, ADD_NEW_DISK, (unsigned long)&disk, disks[i]);
	}
	ask(array, RUN_ARRAY, 0, "RUN_ARRAY");
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[2] : "";
	int array;

	array = argc > 2 ? open(argv[1], O_RDWR) : -1;
	if (array < 0)
		tool_die(TOOL_FAILED, "ARRAY: %s", strerror(errno));
	if (!strcmp(verb, "mirror") && argc == 4 + MEMBERS)
		mirror(array, tool_number(argv[3], "KIBIBYTES"), argv + 4);
	else if (!strcmp(verb, "add") && argc == 4)
		ask(array, HOT_ADD_DISK, number_of(argv[3]), argv[3]);
	else if (!strcmp(verb, "stop") && argc == 3)
		ask(array, STOP_ARRAY, 0, "STOP_ARRAY");
	else
		tool_die(TOOL_USAGE, "ARRAY mirror KIBIBYTES DISK DISK | add DISK | stop");
	return TOOL_OK;
}
