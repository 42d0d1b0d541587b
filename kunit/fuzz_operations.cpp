// SPDX-License-Identifier: GPL-2.0
// Fuzz target: a script of operations on a whole controller, with every fault at
// any time. A small model knows which requests are outstanding: each completes
// exactly once, none is lost by a reset, and the fake bus and the fake controller
// do not tolerate a host that breaks the rules.

#include "fuzzing.hpp"
#include "rig.hpp"

namespace
{

using fake::Verb;
using test::IoQueue;
using test::Rig;

constexpr u32 PAGES = 4;
constexpr u32 MAX_STEPS = 200;

// What the model knows of one queue.
struct Model {
	bool outstanding[test::RIG_DEPTH];
	u32 submitted, ended;
};

struct Bench {
	Model model[test::RIG_QUEUES];
	u64 data[PAGES]; // bus addresses of pages that the device may read and write
	u64 list;
	u64 *list_words;
};

Bench bench;

void note_ends(Rig &rig)
{
	for (u32 i = 0; i < rig.prepared; i++) {
		Model &m = bench.model[i];
		const IoQueue &q = rig.io[i];

		for (u32 tag = 0; tag < q.tags; tag++) {
			const test::Request &r = q.requests[tag];

			if (m.outstanding[tag] && !r.in_flight) {
				MUST(r.completions == 1);
				m.outstanding[tag] = false;
				m.ended++;
			}
			MUST(m.outstanding[tag] == r.in_flight);
			MUST(r.completions <= 1);
		}
		MUST(!q.unexpected);
	}
}

void build_prp(Rig &rig, npp_prp &prp, u32 pages, u32 bytes)
{
	npp_prp_begin(&prp, bytes, npp_ctrl_page_shift(&rig.ctrl));
	for (u32 i = 0; i < pages; i++) {
		const u32 left = bytes - i * 4096;

		if (npp_prp_push(&prp, bench.data[i], left < 4096 ? left : 4096) ==
		    NPP_PRP_NEED_LIST)
			MUST(npp_prp_add_list(&prp, bench.list_words, bench.list) == NPP_PRP_NEXT);
	}
	MUST(npp_prp_finish(&prp));
}

void submit_rw(Rig &rig, IoQueue &q, u16 tag, fuzzing::Input &in)
{
	const u32 kind = in.byte();
	const u32 blocks = 1 + in.below(PAGES * 8);
	npp_prp prp;
	test::Transfer t{};

	t.slba = in.byte();
	t.bytes = blocks * 512;
	t.nsid = 1;
	t.blocks = blocks;
	t.write = kind & 1;
	t.fua = kind & 2;
	if (kind & 4 && blocks <= 8) {
		t.addr = bench.data[kind >> 6];
	} else {
		build_prp(rig, prp, (t.bytes + 4095) / 4096, t.bytes);
		t.prp = &prp;
	}
	q.submit(tag, t);
}

// Outside a live controller nothing is submitted, rung or handled: the
// disks are quiesced and the interrupts are freed.
bool in_use(const Rig &rig, u32 i)
{
	return rig.state_is(NPP_LIVE) && i < rig.queues;
}

void submit(Rig &rig, u32 i, fuzzing::Input &in)
{
	IoQueue &q = rig.io[i];
	const u16 tag = static_cast<u16>(in.below(q.tags));

	if (!in_use(rig, i) || bench.model[i].outstanding[tag])
		return;
	q.begin(tag);
	switch (in.below(3)) {
	case 0:
		npp_submit_flush(&q.queue, tag, in.below(3));
		break;
	case 1:
		npp_submit_write_zeroes(&q.queue, tag, 1, in.byte(), in.byte(), true);
		break;
	default:
		submit_rw(rig, q, tag, in);
	}
	bench.model[i].outstanding[tag] = true;
	bench.model[i].submitted++;
}

void set_fault(Rig &rig, fuzzing::Input &in)
{
	fake::CompletionFault &f = rig.dev.controller.faults.completion[in.below(4)];

	f = fake::CompletionFault{};
	f.verb = static_cast<Verb>(in.below(static_cast<u32>(Verb::VERBS)));
	f.qid = static_cast<u16>(in.below(3));
	f.skip = in.below(6);
	f.times = 1 + in.below(4);
	f.arg = in.byte() * 300u | 2; // no error has status 0
}

void break_registers(Rig &rig, fuzzing::Input &in)
{
	fake::Faults &f = rig.dev.controller.faults;
	const u32 later = rig.dev.controller.register_reads() + in.below(16);

	switch (in.below(8)) {
	case 0:
		f.gone_at_read = later;
		break;
	case 1:
	case 2:
		f.fatal_at_read = later;
		break;
	case 3:
		f.never_ready = true;
		break;
	case 4:
		f.never_disabled = true;
		break;
	default:
		rig.dev.controller.setup.queue_limit = static_cast<u16>(1 + in.below(4));
	}
}

// The rule for one request, as src/linux/recovery/timeout.c follows it.
void time_out(Rig &rig, u32 i, u16 tag)
{
	IoQueue &q = rig.io[i];

	if (!in_use(rig, i) || !bench.model[i].outstanding[tag])
		return;
	const npp_poll_result found = q.poll(tag);
	const npp_timeout_action step = rig.action_for(found);

	if (found == NPP_POLL_COMPLETED)
		MUST(step == NPP_TIMEOUT_DONE);
	if (step == NPP_TIMEOUT_RESET || step == NPP_TIMEOUT_FAIL_CTRL)
		rig.recover();
}

void step(Rig &rig, fuzzing::Input &in)
{
	const u32 i = in.below(rig.prepared);

	switch (in.below(10)) {
	case 0:
	case 1:
	case 2:
		submit(rig, i, in);
		break;
	case 3:
		if (in_use(rig, i))
			npp_queue_ring(&rig.io[i].queue);
		break;
	case 4:
		if (in_use(rig, i))
			rig.io[i].handle_interrupt();
		break;
	case 5:
		time_out(rig, i, static_cast<u16>(in.below(test::RIG_DEPTH - 1)));
		break;
	case 6:
		rig.dev.controller.advance_to(rig.dev.now() + in.byte() * 100u);
		break;
	case 7:
		set_fault(rig, in);
		break;
	case 8:
		rig.dev.controller.hold_commands(in.byte() & 1);
		rig.dev.controller.release(in.byte());
		break;
	case 9:
		if (in.below(4))
			break_registers(rig, in);
		else if (rig.state_is(NPP_LIVE))
			rig.recover();
		break;
	}
	note_ends(rig);
}

// A controller that is healthy, and has been recovered, works: on every queue, by
// interrupt.
void expect_service(Rig &rig)
{
	fake::Controller &c = rig.dev.controller;

	c.faults = fake::Faults{};
	c.hold_commands(false);
	if (!rig.state_is(NPP_LIVE) || npp_ctrl_health(&rig.ctrl) != NPP_HEALTHY)
		return;
	rig.lost_interrupts = 0;
	for (u32 i = 0; i < rig.queues; i++) {
		rig.submit(rig.io[i], 0);
		MUST(rig.run(rig.io[i], 0) == 0);
	}
	MUST(!rig.lost_interrupts);
}

// At the end a reset: whatever it meets, no waiter remains.
void finish(Rig &rig)
{
	const bool live = rig.state_is(NPP_LIVE);

	if (live)
		rig.recover();
	note_ends(rig);
	for (u32 i = 0; i < rig.prepared; i++) {
		const Model &m = bench.model[i];

		MUST(m.ended == m.submitted);
		// Queues beyond those granted are restarted when they are used again.
		if (rig.state_is(NPP_LIVE) && i < rig.queues)
			MUST(npp_queue_idle(&rig.io[i].queue));
	}
	expect_service(rig);
}

Rig &start(fuzzing::Input &in)
{
	Rig &rig = test::fresh_rig();
	u8 *memory = static_cast<u8 *>(test_alloc((PAGES + 1) * 4096));

	rig.dev.controller.namespaces[0] =
		fake::Namespace{1, 9, 0, 64, static_cast<u8 *>(test_alloc(64 * 512))};
	rig.wanted_queues = static_cast<u16>(1 + in.below(2));
	MUST(rig.bring_up() == NPP_OK);
	bench = Bench{};
	for (u32 i = 0; i < PAGES; i++)
		bench.data[i] = rig.dev.bus.map(memory + i * 4096, 4096);
	bench.list_words = reinterpret_cast<u64 *>(memory + PAGES * 4096);
	bench.list = rig.dev.bus.map(bench.list_words, 4096, fake::Access::read);
	return rig;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8 *data, unsigned long size)
{
	fuzzing::Input in(data, size);
	Rig &rig = start(in);

	for (u32 steps = 0; !in.empty() && steps < MAX_STEPS; steps++)
		step(rig, in);
	finish(rig);
	return 0;
}
