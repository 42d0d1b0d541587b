// SPDX-License-Identifier: GPL-2.0
// The fake controller's I/O commands and its way through PRPs: NVM command set
// 1.0, 3.2; base 2.0, 4.3.1. The walk asks for "the n-th page of the transfer"
// and works out where its entry lies: nothing is shared with the core's builder.

#include "controller.hpp"

namespace fake
{

namespace
{
constexpr u16 INVALID_OPCODE = 0x01, INVALID_FIELD = 0x02, TRANSFER_ERROR = 0x04,
	      INVALID_NAMESPACE = 0x0b, LBA_OUT_OF_RANGE = 0x80;
constexpr u32 MAX_RANGES = 256;
} // namespace

const Namespace *Controller::find(u32 nsid) const
{
	for (const Namespace &ns : namespaces)
		if (ns.nsid == nsid && nsid)
			return &ns;
	return nullptr;
}

u16 Controller::execute_nvm(const Command &c)
{
	const Namespace *ns = find(c.nsid());

	if (c.opcode() == 0x00) // flush, of one namespace or of all
		return ns || c.nsid() == 0xffffffff ? u16{0} : INVALID_NAMESPACE;
	if (!ns)
		return INVALID_NAMESPACE;
	switch (c.opcode()) {
	case 0x01:
	case 0x02:
		return read_write(c, *ns);
	case 0x08:
		return write_zeroes(c, *ns);
	case 0x09:
		return deallocate(c, *ns);
	default:
		return INVALID_OPCODE;
	}
}

static bool in_range(const Namespace &ns, u64 slba, u64 blocks)
{
	return slba < ns.blocks && blocks <= ns.blocks - slba;
}

u16 Controller::read_write(const Command &c, const Namespace &ns)
{
	const u64 slba = c.qword(10);
	const u32 blocks = (c.dword(12) & 0xffff) + 1;

	if (!in_range(ns, slba, blocks))
		return LBA_OUT_OF_RANGE;
	if (!move(c, ns.data + (slba << ns.block_shift), blocks << ns.block_shift,
		  c.opcode() == 0x02))
		return TRANSFER_ERROR;
	return 0;
}

u16 Controller::write_zeroes(const Command &c, const Namespace &ns)
{
	const u64 slba = c.qword(10);
	const u32 blocks = (c.dword(12) & 0xffff) + 1;

	if (!in_range(ns, slba, blocks))
		return LBA_OUT_OF_RANGE;
	__builtin_memset(ns.data + (slba << ns.block_shift), 0, blocks << ns.block_shift);
	return 0;
}

// Deallocated blocks read as ones here, so that it shows.
u16 Controller::deallocate(const Command &c, const Namespace &ns)
{
	const u32 count = (c.dword(10) & 0xff) + 1;
	static u32 ranges[MAX_RANGES][4]; // a page: too much for a kernel stack

	if (!(c.dword(11) & 4))
		return INVALID_FIELD;
	if (!read_ranges(c, ranges[0], setup.reads_all_ranges ? MAX_RANGES : count))
		return TRANSFER_ERROR;
	for (u32 n = 0; n < count; n++) {
		const u32 *range = ranges[n];
		const u64 slba = range[2] | u64{range[3]} << 32;

		if (range[0] || !in_range(ns, slba, range[1]))
			return LBA_OUT_OF_RANGE;
		__builtin_memset(ns.data + (slba << ns.block_shift), 0xff,
				 static_cast<u64>(range[1]) << ns.block_shift);
	}
	return 0;
}

// What lies beyond PRP1's page is at PRP2.
bool Controller::read_ranges(const Command &c, u32 *ranges, u32 count)
{
	const u32 room = static_cast<u32>(page_bytes() - (c.qword(6) & (page_bytes() - 1)));
	const u32 bytes = count * 16;
	const u32 first = bytes < room ? bytes : room;

	return bus->read(c.qword(6), ranges, first) &&
	       (first == bytes || bus->read(c.qword(8), ranges + first / 4, bytes - first));
}

bool Controller::move_piece(u64 address, u8 *data, u32 bytes, bool to_host)
{
	return to_host ? bus->write(address, data, bytes) : bus->read(address, data, bytes);
}

// A data block's descriptor of exactly the transfer's length: base 2.0, 4.3.2.
bool Controller::move_sgl(const Command &c, u8 *data, u32 bytes, bool to_host)
{
	if (c.qword(8) != bytes || !setup.has_sgl) {
		bus->violate("SGL descriptor that is not what was announced", c.qword(6),
			     c.qword(8));
		return false;
	}
	return move_piece(c.qword(6), data, bytes, to_host);
}

bool Controller::move(const Command &c, u8 *data, u32 bytes, bool to_host)
{
	if (c.dword(0) >> 14 & 3)
		return move_sgl(c, data, bytes, to_host);

	const u64 prp1 = c.qword(6), prp2 = c.qword(8);
	const u32 size = static_cast<u32>(page_bytes());
	const u32 offset = static_cast<u32>(prp1 & (size - 1));
	const u32 pages = (offset + bytes + size - 1) / size;
	const u32 first = bytes < size - offset ? bytes : size - offset;
	const u32 per_list = size / 8;

	if (prp1 & 3 || (pages > 1 && prp2 & (size - 1)) || (pages == 1 && prp2))
		bus->violate("PRP1 or PRP2 is not what its place demands", prp1, prp2);
	if (!move_piece(prp1, data, first, to_host))
		return false;

	u64 list = prp2;
	for (u32 n = 1, done = first; n < pages; n++) {
		const u32 piece = bytes - done < size ? bytes - done : size;
		u32 at = n - 1; // entry in the list, if there is one
		u64 address = prp2;

		// The last entry of a list page points on, unless it is the last of all.
		while (pages > 2 && at >= per_list - 1 && !(at == per_list - 1 && n == pages - 1))
			at -= per_list - 1;
		if (pages > 2 && n > 1 && at == 0 &&
		    !bus->read(list + 8 * (per_list - 1), &list, sizeof(list)))
			return false;
		if (pages > 2 && !bus->read(list + 8 * u64{at}, &address, sizeof(address)))
			return false;
		if (address & (size - 1) || list & (size - 1))
			bus->violate("PRP entry with an offset", address, list);
		if (!move_piece(address, data + done, piece, to_host))
			return false;
		done += piece;
	}
	return true;
}

} // namespace fake
