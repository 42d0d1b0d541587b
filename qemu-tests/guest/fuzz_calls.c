// SPDX-License-Identifier: GPL-2.0
/*
 * What is asked for is at random, but for what would take away from the test what it relies on:
 * namespace 1 is all that may change, its size included, and the controller goes on reporting and
 * answering as it does.
 */
#define _GNU_SOURCE
#include "fuzz_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fuzz_memory.h"
#include "tool.h"

#define RESET_GAP_NS	400000000ull
#define SHORT_MS	2000u	/* a command that takes longer has the controller reset */

struct call {
	const struct fuzz_node *node;
	unsigned int number;	/* of the ioctl, or the ring's operation */
	bool ring;
	bool known;		/* there is such a call for this node */
	bool vector;
	struct nvme_passthru_cmd64 c;
	struct nvme_user_io io;
};

static bool number_is_known(enum fuzz_kind kind, unsigned int number)
{
	switch (number) {
	case NVME_IOCTL_ADMIN_CMD:
	case NVME_IOCTL_ADMIN64_CMD:
	case NVME_IOCTL_IO_CMD:
		return true;
	case NVME_IOCTL_RESET:
	case NVME_IOCTL_SUBSYS_RESET:
	case NVME_IOCTL_RESCAN:
		return kind == FUZZ_CONTROLLER;
	case NVME_IOCTL_ID:
	case NVME_IOCTL_SUBMIT_IO:
	case NVME_IOCTL_IO64_CMD:
	case NVME_IOCTL_IO64_CMD_VEC:
		return kind != FUZZ_CONTROLLER;
	default:
		return false;
	}
}

static bool operation_is_known(enum fuzz_kind kind, unsigned int number)
{
	switch (number) {
	case NVME_URING_CMD_IO:
	case NVME_URING_CMD_IO_VEC:
		return kind == FUZZ_GENERIC;
	case NVME_URING_CMD_ADMIN:
	case NVME_URING_CMD_ADMIN_VEC:
		return kind == FUZZ_CONTROLLER;
	default:
		return false;
	}
}

/* Numbers of no NVMe ioctl, nor of one that the kernel answers for every file or disk. */
static unsigned int unknown_number(uint64_t *random)
{
	static const unsigned int close_ones[] = {
		_IO('N', 0x3f), _IO('N', 0x49), _IO('N', 0x40) + (1 << 30),
		_IOW('N', 0x41, char[72]), _IOWR('N', 0x41, char[80]), _IOWR('N', 0x43, char[64]),
		_IOWR('N', 0x48, char[0x3fff]), _IO('N', 0x44) + (1 << 16), _IO('n', 0x44),
		_IOWR('N', 0x82, char[72]), 0, 0xffffffff,
	};
	unsigned int number;

	if (fuzz_below(random, 2))
		return close_ones[fuzz_below(random, ARRAY_SIZE(close_ones) - 2)];
	number = fuzz_random(random);
	return (number & ~0xff00u) | ((unsigned int)fuzz_below(random, 16) + 0xa0) << 8;
}

static unsigned int pick_number(uint64_t *random)
{
	static const unsigned int numbers[] = {
		NVME_IOCTL_ID, NVME_IOCTL_ADMIN_CMD, NVME_IOCTL_ADMIN_CMD, NVME_IOCTL_ADMIN_CMD,
		NVME_IOCTL_SUBMIT_IO, NVME_IOCTL_IO_CMD, NVME_IOCTL_IO_CMD, NVME_IOCTL_RESET,
		NVME_IOCTL_SUBSYS_RESET, NVME_IOCTL_RESCAN, NVME_IOCTL_ADMIN64_CMD,
		NVME_IOCTL_ADMIN64_CMD, NVME_IOCTL_IO64_CMD, NVME_IOCTL_IO64_CMD,
		NVME_IOCTL_IO64_CMD_VEC, NVME_IOCTL_IO64_CMD_VEC,
	};

	if (!fuzz_below(random, 5))
		return unknown_number(random);
	return numbers[fuzz_below(random, ARRAY_SIZE(numbers))];
}

static unsigned int pick_operation(uint64_t *random)
{
	static const unsigned int numbers[] = {
		NVME_URING_CMD_IO, NVME_URING_CMD_IO_VEC, NVME_URING_CMD_ADMIN,
		NVME_URING_CMD_ADMIN_VEC,
	};

	return fuzz_below(random, 6) ? numbers[fuzz_below(random, 4)] : unknown_number(random);
}

static bool is_admin(const struct call *call)
{
	if (call->ring)
		return call->number == NVME_URING_CMD_ADMIN ||
		       call->number == NVME_URING_CMD_ADMIN_VEC;
	return call->number == NVME_IOCTL_ADMIN_CMD || call->number == NVME_IOCTL_ADMIN64_CMD;
}

/* Formats of namespace 1 to what it is; everything else that would change is something else. */
static void spare_what_is_needed(struct nvme_passthru_cmd64 *c)
{
	const uint8_t feature = c->cdw10;

	switch (c->opcode) {
	case 0x09:	/* Set Features: not those that change what I/O or the driver sees */
		if (feature < 0x20 && feature != 0x04 && feature != 0x0d)
			c->cdw10 = 0x06;
		break;
	case 0x80:
		c->nsid = FUZZ_SCRATCH;
		c->cdw10 = 0;
		break;
	case 0x0d:	/* namespaces made, attached */
	case 0x15:
	case 0x1c:	/* resources of virtual functions */
	case 0x84:	/* sanitize */
		c->opcode = 0x06;
		break;
	default:
		break;
	}
}

static void make_likely_admin(uint64_t *random, struct nvme_passthru_cmd64 *c)
{
	static const uint8_t opcodes[] = { 0x06, 0x06, 0x02, 0x0a, 0x09, 0x08, 0x80, 0x05, 0x0c };

	c->opcode = opcodes[fuzz_below(random, sizeof(opcodes))];
	c->nsid = fuzz_below(random, 3);
	c->cdw10 = fuzz_below(random, 16);
	if (c->opcode == 0x02)
		c->cdw10 |= 0x7f0000;
	c->data_len = c->opcode == 0x06 || c->opcode == 0x02 ? 4096 : 0;
}

static void make_likely_io(uint64_t *random, uint32_t nsid, struct nvme_passthru_cmd64 *c)
{
	static const uint8_t opcodes[] = { 0, 1, 2, 2, 5, 8, 9, 0x0c, 0x19 };

	c->opcode = opcodes[fuzz_below(random, sizeof(opcodes))];
	c->nsid = nsid;
	c->cdw10 = c->opcode == 9 || c->opcode == 0x19 ? 0 : fuzz_below(random, 1 << 16);
	c->cdw12 = fuzz_below(random, 256);
	c->data_len = c->opcode == 0 || c->opcode == 8 || c->opcode == 0x0c ? 0 :
		      (c->cdw12 + 1) * 512;
}

static void spoil(uint64_t *random, struct nvme_passthru_cmd64 *c)
{
	uint32_t *const dwords[] = {
		&c->nsid, &c->cdw2, &c->cdw3, &c->metadata_len, &c->cdw10, &c->cdw11, &c->cdw12,
		&c->cdw13, &c->cdw14, &c->cdw15,
	};

	switch (fuzz_below(random, 6)) {
	case 0:
		c->opcode = fuzz_random(random);
		break;
	case 1:
		c->flags = fuzz_random(random);
		break;
	case 2:
		c->data_len = fuzz_length(random);
		break;
	default:
		*dwords[fuzz_below(random, ARRAY_SIZE(dwords))] =
			fuzz_below(random, 2) ? fuzz_length(random) : fuzz_random(random);
		break;
	}
}

/* 0: the usual one. A short one is as good as a reset, and as often as one. */
static uint32_t pick_timeout(struct fuzz *f)
{
	static const uint32_t table[] = { 0, 0, 0, SHORT_MS, 60000, 0x7fffffff, 0xffffffff };

	if (!fuzz_below(&f->random, 64) && tool_now_ns() > f->may_reset_ns) {
		f->may_reset_ns = tool_now_ns() + RESET_GAP_NS;
		return 1 + fuzz_below(&f->random, 20);
	}
	return table[fuzz_below(&f->random, ARRAY_SIZE(table))];
}

static void make_command(struct fuzz *f, struct call *call)
{
	struct nvme_passthru_cmd64 *c = &call->c;

	if (is_admin(call))
		make_likely_admin(&f->random, c);
	else
		make_likely_io(&f->random, call->node->nsid, c);
	c->addr = call->vector ? (uintptr_t)fuzz_pieces(&f->random) : fuzz_address(&f->random);
	if (call->vector) {
		static const uint32_t counts[] = { 1, 2, 9, 1024, 1025, 0xffffffff };

		c->data_len = counts[fuzz_below(&f->random, 6)];
		/* As many pieces as there are bytes in the list, and the list may lie anywhere. */
		if (!fuzz_below(&f->random, 8))
			c->addr = fuzz_address(&f->random);
	}
	c->timeout_ms = pick_timeout(f);
	while (fuzz_below(&f->random, 2))
		spoil(&f->random, c);
	if (is_admin(call))
		spare_what_is_needed(c);
	else if (c->nsid != FUZZ_SCRATCH && call->node->kind == FUZZ_CONTROLLER)
		c->nsid = FUZZ_SCRATCH;
	call->io = (struct nvme_user_io){
		.opcode = c->opcode, .flags = c->flags, .nblocks = c->cdw12, .addr = c->addr,
		.slba = c->cdw10 | (uint64_t)c->cdw11 << 32, .control = c->cdw12 >> 16,
		.metadata = c->cdw2, .dsmgmt = c->cdw13,
	};
}

/* A reset at most every now and then; otherwise it becomes the question for the number. */
static void limit_resets(struct fuzz *f, struct call *call)
{
	const unsigned int n = call->number;

	if (call->ring || (n != NVME_IOCTL_RESET && n != NVME_IOCTL_SUBSYS_RESET))
		return;
	if (f->privileged && tool_now_ns() < f->may_reset_ns) {
		call->number = NVME_IOCTL_ID;
		return;
	}
	f->may_reset_ns = tool_now_ns() + RESET_GAP_NS;
	f->state->resets++;
}

static void make_call(struct fuzz *f, struct call *call)
{
	memset(call, 0, sizeof(*call));
	call->node = &f->nodes[fuzz_below(&f->random, f->count)];
	call->ring = call->node->kind != FUZZ_BLOCK && !fuzz_below(&f->random, 3);
	call->number = call->ring ? pick_operation(&f->random) : pick_number(&f->random);
	limit_resets(f, call);
	call->known = call->ring ? operation_is_known(call->node->kind, call->number) :
				   number_is_known(call->node->kind, call->number);
	call->vector = call->ring ? call->number == NVME_URING_CMD_IO_VEC ||
				    call->number == NVME_URING_CMD_ADMIN_VEC :
				    call->number == NVME_IOCTL_IO64_CMD_VEC;
	make_command(f, call);
	snprintf(f->state->text, sizeof(f->state->text),
		 "%s %s 0x%x opcode=0x%02x flags=%u nsid=0x%x cdw10=0x%x cdw12=0x%x addr=0x%llx len=0x%x timeout=%u",
		 call->node->path, call->ring ? "ring" : "ioctl", call->number, call->c.opcode,
		 call->c.flags, call->c.nsid, call->c.cdw10, call->c.cdw12,
		 (unsigned long long)call->c.addr, call->c.data_len, call->c.timeout_ms);
}

/* What the kernel says: 0 or more, or a negative error. */
static int send_by_ring(struct fuzz *f, const struct call *call)
{
	const struct ring_command command = {
		.fd = call->node->fd,
		.operation = call->number,
		.flags = fuzz_below(&f->random, 4) ? 0 : IORING_URING_CMD_FIXED,
		.command = &call->c,
		.cookie = f->state->calls,
	};
	uint64_t cookie, second;
	int ret;

	f->state->rings++;
	ring_queue_command(&f->ring, &command);
	do
		ring_enter(&f->ring);
	while (!ring_reap_wide(&f->ring, &cookie, &ret, &second));
	if (cookie != f->state->calls)
		tool_die(TOOL_FAILED, "call %llu is answered once more, now %s is on",
			 (unsigned long long)cookie, f->state->text);
	return ret;
}

static int send(struct fuzz *f, const struct call *call)
{
	const bool submit = call->number == NVME_IOCTL_SUBMIT_IO;
	void *argument;

	if (call->ring)
		return send_by_ring(f, call);
	argument = submit ? fuzz_place(&f->random, &call->io, sizeof(call->io)) :
			    fuzz_place(&f->random, &call->c, sizeof(call->c));
	return ioctl(call->node->fd, call->number, argument) < 0 ? -errno : 1;
}

static bool sends_io(const struct call *call)
{
	return call->ring ? !is_admin(call) :
	       call->number == NVME_IOCTL_SUBMIT_IO || call->number == NVME_IOCTL_IO_CMD ||
	       call->number == NVME_IOCTL_IO64_CMD || call->number == NVME_IOCTL_IO64_CMD_VEC;
}

/* Of the I/O commands, as the NVM and zoned command sets and a vendor may have them. */
static bool changes_the_medium(uint8_t opcode)
{
	static const uint8_t changing[] = { 0x01, 0x04, 0x08, 0x09, 0x0d, 0x11, 0x15, 0x19, 0x1d,
					    0x79, 0x7d };

	return opcode >= 0x80 || memchr(changing, opcode, sizeof(changing));
}

static void judge(struct fuzz *f, const struct call *call, int ret)
{
	const uint8_t opcode = call->c.opcode;
	const bool drivers_own = opcode <= 1 || opcode == 4 || opcode == 5 || opcode == 0x0c ||
				 opcode == 0x7c;
	const char *wrong = NULL;

	if (!call->known && ret != -ENOTTY)
		wrong = "a call that there is not";
	else if (call->known && ret >= 0 && is_admin(call) && drivers_own &&
		 (call->ring || call->number == NVME_IOCTL_ADMIN64_CMD))
		wrong = "a command that is the driver's own";
	else if (!f->privileged && call->known && !call->ring && ret != -EACCES &&
		 (call->number == NVME_IOCTL_RESET || call->number == NVME_IOCTL_RESCAN ||
		  call->number == NVME_IOCTL_SUBSYS_RESET))
		wrong = "who is not privileged";
	else if (!f->privileged && ret >= 0 && is_admin(call) && opcode != 0x06)
		wrong = "an admin command of who is not privileged";
	else if (!f->privileged && ret >= 0 && call->node->read_only && sends_io(call) &&
		 changes_the_medium(opcode))
		wrong = "a change by a descriptor for reading";
	if (wrong)
		tool_die(TOOL_FAILED, "%s: call %llu: %s: %s", wrong,
			 (unsigned long long)f->state->calls, f->state->text,
			 ret < 0 ? strerrorname_np(-ret) : "was done");
}

void fuzz_prepare(struct fuzz *f)
{
	const struct iovec good = { .iov_base = fuzz_good_buffer(), .iov_len = FUZZ_BUFFER };

	ring_open(&f->ring, 4, RING_LARGE);
	ring_register(&f->ring, &good, 1);
}

void fuzz_call(struct fuzz *f)
{
	struct fuzz_state *state = f->state;
	struct call call;
	int ret;

	make_call(f, &call);
	__atomic_store_n(&state->began_ns, tool_now_ns(), __ATOMIC_RELEASE);
	ret = send(f, &call);
	__atomic_store_n(&state->began_ns, 0, __ATOMIC_RELEASE);
	state->calls++;
	state->unknown += !call.known;
	state->good += ret >= 0;
	state->refused += ret == -EACCES;
	judge(f, &call, ret);
}
