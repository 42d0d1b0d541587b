// SPDX-License-Identifier: GPL-2.0
// Fuzz target: users' commands of any form with any rights, under an effects log that is the
// fuzzer's, and events of any value. Whatever is sent stays within its buffer and its rights;
// a second, plainer statement of both says so.

#include "fuzzing.hpp"
#include "rig.hpp"

#include <nvmepp/async_event.h>
#include <nvmepp/passthrough.h>

namespace
{

using test::Rig;

u8 log_page[4096];

void replace_log(u8, u8 *to)
{
	__builtin_memcpy(to, log_page, sizeof(log_page));
}

// Most words of the log are of commands that exist and do nothing else.
void build_log(fuzzing::Input &in)
{
	for (u32 at = 0; at < sizeof(log_page); at += 4)
		log_page[at] = at < 2048 ? 1 : 0;
	for (u32 pieces = in.below(8); pieces; pieces--) {
		const u32 offset = (in.byte() | in.byte() * 256u) % 4064;

		in.fill(log_page + offset, 1 + in.below(32));
	}
}

npp_user_command command(fuzzing::Input &in)
{
	npp_user_command c{};

	c.opcode = in.byte();
	c.admin = in.byte() & 1;
	c.block_shift = c.admin ? 0 : static_cast<u8>(9 + in.below(5));
	c.nsid = in.word();
	c.cdw10 = in.word();
	c.cdw11 = in.word();
	c.cdw12 = in.word();
	c.data_bytes = in.word() >> in.below(32);
	return c;
}

// What a Read, a Write, a Compare, an Identify and the lists move, in 64 bits.
bool known_length(const npp_user_command &c, u64 *bytes)
{
	if (c.admin) {
		*bytes = c.opcode == 0x06 ? 4096
					  : ((c.cdw10 >> 16 | u64{c.cdw11 & 0xffff} << 16) + 1) * 4;
		return c.opcode == 0x06 || c.opcode == 0x02;
	}
	*bytes = u64{(c.cdw12 & 0xffff) + 1} << c.block_shift;
	if (c.opcode == 0x09)
		*bytes = u64{(c.cdw10 & 0xff) + 1} * 16;
	return c.opcode == 0x01 || c.opcode == 0x02 || c.opcode == 0x05 || c.opcode == 0x09;
}

void check_sent(const npp_user_command &c, const npp_user_rights &rights, u32 logged)
{
	u64 bytes;

	if (known_length(c, &bytes)) {
		MUST(bytes <= c.data_bytes);
		MUST(npp_command_bytes(&c) == bytes && !npp_command_may_exceed(&c));
	}
	if (rights.privileged)
		return;
	MUST(!rights.partition && !npp_command_may_exceed(&c));
	if (c.admin) {
		MUST(c.opcode == 0x06);
		return;
	}
	MUST((logged & 1) && c.opcode < 0x80);
	if (!rights.may_write)
		MUST(c.opcode == 0 || c.opcode == 2 || c.opcode == 0x0c || c.opcode == 0x0e);
}

void check_own(const npp_user_command &c, npp_user_verdict verdict)
{
	const bool own = c.opcode <= 1 || c.opcode == 4 || c.opcode == 5 || c.opcode == 0x0c ||
			 c.opcode == 0x45 || c.opcode == 0x7c;

	MUST(!(c.admin && own && verdict == NPP_USER_SEND));
	MUST(verdict < NPP_USER_VERDICTS && npp_command_bytes(&c) <= c.data_bytes);
}

// At most two pages: the first as it is, the second from its beginning.
void check_sqe(const npp_user_command &c, fuzzing::Input &in)
{
	const u64 addr = u64{in.word()} << 12 | (in.word() & 0xffc);
	const u32 room = 8192 - (addr & 0xfff);
	const npp_data data{addr, 0, c.data_bytes % (room + 1), false, false};
	npp_sqe entry;

	npp_user_sqe(&c, &data, 12, &entry);
	const u8 *at = reinterpret_cast<const u8 *>(&entry);
	u64 prp1, prp2;
	u32 dwords[2];

	__builtin_memcpy(&prp1, at + 24, 8);
	__builtin_memcpy(&prp2, at + 32, 8);
	__builtin_memcpy(dwords, at + 40, 8);
	MUST(at[0] == c.opcode && dwords[0] == c.cdw10 && dwords[1] == c.cdw11);
	MUST(prp1 == (data.bytes ? addr : 0));
	const bool second = (addr & 0xfff) + data.bytes > 4096;

	MUST(!second || prp2 == (addr | 0xfff) + 1);
}

void check_event(u32 result)
{
	npp_async_event e;

	npp_parse_async_event(result, &e);
	MUST(npp_async_event_name(&e)[0]);
	MUST(e.log_bytes <= 4096 && e.type <= 7);
	// Only the pages of errors and of health are read.
	MUST(!e.log_bytes || e.log_page == 1 || e.log_page == 2);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8 *data, unsigned long size)
{
	fuzzing::Input in(data, size);
	const u32 flags = in.byte();
	static npp_effects effects;
	Rig &rig = test::started_rig(0x00010400, 0xffffffff);

	build_log(in);
	rig.dev.controller.faults.edit_log = replace_log;
	rig.info.has_effects_log = (flags & 1) != 0;
	MUST(npp_read_effects(&rig.ctrl, &rig.info, &rig.page, &effects) == NPP_OK);
	MUST(effects.known == (flags & 1));
	for (u32 commands = 0; commands < 16 && !in.empty(); commands++) {
		const npp_user_command c = command(in);
		const u32 bits = in.byte();
		const npp_user_rights rights{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
		const u32 all = npp_command_effects(&effects, c.admin, c.opcode);
		const npp_user_verdict verdict = npp_judge_command(&c, &rights, all);

		check_own(c, verdict);
		if (verdict == NPP_USER_SEND)
			check_sent(c, rights, (c.admin ? effects.admin : effects.io)[c.opcode]);
		check_sqe(c, in);
		check_event(in.word());
	}
	return 0;
}
