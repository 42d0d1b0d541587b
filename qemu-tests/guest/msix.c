// SPDX-License-Identifier: GPL-2.0
/*
 * Loses interrupts by changing a device's MSI-X table behind the driver's back:
 *
 *   msix BDF show			one line a vector
 *   msix BDF state VECTOR		"address=... data=... masked=0|1 pending=0|1"
 *   msix BDF mask|unmask VECTOR	delivery waits in the pending bit
 *   msix BDF break|restore VECTOR	message address 0: delivery is truly lost
 *   msix BDF hold VECTOR FILE	breaks it whenever it works, until FILE says something else
 *   msix BDF hold-tight VECTOR FILE	without a pause: not one message gets through
 *   msix BDF copy VECTOR OTHER	OTHER sends the message of VECTOR, while its own is lost
 *   msix BDF mask-function|unmask-function
 *   msix BDF disable|enable	the capability as a whole
 *
 * The working address of a broken vector is kept in /run, for "restore".
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "msix_table.h"
#include "pci.h"
#include "tool.h"

#define CONTROL_ENABLE		0x8000u
#define CONTROL_FUNCTION_MASK	0x4000u
#define NO_NUMBER		(~0ull)
#define HOLD_US			500
#define TIGHT_ROUNDS		200	/* between two looks at FILE */

static void print_state(const struct msix *msix, unsigned int vector)
{
	volatile struct msix_entry *entry = &msix->entries[vector];

	printf("address=%08x:%08x data=%08x masked=%u pending=%u\n", entry->address_high,
	       entry->address, entry->data, entry->control & MSIX_ENTRY_MASKED,
	       msix->pending[vector / 32] >> (vector % 32) & 1);
}

static void show(const struct msix *msix)
{
	printf("control=%04x vectors=%u\n",
	       pci_config_read(msix->pci_address, msix->capability + 2, 2), msix->vectors);
	for (unsigned int vector = 0; vector < msix->vectors; vector++) {
		printf("vector=%u ", vector);
		print_state(msix, vector);
	}
}

static FILE *open_saved(const struct msix *msix, unsigned int vector, const char *mode)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "/run/msix-%s-%u", msix->pci_address, vector);
	file = fopen(path, mode);
	if (!file)
		tool_die(TOOL_FAILED, "%s: vector %u was not broken before", msix->pci_address,
			 vector);
	return file;
}

static void break_vector(const struct msix *msix, unsigned int vector)
{
	uint32_t working = msix->entries[vector].address;
	FILE *file;

	/* Broken already: what was kept is still what works. */
	if (!working)
		return;
	file = open_saved(msix, vector, "w");
	fprintf(file, "%x\n", working);
	fclose(file);
	msix->entries[vector].address = 0;
}

/* What a file of one number says; opened anew each time, since it may be one of sysfs. */
static uint64_t said_by(const char *path)
{
	unsigned long long number = NO_NUMBER;
	FILE *file = fopen(path, "r");

	if (!file)
		return NO_NUMBER;
	if (fscanf(file, "%llu", &number) != 1)
		number = NO_NUMBER;
	fclose(file);
	return number;
}

/* A device whose memory decoding is off answers with ones. */
static void break_again(const struct msix *msix, unsigned int vector)
{
	if (msix->entries[vector].address != MSIX_NO_ANSWER)
		break_vector(msix, vector);
}

static void hold_vector(const struct msix *msix, unsigned int vector, const char *path,
			bool tight)
{
	const uint64_t said = said_by(path);

	if (said == NO_NUMBER)
		tool_die(TOOL_USAGE, "%s: cannot be read", path);
	puts("holding");
	fflush(stdout);
	while (said_by(path) == said) {
		for (int round = 0; round < (tight ? TIGHT_ROUNDS : 1); round++)
			break_again(msix, vector);
		if (!tight)
			usleep(HOLD_US);
	}
}

static void copy_vector(const struct msix *msix, unsigned int vector, unsigned int other)
{
	msix->entries[other].address = msix->entries[vector].address;
	msix->entries[other].address_high = msix->entries[vector].address_high;
	msix->entries[other].data = msix->entries[vector].data;
}

static void restore_vector(const struct msix *msix, unsigned int vector)
{
	FILE *file = open_saved(msix, vector, "r");
	unsigned int address;

	if (fscanf(file, "%x", &address) != 1)
		tool_die(TOOL_FAILED, "vector %u: its address was not kept", vector);
	fclose(file);
	msix->entries[vector].address = address;
}

static void change_control(const struct msix *msix, uint32_t clear, uint32_t set)
{
	uint32_t control = pci_config_read(msix->pci_address, msix->capability + 2, 2);

	pci_config_write(msix->pci_address, msix->capability + 2, 2, (control & ~clear) | set);
}

static int on_function(const struct msix *msix, const char *verb)
{
	if (!strcmp(verb, "show"))
		show(msix);
	else if (!strcmp(verb, "mask-function"))
		change_control(msix, 0, CONTROL_FUNCTION_MASK);
	else if (!strcmp(verb, "unmask-function"))
		change_control(msix, CONTROL_FUNCTION_MASK, 0);
	else if (!strcmp(verb, "disable"))
		change_control(msix, CONTROL_ENABLE, 0);
	else if (!strcmp(verb, "enable"))
		change_control(msix, 0, CONTROL_ENABLE);
	else
		return TOOL_USAGE;
	return TOOL_OK;
}

static void check_vector(const struct msix *msix, unsigned int vector)
{
	if (vector >= msix->vectors)
		tool_die(TOOL_USAGE, "vector %u: %s has %u", vector, msix->pci_address,
			 msix->vectors);
}

static int on_vector(const struct msix *msix, const char *verb, unsigned int vector)
{
	volatile struct msix_entry *entry = &msix->entries[vector];

	check_vector(msix, vector);
	if (!strcmp(verb, "state"))
		print_state(msix, vector);
	else if (!strcmp(verb, "mask"))
		entry->control |= MSIX_ENTRY_MASKED;
	else if (!strcmp(verb, "unmask"))
		entry->control &= ~MSIX_ENTRY_MASKED;
	else if (!strcmp(verb, "break"))
		break_vector(msix, vector);
	else if (!strcmp(verb, "restore"))
		restore_vector(msix, vector);
	else
		return TOOL_USAGE;
	return TOOL_OK;
}

static int on_vector_with(const struct msix *msix, const char *verb, unsigned int vector,
			  const char *argument)
{
	unsigned int other;

	check_vector(msix, vector);
	if (!strcmp(verb, "hold")) {
		hold_vector(msix, vector, argument, false);
	} else if (!strcmp(verb, "hold-tight")) {
		hold_vector(msix, vector, argument, true);
	} else if (!strcmp(verb, "copy")) {
		other = (unsigned int)tool_number(argument, "OTHER");
		check_vector(msix, other);
		copy_vector(msix, vector, other);
	} else {
		return TOOL_USAGE;
	}
	return TOOL_OK;
}

int main(int argc, char **argv)
{
	struct msix msix;
	int status = TOOL_USAGE;

	if (argc < 3 || argc > 5)
		tool_die(TOOL_USAGE, "BDF VERB [VECTOR [ARGUMENT]]");
	msix_open(&msix, argv[1]);
	if (argc == 3)
		status = on_function(&msix, argv[2]);
	else if (argc == 4)
		status = on_vector(&msix, argv[2], (unsigned int)tool_number(argv[3], "VECTOR"));
	else
		status = on_vector_with(&msix, argv[2],
					(unsigned int)tool_number(argv[3], "VECTOR"), argv[4]);
	if (status == TOOL_USAGE)
		tool_die(TOOL_USAGE, "'%s': see the comment at the head of msix.c", argv[2]);
	return status;
}
