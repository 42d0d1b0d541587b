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

} // extern "C"
