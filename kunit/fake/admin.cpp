// SPDX-License-Identifier: GPL-2.0
// The fake controller's admin commands: base 2.0, 5. Byte offsets are the
// specification's, written here a second time on purpose.

#include "controller.hpp"

namespace fake
{

namespace
{

constexpr u16 INVALID_OPCODE = 0x01, INVALID_FIELD = 0x02, TRANSFER_ERROR = 0x04,
	      INVALID_NAMESPACE = 0x0b, BAD_CQ = 0x100, BAD_QID = 0x101, BAD_DEPTH = 0x102,
	      BAD_VECTOR = 0x108, BAD_DELETION = 0x10c;

constexpr char SUBSYSTEM[] = "nqn.2014-08.org.nvmexpress:fake";

template <typename T> void put(u8 *page, u32 offset, T value)
{
	__builtin_memcpy(page + offset, &value, sizeof(value));
}

void put_text(u8 *page, u32 offset, u32 width, const char *text)
{
	for (u32 i = 0; i < width; i++)
		page[offset + i] = static_cast<u8>(*text ? *text++ : ' ');
}

} // namespace

u16 Controller::execute_admin(const Command &c, u32 &result)
{
	switch (c.opcode()) {
	case 0x00:
	case 0x04:
		return delete_queue(c);
	case 0x02:
		return get_log_page(c);
	case 0x01:
		return create_sq(c);
	case 0x05:
		return create_cq(c);
	case 0x06:
		return identify(c);
	case 0x09:
		return set_features(c, result);
	case 0x0a:
		return get_features(c, result);
	case 0x7c:
		return take_shadow_doorbells(c);
	default:
		return INVALID_OPCODE;
	}
}

void Controller::fill_ctrl(u8 *p) const
{
	put<u16>(p, 0, 0x1b36);
	put_text(p, 4, 20, "FAKE-0001");
	put_text(p, 24, 40, "nvmepp fake controller");
	put_text(p, 64, 8, "1.0");
	p[77] = setup.mdts;
	put<u16>(p, 78, 7);
	put<u32>(p, 80, setup.version);
	put<u32>(p, 88, 2500001); // RTD3E, us
	put<u32>(p, 92, setup.oaes);
	p[111] = 1; // an I/O controller
	put<u16>(p, 256, static_cast<u16>(setup.has_shadow_doorbells << 8));
	p[261] = setup.lpa;
	p[512] = 0x66;
	p[513] = 0x44;
	put<u32>(p, 516, setup.nn);
	put<u16>(p, 520, static_cast<u16>(1 << 2 | 1 << 3 | setup.has_timestamp << 6));
	p[525] = 1; // volatile write cache
	put<u32>(p, 536, setup.has_sgl);
	put_text(p, 768, sizeof(SUBSYSTEM) - 1, SUBSYSTEM);
}

void Controller::fill_ns(const Namespace *ns, u8 *p) const
{
	if (!ns)
		return;
	put<u64>(p, 0, ns->blocks);
	put<u64>(p, 8, ns->blocks);
	put<u64>(p, 16, ns->blocks);
	p[25] = 1;                        // two formats
	p[26] = 1;                        // and the second is in use
	p[33] = 1 | 1 << 3;               // reads zeroes after deallocation; DEAC
	put<u32>(p, 128, 0x00ff0000 | 8); // format 0: of no use
	put<u32>(p, 132, u32{ns->block_shift} << 16);
}

void Controller::fill_list(u32 after, u8 *p) const
{
	u32 count = 0;

	for (u32 last = after; count < PAGE_BYTES / 4;) {
		u32 next = 0xffffffff;

		for (const Namespace &ns : namespaces)
			if (ns.nsid > last && ns.nsid < next)
				next = ns.nsid;
		if (next == 0xffffffff)
			return;
		put<u32>(p, 4 * count++, next);
		last = next;
	}
}

void Controller::fill_descriptors(const Namespace *ns, u8 *p) const
{
	u32 at = 0;

	for (u8 type = 1; type <= 4; type++) {
		const u8 bytes = type == 1 ? 8 : type == 4 ? 1 : 16;

		if (!(ns->id_types & 1 << type))
			continue;
		p[at] = type;
		p[at + 1] = bytes;
		for (u8 i = 0; i < bytes; i++) // type 4 is the command set: NVM, 0
			p[at + 4 + i] = type == 4 ? u8{0} : static_cast<u8>(type << 4 | i);
		at += 4u + bytes;
	}
}

u16 Controller::identify(const Command &c)
{
	const u8 cns = static_cast<u8>(c.dword(10));
	const Namespace *ns = find(c.nsid());

	__builtin_memset(page, 0, sizeof(page));
	switch (cns) {
	case 0:
		if (!c.nsid() || c.nsid() > setup.nn)
			return INVALID_NAMESPACE;
		fill_ns(ns, page);
		break;
	case 1:
		fill_ctrl(page);
		break;
	case 2:
		if (setup.version < 0x00010100)
			return INVALID_FIELD;
		if (c.nsid() >= 0xfffffffe)
			return INVALID_NAMESPACE;
		fill_list(c.nsid(), page);
		break;
	case 3:
		if (setup.version < 0x00010300)
			return INVALID_FIELD;
		if (!ns)
			return INVALID_NAMESPACE;
		fill_descriptors(ns, page);
		break;
	case 6:
		if (!setup.has_nvm_limits || c.nsid() || c.dword(11))
			return INVALID_FIELD;
		break;
	default:
		return INVALID_FIELD;
	}
	if (faults.edit_page) {
		faults.edited++;
		faults.edit_page(cns, c.nsid(), page);
	}
	return move(c, page, sizeof(page), true) ? u16{0} : TRANSFER_ERROR;
}

u16 Controller::get_log_page(const Command &c)
{
	const u32 bytes = ((c.dword(10) >> 16) + 1) * 4;

	last_log = c.dword(10);
	if (!faults.edit_log || bytes > sizeof(page))
		return INVALID_FIELD;
	__builtin_memset(page, 0, sizeof(page));
	faults.edited++;
	faults.edit_log(static_cast<u8>(c.dword(10)), page);
	return move(c, page, bytes, true) ? u16{0} : TRANSFER_ERROR;
}

u16 Controller::set_features(const Command &c, u32 &result)
{
	if (c.dword(10) == 0x0b && setup.has_async_events) {
		async_events = c.dword(11);
		return 0;
	}
	if (c.dword(10) == 0x0e && setup.takes_timestamp)
		return move(c, reinterpret_cast<u8 *>(&told_time), 8, false) ? u16{0}
									     : TRANSFER_ERROR;
	if (c.dword(10) != 0x07)
		return INVALID_FIELD;
	if ((c.dword(11) & 0xffff) == 0xffff || c.dword(11) >> 16 == 0xffff)
		return INVALID_FIELD;
	asked_queues_word = c.dword(11);
	granted_queues = setup.queue_limit;
	result = (setup.queue_limit - 1u) << 16 | (setup.queue_limit - 1u);
	return 0;
}

u16 Controller::get_features(const Command &c, u32 &result)
{
	if (c.dword(10) != 0x08 || !setup.has_coalescing)
		return INVALID_FIELD;
	result = setup.coalescing;
	return 0;
}

// As QEMU: from now on, for the queues that are created later.
u16 Controller::take_shadow_doorbells(const Command &c)
{
	if (!setup.takes_shadow_doorbells)
		return INVALID_OPCODE;
	if ((c.qword(6) | c.qword(8)) & (page_bytes() - 1))
		return INVALID_FIELD;
	for (u16 qid = 1; qid < MAX_QUEUES; qid++)
		if (sqs[qid].exists || cqs[qid].exists)
			bus->violate("shadow doorbells for queues that exist", qid, 0);
	shadow_dma = c.qword(6);
	event_offset = c.qword(8) - shadow_dma;
	return 0;
}

u16 Controller::create_cq(const Command &c)
{
	const u16 qid = static_cast<u16>(c.dword(10));
	const u32 entries = (c.dword(10) >> 16) + 1;

	if (!qid || qid >= MAX_QUEUES || qid > granted_queues || cqs[qid].exists)
		return BAD_QID;
	if (entries < 2 || entries > setup.mqes0 + 1)
		return BAD_DEPTH;
	if (!(c.dword(11) & 1) || c.qword(6) & (page_bytes() - 1))
		return INVALID_FIELD;
	if (!(c.dword(11) & 2) || c.dword(11) >> 16 >= MAX_QUEUES)
		return BAD_VECTOR;
	CompletionQueue &q = cqs[qid];
	q.exists = true;
	q.interrupt = false;
	q.depth = static_cast<u16>(entries);
	q.head = q.tail = 0;
	q.phase = 1;
	q.base = c.qword(6);
	return 0;
}

u16 Controller::create_sq(const Command &c)
{
	const u16 qid = static_cast<u16>(c.dword(10));
	const u16 cqid = static_cast<u16>(c.dword(11) >> 16);
	const u32 entries = (c.dword(10) >> 16) + 1;

	if (!qid || qid >= MAX_QUEUES || qid > granted_queues || sqs[qid].exists)
		return BAD_QID;
	if (!cqid || cqid >= MAX_QUEUES || !cqs[cqid].exists)
		return BAD_CQ;
	if (entries < 2 || entries > setup.mqes0 + 1)
		return BAD_DEPTH;
	if (!(c.dword(11) & 1) || c.qword(6) & (page_bytes() - 1))
		return INVALID_FIELD;
	sqs[qid] = SubmissionQueue{true, static_cast<u16>(entries), 0, 0, cqid, c.qword(6)};
	return 0;
}

u16 Controller::delete_queue(const Command &c)
{
	const u16 qid = static_cast<u16>(c.dword(10));
	const bool submission = c.opcode() == 0x00;

	if (!qid || qid >= MAX_QUEUES || !(submission ? sqs[qid].exists : cqs[qid].exists))
		return BAD_QID;
	if (!submission && sqs[qid].exists) // numbers are paired here
		return BAD_DELETION;
	if (submission)
		sqs[qid].exists = false;
	else
		cqs[qid].exists = false;
	return 0;
}

} // namespace fake
