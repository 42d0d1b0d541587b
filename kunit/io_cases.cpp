// SPDX-License-Identifier: GPL-2.0
// Reads and writes through core, fake bus and fake controller: the data decides.

#include "corpus.hpp"
#include "random.hpp"
#include "rig.hpp"

#include <nvmepp/discard.h>

namespace
{

using test::IoQueue;
using test::Rig;

Rig &live_rig()
{
	Rig &rig = test::fresh_rig();

	rig.add_namespaces();
	rig.fill_namespaces();
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	return rig;
}

u8 *disk(Rig &rig, u32 index)
{
	return rig.dev.controller.namespaces[index].data;
}

bool same(const u8 *a, const u8 *b, u32 bytes)
{
	return !__builtin_memcmp(a, b, bytes);
}

void read_brings_the_right_bytes()
{
	Rig &rig = live_rig();
	u8 *data = static_cast<u8 *>(test_alloc(test::NAMESPACE_BYTES));

	for (u32 i = 0; i < 2; i++) {
		const npp_ns_info &n = rig.ns[i];
		const u32 most = static_cast<u32>(n.blocks);

		for (u32 blocks = 1; blocks <= most; blocks += 5) {
			const u32 slba = most - blocks;

			EXPECT_EQ(rig.transfer(rig.io[0], 2, n, false, slba, blocks, data), 0);
			EXPECT(same(data, disk(rig, i) + (slba << n.block_shift),
				    blocks << n.block_shift));
		}
	}
	EXPECT_EQ(rig.dev.all_events(), 0);
}

void write_changes_the_right_bytes_only()
{
	Rig &rig = live_rig();
	u8 *data = static_cast<u8 *>(test_alloc(test::NAMESPACE_BYTES));
	u8 *mirror = static_cast<u8 *>(test_alloc(test::NAMESPACE_BYTES));
	test::Random random(2);

	__builtin_memcpy(mirror, disk(rig, 0), test::NAMESPACE_BYTES);
	for (u32 n = 0; n < 100; n++) {
		const u32 slba = random.below(128);
		const u32 blocks = 1 + random.below(128 - slba);

		for (u32 b = 0; b < blocks << 9; b++)
			data[b] = static_cast<u8>(random.next());
		EXPECT_EQ(rig.transfer(rig.io[n % 2], 2, rig.ns[0], true, slba, blocks, data), 0);
		__builtin_memcpy(mirror + (slba << 9), data, blocks << 9);
		EXPECT(same(mirror, disk(rig, 0), test::NAMESPACE_BYTES));
	}
}

// Without a PRP list: at most two pages, at every offset in the first.
void contiguous_transfer_at_every_offset()
{
	Rig &rig = live_rig();
	IoQueue &q = rig.io[0];
	u8 *pages = static_cast<u8 *>(test_alloc(2 * 4096));
	const u64 dma = rig.dev.bus.map(pages, 2 * 4096, fake::Access::write);

	for (u32 offset = 0; offset < 4096; offset += 4) {
		for (u32 blocks : test::values(1u, 8u)) {
			test::Transfer t{};

			t.slba = 16;
			t.addr = dma + offset;
			t.bytes = blocks * 512;
			t.nsid = 1;
			t.blocks = blocks;
			__builtin_memset(pages, 0, 2 * 4096);
			q.begin(0);
			q.submit(0, t);
			REQUIRE_EQ(rig.run(q, 0), 0);
			EXPECT(same(pages + offset, disk(rig, 0) + 16 * 512, t.bytes));
		}
	}
}

// One descriptor for memory of any length, and PRPs again in the same entry.
void sgl_transfers_reach_the_disk()
{
	Rig &rig = live_rig();
	IoQueue &q = rig.io[0];
	u8 *memory = static_cast<u8 *>(test_alloc(16 * 4096));
	const u64 dma = rig.dev.bus.map(memory, 16 * 4096, fake::Access::write);

	for (u32 n = 0; n < 3 * q.depth; n++) {
		test::Transfer t{};

		t.slba = 16;
		t.sgl = n % 2 == 0;
		t.blocks = t.sgl ? 1 + n % 64 : 1;
		t.addr = dma + 4 * (n % 1024);
		t.bytes = t.blocks * 512;
		t.nsid = 1;
		__builtin_memset(memory, 0, 16 * 4096);
		q.begin(0);
		q.submit(0, t);
		REQUIRE_EQ(rig.run(q, 0), 0);
		EXPECT(same(memory + 4 * (n % 1024), disk(rig, 0) + 16 * 512, t.bytes));
	}
}

void flush_write_zeroes_and_discard_reach_the_disk()
{
	Rig &rig = live_rig();
	IoQueue &q = rig.io[0];
	u8 *range = static_cast<u8 *>(test_alloc(16));
	const u64 range_dma = rig.dev.bus.map(range, 16, fake::Access::read);

	q.begin(0);
	npp_submit_flush(&q.queue, 0, 1);
	EXPECT_EQ(rig.run(q, 0), 0);
	q.begin(0);
	npp_submit_write_zeroes(&q.queue, 0, 1, 3, 1, true);
	EXPECT_EQ(rig.run(q, 0), 0);
	EXPECT_EQ(disk(rig, 0)[3 * 512], 0);
	EXPECT_EQ(disk(rig, 0)[5 * 512 - 1], 0);
	EXPECT(disk(rig, 0)[3 * 512 - 1] != 0 && disk(rig, 0)[5 * 512 + 1] != 0);
	q.begin(0);
	npp_submit_discard(&q.queue, 0, 1, 10, 2, range, range_dma);
	EXPECT_EQ(rig.run(q, 0), 0);
	EXPECT_EQ(disk(rig, 0)[10 * 512], 0xff);
	EXPECT_EQ(disk(rig, 0)[12 * 512 - 1], 0xff);
	EXPECT(disk(rig, 0)[12 * 512] != 0xff);
}

// Each range is discarded, and nothing between them; also of a device that reads 256 of them.
void discard_ranges(u32 count, bool reads_all)
{
	Rig &rig = live_rig();
	IoQueue &q = rig.io[0];
	void *page = test_alloc(4096);
	const u64 dma = rig.dev.bus.map(page, 4096, fake::Access::read);
	npp_ranges ranges;
	const u32 apart = 40; // on the disk's 128 blocks; more are the same ones again

	rig.dev.controller.setup.reads_all_ranges = reads_all;
	__builtin_memset(page, 0xaa, 4096); // of the request before
	npp_ranges_begin(&ranges, page, &rig.info);
	for (u32 n = 0; n < count; n++)
		EXPECT(npp_ranges_add(&ranges, 3 * (n % apart), 1 + n % 2));
	q.begin(0);
	npp_submit_discard_ranges(&q.queue, 0, 1, npp_ranges_end(&ranges), dma);
	EXPECT_EQ(rig.run(q, 0), 0);
	for (u32 n = 0; n < count && n < apart; n++) {
		EXPECT_EQ(disk(rig, 0)[3 * n * 512], 0xff);
		EXPECT_EQ(disk(rig, 0)[(3 * n + 1) * 512] == 0xff, n % 2 == 1);
		EXPECT(disk(rig, 0)[(3 * n + 2) * 512] != 0xff);
	}
	EXPECT(disk(rig, 0)[3 * (count < apart ? count : apart) * 512] != 0xff);
}

void discard_in_several_ranges_reaches_the_disk()
{
	const u32 counts[] = {1, 2, 3, 255, 256};

	for (const u32 count : counts) {
		discard_ranges(count, false);
		discard_ranges(count, true);
	}
}

// A device that reads 256 ranges, whatever their number is, finds no memory but that page.
void discard_is_read_from_one_page_alone()
{
	for (u32 at = 0; at < 4096; at += 32) {
		Rig &rig = live_rig();
		IoQueue &q = rig.io[0];
		u8 *page = static_cast<u8 *>(test_alloc(4096));
		const u64 dma = rig.dev.bus.map(page, 4096, fake::Access::read);

		rig.dev.controller.setup.reads_all_ranges = true;
		q.begin(0);
		npp_submit_discard(&q.queue, 0, 1, 10, 2, page + at, dma + at);
		EXPECT_EQ(rig.run(q, 0), 0);
		EXPECT_EQ(rig.dev.bus.violations(), 0);
		EXPECT_EQ(disk(rig, 0)[10 * 512], 0xff);
		EXPECT(disk(rig, 0)[12 * 512] != 0xff);
	}
}

// A raw command comes from C, where it is aligned to 4 bytes, not to 8.
void raw_command_may_lie_on_any_dword()
{
	Rig &rig = live_rig();
	IoQueue &q = rig.io[0];
	u32 *words = static_cast<u32 *>(test_alloc(NPP_SQE_BYTES + 4));

	words[1] = 0xabcd0000; // flush; the command id is replaced
	words[2] = 1;
	q.begin(5);
	npp_submit_raw(&q.queue, 5, reinterpret_cast<const npp_sqe *>(words + 1));
	EXPECT_EQ(rig.run(q, 5), 0);
	words[1] = 0x7f;
	q.begin(5);
	npp_submit_raw(&q.queue, 5, reinterpret_cast<const npp_sqe *>(words + 1));
	EXPECT_EQ(rig.run(q, 5), 1); // invalid opcode
}

void status_of_the_device_reaches_the_request()
{
	Rig &rig = live_rig();
	u8 *data = static_cast<u8 *>(test_alloc(4096));

	EXPECT_EQ(rig.transfer(rig.io[0], 1, rig.ns[0], false, 128, 1, data), 0x80);
	EXPECT_EQ(rig.transfer(rig.io[0], 1, rig.ns[0], false, ~u64{0}, 2, data), 0x80);
}

// Commands held and released in another order, on two queues, all tags.
void commands_complete_in_any_order_on_two_queues()
{
	Rig &rig = live_rig();
	test::Random random(3);

	rig.dev.controller.hold_commands(true);
	for (u32 round = 0; round < 30; round++) {
		for (u16 i = 0; i < 2; i++) {
			IoQueue &q = rig.io[i];

			for (u16 tag = 0; tag < q.tags; tag++) {
				q.begin(tag);
				npp_submit_flush(&q.queue, tag, 1);
			}
			npp_queue_ring(&q.queue);
		}
		while (rig.dev.controller.held()) {
			rig.dev.controller.release(random.below(rig.dev.controller.held()));
			if (random.below(2))
				rig.io[random.below(2)].handle_interrupt();
		}
		for (u16 i = 0; i < 2; i++) {
			rig.io[i].handle_interrupt();
			for (u16 tag = 0; tag < rig.io[i].tags; tag++)
				EXPECT(rig.io[i].done(tag));
			EXPECT_EQ(rig.io[i].unexpected, 0);
		}
	}
}

constexpr test::Case cases[] = {
	CASE(read_brings_the_right_bytes),
	CASE(write_changes_the_right_bytes_only),
	CASE(contiguous_transfer_at_every_offset),
	CASE(sgl_transfers_reach_the_disk),
	CASE(flush_write_zeroes_and_discard_reach_the_disk),
	CASE(discard_in_several_ranges_reaches_the_disk),
	CASE(discard_is_read_from_one_page_alone),
	CASE(raw_command_may_lie_on_any_dword),
	CASE(status_of_the_device_reaches_the_request),
	CASE(commands_complete_in_any_order_on_two_queues),
};

} // namespace

constinit const test::Group test::io_cases = test::group(cases);
