// SPDX-License-Identifier: GPL-2.0
/* Which answers may be: src/RIGHTS.md, as a program. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "compat.h"
#include "fuzz_calls.h"
#include "fuzz_memory.h"
#include "tool.h"

#define IDENTIFY	0x06
#define SET_FEATURES	0x09

static bool submits_io(const struct fuzz_call *call)
{
	return !call->ring &&
	       (call->number == NVME_IOCTL_SUBMIT_IO || call->number == COMPAT_SUBMIT_IO);
}

static bool sends_io(const struct fuzz_call *call)
{
	if (call->ring)
		return !fuzz_is_admin(call);
	return submits_io(call) || call->number == NVME_IOCTL_IO_CMD ||
	       call->number == NVME_IOCTL_IO64_CMD || call->number == NVME_IOCTL_IO64_CMD_VEC;
}

static bool acts_on_controller(const struct fuzz_call *call)
{
	return !call->ring && (call->number == NVME_IOCTL_RESET ||
			       call->number == NVME_IOCTL_RESCAN ||
			       call->number == NVME_IOCTL_SUBSYS_RESET);
}

/* Of the I/O commands, as the NVM and zoned command sets and a vendor may have them. */
static bool changes_the_medium(uint8_t opcode)
{
	static const uint8_t changing[] = { 0x01, 0x04, 0x08, 0x09, 0x0d, 0x11, 0x15, 0x19, 0x1d,
					    0x79, 0x7d };

	return opcode >= 0x80 || memchr(changing, opcode, sizeof(changing));
}

/* Queues, events, memory that the controller keeps. */
static bool is_drivers_own(const struct fuzz_call *call)
{
	static const uint8_t own[] = { 0x00, 0x01, 0x04, 0x05, 0x0c, 0x45, 0x7c };

	return memchr(own, call->c.opcode, sizeof(own)) ||
	       (call->c.opcode == SET_FEATURES && (call->c.cdw10 & 0xff) == 0x0d);
}

static bool tells_geometry(const struct fuzz_call *call)
{
	static const uint8_t told[] = { 0x00, 0x01, 0x05, 0x06, 0x08 };

	return call->c.opcode == IDENTIFY && memchr(told, call->c.cdw10 & 0xff, sizeof(told));
}

/* What a user has been given and must not get; NULL: he may. */
static const char *beyond_the_users_rights(const struct fuzz_call *call)
{
	if (fuzz_is_admin(call) && !tells_geometry(call))
		return "an admin command of who is not privileged";
	if (call->node->partition && (fuzz_is_admin(call) || sends_io(call)))
		return "a command through a partition of who is not privileged";
	if (!sends_io(call))
		return NULL;
	if (call->c.opcode >= 0x80)
		return "a vendor's command of who is not privileged";
	if (call->node->read_only && changes_the_medium(call->c.opcode))
		return "a change by a descriptor for reading";
	return NULL;
}

/* @call was done. */
static const char *must_not_be_done(const struct fuzz *f, const struct fuzz_call *call)
{
	if (fuzz_is_admin(call) && is_drivers_own(call))
		return "a command that is the driver's own";
	if (sends_io(call) && !submits_io(call) && call->c.nsid != call->node->nsid)
		return "a command for another namespace";
	return f->privileged ? NULL : beyond_the_users_rights(call);
}

static const char *what_is_wrong(const struct fuzz *f, const struct fuzz_call *call, int ret)
{
	if (!call->known)
		return ret != -ENOTTY ? "a call that there is not" : NULL;
	/* Few controllers can do that. */
	if (ret == -ENOTTY && (call->ring || call->number != NVME_IOCTL_SUBSYS_RESET))
		return "a call that there is";
	if (call->fixed && call->vector)
		return ret != -EINVAL ? "a list of registered buffers" : NULL;
	if (!f->privileged && acts_on_controller(call))
		return ret != -EACCES ? "who is not privileged" : NULL;
	return ret >= 0 ? must_not_be_done(f, call) : NULL;
}

static void count(struct fuzz_state *state, const struct fuzz_call *call, int ret)
{
	const bool command = fuzz_is_admin(call) || sends_io(call);

	state->calls++;
	state->unknown += !call->known;
	state->good += ret >= 0;
	state->refused += ret == -EACCES;
	state->rings += call->ring;
	state->parts += call->node->partition && command && ret >= 0;
	state->parts_refused += call->node->partition && command && ret == -EACCES;
	state->compat += call->compat;
	state->compat_reads += call->compat && command && !ret && (call->c.opcode & 3) == 2;
}

void fuzz_judge(struct fuzz *f, const struct fuzz_call *call, int ret)
{
	const char *wrong = what_is_wrong(f, call, ret);
	char text[sizeof(f->state->text)];

	count(f->state, call, ret);
	if (!wrong)
		return;
	fuzz_describe(call, text, sizeof(text));
	tool_die(TOOL_FAILED, "%s: call %llu: %s: %s", wrong,
		 (unsigned long long)f->state->calls, text,
		 ret < 0 ? strerrorname_np(-ret) : "was done");
}
