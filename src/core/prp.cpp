// SPDX-License-Identifier: GPL-2.0
// The PRP builder.  Segments are pushed; entries come out.  The total is known
// from the start, so it is always clear whether an entry is the last: that
// decides between PRP2 as a page and PRP2 as a list, and whether the last entry
// of a list page is data or the pointer to the next list page.

#include "prp.hpp"

namespace
{

NPP_INLINE u32 page_bytes(const npp_prp &p)
{
	return u32{1} << p.page_shift;
}

NPP_INLINE u16 list_entries(const npp_prp &p)
{
	return static_cast<u16>(page_bytes(p) / sizeof(u64));
}

NPP_INLINE u64 wire(u64 addr)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(addr) : addr;
}

// The segment gives @bytes to the entry just written.
NPP_INLINE void consume(npp_prp &p, u32 bytes)
{
	p.next += bytes;
	p.segment_bytes -= bytes;
	p.total_bytes -= bytes;
}

// Is another list page needed before the entry at hand can be written?
NPP_INLINE bool need_list(const npp_prp &p)
{
	if (!p.list)
		return p.total_bytes > page_bytes(p);
	return p.index == list_entries(p) - 1 && p.total_bytes > page_bytes(p);
}

// Entries for what the segment still holds.
npp_prp_step fill(npp_prp &p)
{
	while (p.segment_bytes) {
		if (!p.list && p.prp2)
			return NPP_PRP_BAD; // PRP2 is a page already, and more follows
		if (need_list(p))
			return NPP_PRP_NEED_LIST;
		if (p.list)
			p.list[p.index++] = wire(p.next);
		else
			p.prp2 = p.next;
		consume(p, npp::min(p.segment_bytes, page_bytes(p)));
	}
	return NPP_PRP_NEXT;
}

NPP_INLINE u64 address(const npp_segments &s)
{
	u64 value;

	__builtin_memcpy(&value, static_cast<const u8 *>(s.next) + s.addr, sizeof(value));
	return value;
}

NPP_INLINE u32 length(const npp_segments &s)
{
	u32 value;

	__builtin_memcpy(&value, static_cast<const u8 *>(s.next) + s.length, sizeof(value));
	return value;
}

// A list that is being filled from segments, each checked before it is used.
struct OneList {
	u64 *next;
	const u64 *end;
	u32 left; // bytes of the transfer
	u32 page;

	// A segment after the first: whole pages, unless it is the last.
	NPP_INLINE bool add(u64 addr, u32 bytes)
	{
		if (addr & (page - 1) || !bytes || bytes > left)
			return false;
		left -= bytes;
		if (left && bytes & (page - 1))
			return false;
		return pages(addr, bytes);
	}

	NPP_INLINE bool pages(u64 addr, u32 bytes)
	{
		for (; bytes; addr += page) {
			if (NPP_UNLIKELY(next == end))
				return false;
			*next++ = wire(addr);
			bytes -= npp::min(bytes, page);
		}
		return true;
	}
};

// The first segment: it may begin anywhere in its page.
NPP_INLINE bool begin_list(OneList &l, u64 addr, u32 bytes)
{
	const u32 room = l.page - static_cast<u32>(addr & (l.page - 1));

	if (!bytes || bytes >= l.left || (addr + bytes) & (l.page - 1))
		return false;
	l.left -= bytes;
	return l.pages(addr + room, bytes - room);
}

} // namespace

extern "C" {

void npp_prp_begin(npp_prp *p, u32 bytes, u8 page_shift)
{
	*p = npp_prp{};
	p->total_bytes = bytes;
	p->page_shift = page_shift;
}

npp_prp_step npp_prp_push(npp_prp *p, u64 addr, u32 bytes)
{
	const u32 offset = static_cast<u32>(addr & (page_bytes(*p) - 1));
	const bool last = bytes == p->total_bytes;

	if (!bytes || bytes > p->total_bytes || p->segment_bytes)
		return NPP_PRP_BAD;
	if (p->started && offset)
		return NPP_PRP_BAD;
	if (!last && (addr + bytes) & (page_bytes(*p) - 1))
		return NPP_PRP_BAD;

	p->next = addr;
	p->segment_bytes = bytes;
	if (!p->started) {
		p->started = true;
		p->prp1 = addr;
		consume(*p, npp::min(bytes, page_bytes(*p) - offset));
	}
	return fill(*p);
}

// The pointer to the new page takes PRP2, or the last entry of the page before.
npp_prp_step npp_prp_add_list(npp_prp *p, u64 *list, u64 list_dma)
{
	if (!p->segment_bytes || !need_list(*p))
		return NPP_PRP_BAD;
	if (p->list)
		p->list[p->index] = wire(list_dma);
	else
		p->prp2 = list_dma;
	p->list = list;
	p->index = 0;
	return fill(*p);
}

bool npp_prp_finish(const npp_prp *p)
{
	return p->started && !p->total_bytes && !p->segment_bytes;
}

bool npp_prp_one_list(const npp_segments *segments, u32 bytes, u8 page_shift, u64 *list, u64 *prp1)
{
	npp_segments s = *segments;
	OneList l = {list, list + (1u << page_shift) / sizeof(u64), bytes, 1u << page_shift};

	*prp1 = address(s);
	if (!begin_list(l, *prp1, length(s)))
		return false;
	while (--s.left) {
		s.next = static_cast<const u8 *>(s.next) + s.stride;
		const u64 addr = address(s);
		const u32 len = length(s);

		// Most of them are one page, and not the last.
		if (NPP_LIKELY(len == l.page && len < l.left && l.next != l.end &&
			       !(addr & (l.page - 1)))) {
			*l.next++ = wire(addr);
			l.left -= len;
		} else if (!l.add(addr, len)) {
			return false;
		}
	}
	return !l.left;
}

} // extern "C"
