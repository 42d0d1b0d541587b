// SPDX-License-Identifier: GPL-2.0
// See rig.hpp.

#include "rig.hpp"

#include "lang.hpp"
#include "test.hpp"

namespace test
{

Rig &fresh_rig()
{
	alignas(Rig) static u8 storage[sizeof(Rig)];

	return *new (storage) Rig;
}

Rig &enabled_rig()
{
	Rig &rig = fresh_rig();

	EXPECT_EQ(rig.init(), NPP_OK);
	rig.dev.admin_start(npp_ctrl_page_shift(&rig.ctrl));
	EXPECT_EQ(rig.enable(), NPP_OK);
	return rig;
}

Rig &started_rig(u32 version, u32 nn)
{
	Rig &rig = fresh_rig();

	rig.dev.controller.setup.version = version;
	rig.dev.controller.setup.nn = nn;
	rig.add_namespaces();
	EXPECT_EQ(npp_ctrl_init(&rig.ctrl, &rig.dev, 12), NPP_OK);
	EXPECT_EQ(rig.start_controller(), NPP_OK);
	return rig;
}

Rig::Rig()
{
	page.shared = test_alloc(NPP_IDENTIFY_BYTES);
	page.dma = dev.bus.map(page.shared, NPP_IDENTIFY_BYTES, fake::Access::write);
	page.copy = test_alloc(NPP_IDENTIFY_BYTES);
	dev.admin_prepare();
}

void Rig::add_namespaces()
{
	for (u32 i = 0; i < 2; i++) {
		const u8 shift = i ? 12 : 9;
		const u8 id_types = i ? 1 << 3 | 1 << 4 : 1 << 1;

		dev.controller.namespaces[i] =
			fake::Namespace{i ? 5u : 1u, shift, id_types, NAMESPACE_BYTES >> shift,
					static_cast<u8 *>(test_alloc(NAMESPACE_BYTES))};
	}
}

void Rig::fill_namespaces()
{
	for (u32 i = 0; i < 2; i++)
		for (u32 b = 0; b < NAMESPACE_BYTES; b++)
			dev.controller.namespaces[i].data[b] =
				static_cast<u8>(b * 31 + (b >> 9) + i);
}

namespace
{
struct Edit {
	u8 cns;
	u32 offset, count;
	u8 bytes[128];
};
Edit edit_now;
} // namespace

void Rig::edit_page(u8 cns, u32 offset, const void *bytes, u32 count)
{
	EXPECT(count <= sizeof(edit_now.bytes));
	edit_now.cns = cns;
	edit_now.offset = offset;
	edit_now.count = count;
	__builtin_memcpy(edit_now.bytes, bytes, count);
	dev.controller.faults.edit_page = [](u8 asked, u32, u8 *to) {
		if (asked == edit_now.cns)
			__builtin_memcpy(to + edit_now.offset, edit_now.bytes, edit_now.count);
	};
}

int Rig::start_controller()
{
	u16 granted = 0;
	int err;

	dev.admin_usable = false;
	if ((err = npp_ctrl_disable(&ctrl)))
		return err;
	dev.admin_start(npp_ctrl_page_shift(&ctrl));
	if ((err = enable()) || (err = identify()))
		return err;
	if ((err = npp_set_queue_count(&ctrl, wanted_queues, &granted)))
		return err;
	queues = granted;
	return queues ? NPP_OK : NPP_EIO;
}

void Rig::enable_on_large_pages()
{
	constexpr u64 LARGE = 65536;
	u8 *memory = static_cast<u8 *>(test_alloc(4 * LARGE));
	const u64 dma = dev.bus.map(memory, 4 * LARGE);
	const u64 skip = (LARGE - dma % LARGE) % LARGE;

	dev.admin_sq = memory + skip;
	dev.admin_cq = dev.admin_sq + LARGE;
	page.shared = dev.admin_cq + LARGE;
	page.dma = dma + skip + 2 * LARGE;
	dev.admin_start(16);
	EXPECT_EQ(npp_ctrl_enable(&ctrl, dma + skip, dma + skip + LARGE), NPP_OK);
}

int Rig::start_shadow_doorbells(bool &taken)
{
	if (!shadow) {
		shadow = static_cast<u8 *>(test_alloc(2 * NPP_SHADOW_BYTES));
		shadow_dma = dev.bus.map(shadow, 2 * NPP_SHADOW_BYTES);
	}
	__builtin_memset(shadow, 0, 2 * NPP_SHADOW_BYTES);
	return npp_set_doorbell_buffers(&ctrl, &info, queues, shadow_dma, &taken);
}

int Rig::start_queues()
{
	bool shadowed = false;

	if (wants_shadow) {
		const int err = start_shadow_doorbells(shadowed);

		if (err)
			return err;
	}
	for (u16 i = 0; i < queues; i++) {
		IoQueue &q = io[i];

		if (i < prepared) {
			npp_queue_restart(&q.queue, q.depth);
		} else {
			q.prepare(dev, static_cast<u16>(i + 1), RIG_DEPTH, RIG_DEPTH - 1,
				  npp_ctrl_page_shift(&ctrl));
			prepared++;
		}
		if (shadowed)
			npp_queue_use_shadow(&q.queue, shadow);
		const int err = npp_create_queues(&ctrl, q.qid, q.depth, q.sq_dma, q.cq_dma, q.qid);
		if (err)
			return err;
	}
	return NPP_OK;
}

int Rig::scan()
{
	int err = npp_list_namespaces(&ctrl, 0, &page, nsids, 16, &namespaces);

	served_namespaces = 0;
	for (u32 i = 0; !err && i < namespaces && served_namespaces < fake::MAX_NAMESPACES; i++) {
		err = npp_identify_ns(&ctrl, nsids[i], &page, &ns[served_namespaces]);
		if (!err)
			served_namespaces++;
		else if (err != NPP_ENODEV && err != NPP_ETIMEDOUT)
			err = NPP_OK; // this one is not served
	}
	return err;
}

int Rig::bring_up()
{
	int err;

	if ((err = npp_ctrl_init(&ctrl, &dev, host_page_shift)) || (err = start_controller()) ||
	    (err = start_queues()) || (err = scan())) {
		return err;
	}
	apply(NPP_EV_STARTED);
	return NPP_OK;
}

int Rig::recover()
{
	int err =
		apply(NPP_EV_RESET).accepted || state_is(NPP_RECONNECT_WAIT) ? NPP_OK : NPP_EINVAL;

	apply(NPP_EV_WORK_BEGINS);
	if (!err)
		err = npp_ctrl_disable(&ctrl);
	for (u16 i = 0; i < prepared; i++) {
		io[i].reap();
		io[i].cancel_all();
	}
	if (state_is(NPP_RESETTING))
		apply(NPP_EV_TORN_DOWN);
	if (!err)
		err = start_controller();
	if (!err)
		err = start_queues();
	apply(err ? NPP_EV_NOT_UP : NPP_EV_BROUGHT_UP);
	return err;
}

void Rig::submit(IoQueue &q, u16 tag)
{
	q.begin(tag);
	npp_submit_flush(&q.queue, tag, 1);
}

fake::CompletionFault &Rig::admin_fault(fake::Verb verb, u32 opcode, u32 arg)
{
	fake::CompletionFault &f = dev.controller.faults.completion[0];

	f.verb = verb;
	f.opcode = opcode;
	f.arg = arg;
	return f;
}

fake::CompletionFault &Rig::io_fault(fake::Verb verb, u32 arg)
{
	fake::CompletionFault &f = dev.controller.faults.completion[0];

	f.verb = verb;
	f.qid = 1;
	f.arg = arg;
	return f;
}

npp_timeout_action Rig::action_for(npp_poll_result found)
{
	npp_timeout_facts f{};

	f.state = npp_ctrl_state(&ctrl);
	f.fatal = npp_ctrl_health(&ctrl) != NPP_HEALTHY;
	f.channel_online = true;
	return npp_decide_timeout(&f, found);
}

u16 Rig::run(IoQueue &q, u16 tag)
{
	const u64 deadline = dev.now() + IO_WAIT_MS;

	npp_queue_ring(&q.queue);
	while (q.requests[tag].in_flight && dev.wait_interrupt(q.qid, deadline))
		q.reap();
	if (q.requests[tag].in_flight && q.poll(tag) == NPP_POLL_COMPLETED)
		lost_interrupts++;
	return q.requests[tag].in_flight ? LOST : q.requests[tag].status;
}

u16 Rig::transfer(IoQueue &q, u16 tag, const npp_ns_info &n, bool write, u64 slba, u32 blocks,
		  u8 *data)
{
	const u32 bytes = blocks << n.block_shift;
	const u32 pages = (bytes + fake::PAGE_BYTES - 1) / fake::PAGE_BYTES;
	const fake::Access access = write ? fake::Access::read : fake::Access::write;
	u64 *list = static_cast<u64 *>(test_alloc(fake::PAGE_BYTES));
	const u64 list_dma = dev.bus.map(list, fake::PAGE_BYTES, fake::Access::read);
	npp_prp prp;
	Transfer t{};

	npp_prp_begin(&prp, bytes, npp_ctrl_page_shift(&ctrl));
	for (u32 i = 0; i < pages; i++) {
		const u32 left = bytes - i * fake::PAGE_BYTES;
		const u32 piece = left < fake::PAGE_BYTES ? left : fake::PAGE_BYTES;
		const u64 dma = dev.bus.map(data + i * fake::PAGE_BYTES, piece, access);

		if (npp_prp_push(&prp, dma, piece) == NPP_PRP_NEED_LIST)
			EXPECT_EQ(npp_prp_add_list(&prp, list, list_dma), NPP_PRP_NEXT);
	}
	EXPECT(npp_prp_finish(&prp));
	t.slba = slba;
	t.prp = &prp;
	t.bytes = bytes;
	t.nsid = n.nsid;
	t.blocks = blocks;
	t.write = write;
	q.begin(tag);
	q.submit(tag, t);
	return run(q, tag);
}

} // namespace test
