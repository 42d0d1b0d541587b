// SPDX-License-Identifier: GPL-2.0
#include "io_map.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

void io_map_open(struct io_map *map, uint64_t first, uint64_t blocks)
{
	map->first = first;
	map->blocks = blocks;
	map->last_generation = 0;
	map->generation = calloc(blocks, sizeof(*map->generation));
	map->busy = calloc(blocks, sizeof(*map->busy));
	if (!map->generation || !map->busy)
		tool_die(TOOL_FAILED, "out of memory for %llu blocks", (unsigned long long)blocks);
}

static FILE *open_state(const char *path, unsigned int number, const char *mode)
{
	char name[256];

	snprintf(name, sizeof(name), "%s.%u", path, number);
	return fopen(name, mode);
}

void io_map_load(struct io_map *map, const char *path, unsigned int number)
{
	FILE *file = open_state(path, number, "r");

	if (!file)
		return;		/* the first run */
	if (fread(&map->last_generation, sizeof(map->last_generation), 1, file) != 1 ||
	    fread(map->generation, sizeof(*map->generation), map->blocks, file) != map->blocks)
		tool_die(TOOL_USAGE, "%s.%u was written by a run with other options", path,
			 number);
	fclose(file);
}

void io_map_save(const struct io_map *map, const char *path, unsigned int number)
{
	FILE *file = open_state(path, number, "w");

	if (!file ||
	    fwrite(&map->last_generation, sizeof(map->last_generation), 1, file) != 1 ||
	    fwrite(map->generation, sizeof(*map->generation), map->blocks, file) != map->blocks ||
	    fclose(file))
		tool_die(TOOL_FAILED, "%s.%u: %s", path, number, strerror(errno));
}

bool io_map_claim(struct io_map *map, uint64_t at, uint32_t blocks)
{
	if (memchr(map->busy + at, true, blocks))
		return false;
	memset(map->busy + at, true, blocks);
	return true;
}

void io_map_release(struct io_map *map, uint64_t at, uint32_t blocks)
{
	memset(map->busy + at, false, blocks);
}

bool io_map_known(const struct io_map *map, uint64_t at, uint32_t blocks)
{
	for (uint32_t i = 0; i < blocks; i++)
		if (!map->generation[at + i])
			return false;
	return true;
}

void io_map_set(struct io_map *map, uint64_t at, uint32_t blocks, uint32_t generation)
{
	for (uint32_t i = 0; i < blocks; i++)
		map->generation[at + i] = generation;
}
