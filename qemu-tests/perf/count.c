// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin of QEMU's TCG that counts what the guest executes, exactly, however busy the host is:
 *
 *   qemu-system-x86_64 -plugin count.so,out=FILE ...
 *
 * The guest marks the stretches that are of interest with two instructions that do nothing (see
 * guest/load.c). Each stretch becomes
 *
 *   phase
 *   block ADDRESS INSTRUCTIONS EXECUTIONS	kernel code, one line a translation block
 *   device ADDRESS r|w ACCESSES		device memory, physical
 *   end
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_plugin.h"

EXPORT int qemu_plugin_version = 1;

#define CPUS		64
#define BUCKETS		65536u
#define DEVICE_PLACES	4096u
#define KERNEL		0x8000000000000000ull
#define MODULES		0xffffffffc0000000ull
#define MODULES_END	0xfffffffffff00000ull

/* nopl 0x4e5601xx(%rax), or ...02xx: its seven bytes begin so, and end with the mark. */
#define MARK_BYTES	7
#define MARK_START	0x4e560100u
#define MARK_STOP	0x4e560200u

struct block {
	struct block *next_in_bucket;
	struct block *next;
	uint64_t address;
	uint64_t instructions;
	uint64_t count[CPUS];	/* each written by one virtual CPU only */
	uint64_t before;	/* when the phase began */
};

struct place {
	bool used;
	bool store;
	uint64_t address;
	uint64_t count;
	uint64_t before;
};

static struct block *buckets[BUCKETS];
static struct block *blocks;
static struct place places[DEVICE_PLACES];
/* Guards all of it, but for the blocks' counts. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *out;

static unsigned int hash(uint64_t address)
{
	return (unsigned int)(address * 0x9e3779b97f4a7c15ull >> 40);
}

/* A block may be translated again, with another length. */
static struct block *find_block(uint64_t address, uint64_t instructions)
{
	struct block **bucket = &buckets[hash(address + instructions) % BUCKETS];
	struct block *block;

	for (block = *bucket; block; block = block->next_in_bucket)
		if (block->address == address && block->instructions == instructions)
			return block;
	block = calloc(1, sizeof(*block));
	if (!block)
		abort();
	block->address = address;
	block->instructions = instructions;
	block->next_in_bucket = *bucket;
	*bucket = block;
	block->next = blocks;
	blocks = block;
	return block;
}

static uint64_t executions(const struct block *block)
{
	uint64_t sum = 0;

	for (int cpu = 0; cpu < CPUS; cpu++)
		sum += block->count[cpu];
	return sum;
}

static void on_block(unsigned int cpu, void *data)
{
	struct block *block = data;

	block->count[cpu % CPUS]++;
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
	struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, address);
	bool store = qemu_plugin_mem_is_store(info);
	struct place *place;
	uint64_t physical;

	if (!where || !qemu_plugin_hwaddr_is_io(where))
		return;
	physical = qemu_plugin_hwaddr_phys_addr(where);
	pthread_mutex_lock(&lock);
	for (unsigned int i = hash(physical); ; i++) {
		place = &places[i % DEVICE_PLACES];
		if (!place->used)
			*place = (struct place){
				.used = true,
				.store = store,
				.address = physical,
			};
		if (place->address == physical && place->store == store)
			break;
	}
	place->count++;
	pthread_mutex_unlock(&lock);
}

static void on_start(unsigned int cpu, void *data)
{
	pthread_mutex_lock(&lock);
	for (struct block *block = blocks; block; block = block->next)
		block->before = executions(block);
	for (unsigned int i = 0; i < DEVICE_PLACES; i++)
		places[i].before = places[i].count;
	pthread_mutex_unlock(&lock);
}

static void print_phase(void)
{
	fputs("phase\n", out);
	for (struct block *block = blocks; block; block = block->next) {
		uint64_t count = executions(block) - block->before;

		if (count && block->address >= KERNEL)
			fprintf(out, "block %" PRIx64 " %" PRIu64 " %" PRIu64 "\n", block->address,
				block->instructions, count);
	}
	for (unsigned int i = 0; i < DEVICE_PLACES; i++) {
		uint64_t count = places[i].count - places[i].before;

		if (count)
			fprintf(out, "device %" PRIx64 " %c %" PRIu64 "\n", places[i].address,
				places[i].store ? 'w' : 'r', count);
	}
	fputs("end\n", out);
	fflush(out);
}

static void on_stop(unsigned int cpu, void *data)
{
	pthread_mutex_lock(&lock);
	print_phase();
	pthread_mutex_unlock(&lock);
}

static uint32_t mark_of(const struct qemu_plugin_insn *instruction)
{
	static const unsigned char nop[] = { 0x0f, 0x1f, 0x80 };
	const char *bytes = qemu_plugin_insn_data(instruction);
	uint32_t mark;

	if (qemu_plugin_insn_size(instruction) != MARK_BYTES || memcmp(bytes, nop, sizeof(nop)))
		return 0;
	memcpy(&mark, bytes + sizeof(nop), sizeof(mark));
	return mark;
}

static void watch_instruction(struct qemu_plugin_insn *instruction)
{
	uint64_t address = qemu_plugin_insn_vaddr(instruction);
	uint32_t mark = mark_of(instruction);

	if (mark == MARK_START || mark == MARK_STOP)
		qemu_plugin_register_vcpu_insn_exec_cb(instruction,
						       mark == MARK_START ? on_start : on_stop,
						       NO_REGISTERS, NULL);
	/* Drivers are modules; anything else that touches devices is not theirs. */
	if (address >= MODULES && address < MODULES_END)
		qemu_plugin_register_vcpu_mem_cb(instruction, on_access, NO_REGISTERS,
						 ALL_ACCESSES, NULL);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *translation)
{
	size_t instructions = qemu_plugin_tb_n_insns(translation);
	struct block *block;

	pthread_mutex_lock(&lock);
	block = find_block(qemu_plugin_tb_vaddr(translation), instructions);
	pthread_mutex_unlock(&lock);
	qemu_plugin_register_vcpu_tb_exec_cb(translation, on_block, NO_REGISTERS, block);
	for (size_t i = 0; i < instructions; i++)
		watch_instruction(qemu_plugin_tb_get_insn(translation, i));
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
	if (!out) {
		fputs("count.so: out=FILE is needed, and has to be writable\n", stderr);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
