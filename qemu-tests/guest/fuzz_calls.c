// SPDX-License-Identifier: GPL-2.0
/*
 * What is asked for is at random, but for what would take away from the test what it relies on:
 * namespace 1 is all that may change, its size included, and the controller goes on reporting and
 * answering as it does.
 */
#include "fuzz_calls.h"

#include <stdio.h>
#include <string.h>

#include "compat.h"
#include "fuzz_memory.h"
#include "tool.h"

#define RESET_GAP_NS	400000000ull
#define SHORT_MS	2000u	/* a command that takes longer has the controller reset */

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
	case COMPAT_SUBMIT_IO:
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
		NVME_IOCTL_SUBMIT_IO, COMPAT_SUBMIT_IO, NVME_IOCTL_IO_CMD, NVME_IOCTL_IO_CMD,
		NVME_IOCTL_RESET,
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

bool fuzz_is_admin(const struct fuzz_call *call)
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

/* Memory for @call, which a 32-bit program names with anything in the upper half. */
static void make_address(struct fuzz *f, struct fuzz_call *call)
{
	static const uint32_t counts[] = { 1, 2, 9, 1024, 1025, 0xffffffff };
	struct nvme_passthru_cmd64 *c = &call->c;

	c->addr = fuzz_address(&f->random);
	if (call->vector) {
		c->data_len = counts[fuzz_below(&f->random, ARRAY_SIZE(counts))];
		/* As many pieces as there are bytes in the list, and the list may lie anywhere. */
		if (fuzz_below(&f->random, 8))
			c->addr = (uintptr_t)fuzz_pieces(&f->random, call->compat);
	}
	if (call->compat)
		c->addr |= fuzz_random(&f->random) << 32;
}

static void make_command(struct fuzz *f, struct fuzz_call *call)
{
	struct nvme_passthru_cmd64 *c = &call->c;

	if (fuzz_is_admin(call))
		make_likely_admin(&f->random, c);
	else
		make_likely_io(&f->random, call->node->nsid, c);
	make_address(f, call);
	c->timeout_ms = pick_timeout(f);
	while (fuzz_below(&f->random, 2))
		spoil(&f->random, c);
	if (fuzz_is_admin(call))
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
static void limit_resets(struct fuzz *f, struct fuzz_call *call)
{
	const unsigned int n = call->number;

	if (n != NVME_IOCTL_RESET && n != NVME_IOCTL_SUBSYS_RESET)
		return;
	if (f->privileged && tool_now_ns() < f->may_reset_ns) {
		call->number = NVME_IOCTL_ID;
		return;
	}
	f->may_reset_ns = tool_now_ns() + RESET_GAP_NS;
	f->state->resets++;
}

void fuzz_describe(const struct fuzz_call *call, char *text, size_t bytes)
{
	snprintf(text, bytes,
		 "%s %s 0x%x opcode=0x%02x flags=%u nsid=0x%x cdw10=0x%x cdw12=0x%x addr=0x%llx len=0x%x timeout=%u",
		 call->node->path, call->ring ? "ring" : call->compat ? "ioctl32" : "ioctl",
		 call->number, call->c.opcode, call->c.flags, call->c.nsid, call->c.cdw10,
		 call->c.cdw12, (unsigned long long)call->c.addr, call->c.data_len,
		 call->c.timeout_ms);
}

void fuzz_make_ioctl(struct fuzz *f, struct fuzz_call *call)
{
	memset(call, 0, sizeof(*call));
	call->node = &f->nodes[fuzz_below(&f->random, f->count)];
	call->compat = f->compat && fuzz_below(&f->random, 2);
	call->number = pick_number(&f->random);
	limit_resets(f, call);
	call->known = number_is_known(call->node->kind, call->number);
	call->vector = call->number == NVME_IOCTL_IO64_CMD_VEC;
	make_command(f, call);
}

void fuzz_make_ring(struct fuzz *f, struct fuzz_call *call)
{
	memset(call, 0, sizeof(*call));
	do
		call->node = &f->nodes[fuzz_below(&f->random, f->count)];
	while (call->node->kind == FUZZ_BLOCK);
	call->ring = true;
	call->number = pick_operation(&f->random);
	call->known = operation_is_known(call->node->kind, call->number);
	call->vector = call->number == NVME_URING_CMD_IO_VEC ||
		       call->number == NVME_URING_CMD_ADMIN_VEC;
	call->fixed = !fuzz_below(&f->random, 4);
	make_command(f, call);
}
