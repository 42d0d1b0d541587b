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

template <typename T> NPP_INLINE T read(const u8 *at)
{
	T value;

	__builtin_memcpy(&value, at, sizeof(value));
	return value;
}

// Any segment but the first, into a list of entries up to @last: whole pages, unless it is
// the last one, which ends @last_bytes after a page's start.  Returns where the next one's
// entries go, or nothing.
[[gnu::noinline]] u64 *add_segment(u64 *next, u64 *last, u32 last_bytes, u32 page, u64 addr,
				   u32 bytes)
{
	if (addr & (page - 1))
		return nullptr;
	for (; bytes > page && next < last; addr += page, bytes -= page)
		*next++ = wire(addr);
	if (bytes != (next == last ? last_bytes : page))
		return nullptr;
	*next++ = wire(addr);
	return next;
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

// A controller that takes the transfer for two pages finds @list as the second; one that takes
// it for longer reads entries that lead to the sink, and by the last one the same list again.
void npp_prp_guard(npp_prp *p, u64 *list, u64 list_dma, u64 sink_dma)
{
	const u16 last = static_cast<u16>(list_entries(*p) - 1);

	for (u16 i = 0; i < last; i++)
		list[i] = wire(sink_dma);
	list[last] = wire(list_dma);
	if (!p->prp2)
		p->prp2 = list_dma;
	if (!p->list)
		return;
	for (; p->index < last; p->index++)
		p->list[p->index] = wire(sink_dma);
	if (p->index == last)
		p->list[last] = wire(list_dma);
}

bool npp_prp_one_list(const void *segments, u32 count, const npp_segment_layout *layout, u32 bytes,
		      u64 *list)
{
	const u8 *s = static_cast<const u8 *>(segments) + layout->addr;
	const u64 stride = layout->stride;
	const long length = long{layout->length} - layout->addr;
	const u32 page = 1u << layout->page_shift;
	const u64 first = read<u64>(s);
	const u32 room = page - static_cast<u32>(first & (page - 1));
	const u32 first_bytes = read<u32>(s + length);

	// The first segment may begin anywhere in its page, which is PRP1's.
	if (first_bytes < room || first_bytes >= bytes ||
	    bytes > NPP_PRP_LIST_REACH(layout->page_shift))
		return false;
	// For each page's worth of what is left there is an entry: that bounds the list.
	const u32 left0 = bytes - room - 1;
	const u32 last_bytes = (left0 & (page - 1)) + 1;
	u64 *const last = list + (left0 >> layout->page_shift);

	if (first_bytes > room) {
		list = add_segment(list, last, last_bytes, page, first + room, first_bytes - room);
		if (!list)
			return false;
	}
	for (s += stride, count--; count; s += stride, count--) {
		u64 *const begun = list;
		u64 *const whole = list + npp::min<u64>(count, static_cast<u64>(last - list));

		// Most are one page, and not the last.
		for (; NPP_LIKELY(list != whole); s += stride) {
			const u64 addr = read<u64>(s);

			if (NPP_UNLIKELY(read<u32>(s + length) != page || addr & (page - 1)))
				break;
			*list++ = wire(addr);
		}
		count -= static_cast<u32>(list - begun);
		if (!count)
			break;
		list = add_segment(list, last, last_bytes, page, read<u64>(s),
				   read<u32>(s + length));
		if (!list || list > last)
			return list && count == 1;
	}
	return false;
}

} // extern "C"
