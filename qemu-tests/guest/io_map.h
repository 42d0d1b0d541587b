/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a job's part of the device must hold: a generation a block, 0 for "not known", and which
 * blocks have a request in flight, so that no two requests ever race for one block.
 */
#ifndef IO_MAP_H
#define IO_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct io_map {
	uint64_t first;		/* block of the device where the part begins */
	uint64_t blocks;
	uint32_t last_generation;
	uint32_t *generation;
	bool *busy;
};

void io_map_open(struct io_map *map, uint64_t first, uint64_t blocks);

/* The state of one job in a file of its own: path.number */
void io_map_load(struct io_map *map, const char *path, unsigned int number);
void io_map_save(const struct io_map *map, const char *path, unsigned int number);

bool io_map_claim(struct io_map *map, uint64_t at, uint32_t blocks);
void io_map_release(struct io_map *map, uint64_t at, uint32_t blocks);

bool io_map_known(const struct io_map *map, uint64_t at, uint32_t blocks);
void io_map_set(struct io_map *map, uint64_t at, uint32_t blocks, uint32_t generation);

#endif
