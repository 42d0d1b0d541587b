// SPDX-License-Identifier: GPL-2.0
// Fuzz target: the pages that Identify returns are the fuzzer's. What comes out
// of them must hold whatever they say.

#include "fuzzing.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

constexpr u32 CAPACITY = 40;

// One page of each kind: filled with one byte, then pieces laid over it.
struct Pages {
	u8 page[4][4096];
};

Pages pages;
Pages others;                          // what the pages change to, at every load
const fuzzing::ChangingPage *changing; // nullptr: they stay as they are

// What a command has read is loaded once, word by word; not at all if nothing was to be parsed.
void check_loads()
{
	const u32 loads = fuzzing::end_changes();

	MUST(!loads || loads == 4096 / sizeof(u64));
}

void replace_page(u8 cns, u32, u8 *to)
{
	__builtin_memcpy(to, pages.page[cns & 3], 4096);
	if (!changing)
		return;
	check_loads(); // of the command before
	__builtin_memcpy(changing->device, to, 4096);
	fuzzing::begin_changes(others.page[cns & 3]);
}

void build_page(u8 *page, fuzzing::Input &in)
{
	__builtin_memset(page, in.byte(), 4096);
	for (u32 pieces = in.below(8); pieces; pieces--) {
		// Anywhere, or close to the end, where parsers overrun.
		const u32 far = in.byte();
		const u32 offset = far < 128 ? 4095 - far % 64 : (far | in.byte() * 256u) % 4096;
		const u32 bytes = 1 + in.below(32);

		in.fill(page + offset, bytes < 4096 - offset ? bytes : 4096 - offset);
	}
}

bool printable(const char *text, u32 width)
{
	u32 length = 0;

	for (; length < width && text[length]; length++)
		if (text[length] < ' ' || text[length] > '~')
			return false;
	return !text[length];
}

void check_ctrl(Rig &rig)
{
	const int got = npp_identify_ctrl(&rig.ctrl, &rig.page, &rig.info);

	MUST(got == NPP_OK || got == NPP_EPROTO);
	if (got)
		return;
	MUST(printable(rig.info.serial, 20) && printable(rig.info.model, 40));
	MUST(printable(rig.info.firmware, 8));
	MUST(printable(rig.info.subnqn, NPP_NQN_BYTES - 1));
	MUST(rig.info.serial_bytes <= 20 && !rig.info.serial[rig.info.serial_bytes]);
	MUST(rig.info.model_bytes <= 40 && !rig.info.model[rig.info.model_bytes]);
	MUST(rig.info.max_transfer_bytes >= 4096);
	MUST(rig.info.max_transfer_bytes <= NPP_MAX_TRANSFER_BYTES);
	MUST(!(rig.info.max_transfer_bytes & (rig.info.max_transfer_bytes - 1)));
}

void check_list(Rig &rig, u32 after, u32 capacity)
{
	u32 *nsids = static_cast<u32 *>(test_alloc(capacity * sizeof(u32)));
	u32 count = ~0u, previous = after;
	const int got = npp_list_namespaces(&rig.ctrl, after, &rig.page, nsids, capacity, &count);

	MUST(got == NPP_OK);
	MUST(count <= capacity);
	for (u32 i = 0; i < count; i++) {
		MUST(nsids[i] > previous && nsids[i] != 0xffffffff);
		previous = nsids[i];
	}
}

void check_ns(Rig &rig, u32 nsid)
{
	npp_ns_info info;
	const int got = npp_identify_ns(&rig.ctrl, nsid, &rig.page, &info);

	MUST(got == NPP_OK || got == NPP_EPROTO || got == NPP_EOPNOTSUPP || got == NPP_EINVAL);
	if (got)
		return;
	MUST(info.nsid == nsid && info.blocks);
	MUST(info.block_shift >= 9 && info.block_shift <= npp_ctrl_page_shift(&rig.ctrl));
	MUST(info.blocks <= 0x7fffffffffffffff >> info.block_shift);
	MUST(info.read_only <= 1 && info.zeroes_on_deallocate <= 1);
	MUST(npp_ns_best_id(&info.ids) <= NPP_ID_UUID);
	MUST(!info.command_set && !info.metadata_bytes);
}

// A controller that would be believed, whichever half of a word is read first.
void make_plausible(Pages &p)
{
	p.page[1][512] = 0x66;
	p.page[1][513] = 0x44;
}

// By all of the input: mutations of one that is are not.
bool is_one_in_1024(const u8 *data, unsigned long size)
{
	u32 sum = 0;

	for (unsigned long i = 0; i < size; i++)
		sum = sum * 31 + data[i];
	return sum % 1024 == 1;
}

void make_changing(Rig &rig)
{
	changing = &fuzzing::changing_page();
	rig.page.shared = changing->host;
	rig.page.dma = rig.dev.bus.map(changing->device, 4096, fake::Access::write);
}

Rig &rig_of_version(bool old)
{
	return test::started_rig(old ? 0x00010000 : 0x00010400, 0xffffffff);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8 *data, unsigned long size)
{
	fuzzing::Input in(data, size);
	const u32 flags = in.byte();
	const u32 after = flags & 2 ? in.word() : in.byte();
	Rig &rig = rig_of_version(flags & 1);

	for (u8(&page)[4096] : pages.page)
		build_page(page, in);
	if (flags & 4) // or hardly any controller would be believed
		make_plausible(pages);
	changing = nullptr;
	if (is_one_in_1024(data, size)) { // every load is a trap, which takes long
		for (u8(&page)[4096] : others.page)
			build_page(page, in);
		make_plausible(others);
		make_changing(rig);
	}
	rig.dev.controller.faults.edit_page = replace_page;
	check_ctrl(rig);
	check_list(rig, after, 1 + flags % CAPACITY);
	check_ns(rig, 1);
	check_ns(rig, 5);
	if (changing)
		check_loads();
	return 0;
}
