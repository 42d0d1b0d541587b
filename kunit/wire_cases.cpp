// SPDX-License-Identifier: GPL-2.0
// Registers, wire structures and commands, bit by bit as the specification
// prints them.

#include "corpus.hpp"

#include "commands.hpp"
#include "regs.hpp"

namespace
{

using npp::Sqe;

void field_is_written_high_low()
{
	using Middle = npp::Field<u32, 11, 4>;

	EXPECT_EQ(Middle::max, 0xff);
	EXPECT_EQ(Middle::mask, 0xff0);
	EXPECT_EQ(Middle::get(0xabcdef12), 0xf1);
	EXPECT_EQ(Middle::of(0x1ff), 0xff0);
	EXPECT_EQ(Middle::replace(0xffffffff, 0x12), 0xfffff12f);
}

void field_may_fill_its_word()
{
	using All = npp::Field<u64, 63, 0>;
	using Top = npp::Field<u64, 63, 63>;

	EXPECT_EQ(All::max, ~u64{0});
	EXPECT_EQ(All::get(~u64{0}), ~u64{0});
	EXPECT_EQ(Top::mask, u64{1} << 63);
	EXPECT_EQ(Top::get(u64{1} << 63), 1);
}

void capabilities_lie_where_the_specification_says()
{
	using namespace npp::regs;

	EXPECT_EQ(cap::MQES0::mask, 0xffff);
	EXPECT_EQ(cap::TO::mask, u64{0xff} << 24);
	EXPECT_EQ(cap::DSTRD::mask, u64{0xf} << 32);
	EXPECT_EQ(cap::CSS::mask, u64{0xff} << 37);
	EXPECT_EQ(cap::MPSMIN::mask, u64{0xf} << 48);
	EXPECT_EQ(cap::MPSMAX::mask, u64{0xf} << 52);
	EXPECT_EQ(cap::CRWMS::mask, u64{1} << 59);
	EXPECT_EQ(cap::CSS_NVM, 1);
	EXPECT_EQ(cap::CSS_SEVERAL, 0x40);
}

void configuration_and_status_lie_where_the_specification_says()
{
	using namespace npp::regs;

	EXPECT_EQ(cc::EN::mask, 0x1);
	EXPECT_EQ(cc::CSS::mask, 0x70);
	EXPECT_EQ(cc::MPS::mask, 0x780);
	EXPECT_EQ(cc::AMS::mask, 0x3800);
	EXPECT_EQ(cc::SHN::mask, 0xc000);
	EXPECT_EQ(cc::IOSQES::mask, 0xf0000);
	EXPECT_EQ(cc::IOCQES::mask, 0xf00000);
	EXPECT_EQ(csts::RDY::mask, 0x1);
	EXPECT_EQ(csts::CFS::mask, 0x2);
	EXPECT_EQ(csts::SHST::mask, 0xc);
	EXPECT_EQ(aqa::ASQS0::mask, 0xfff);
	EXPECT_EQ(aqa::ACQS0::mask, 0xfff0000);
	EXPECT_EQ(crto::CRWMT::mask, 0xffff);
}

void registers_lie_where_the_specification_says()
{
	using namespace npp::regs;

	EXPECT_EQ(CAP, 0x0);
	EXPECT_EQ(VS, 0x8);
	EXPECT_EQ(CC, 0x14);
	EXPECT_EQ(CSTS, 0x1c);
	EXPECT_EQ(AQA, 0x24);
	EXPECT_EQ(ASQ, 0x28);
	EXPECT_EQ(ACQ, 0x30);
	EXPECT_EQ(CRTO, 0x68);
	EXPECT_EQ(DOORBELLS, 0x1000);
}

void wire_integers_are_little_endian()
{
	npp::Le16 a;
	npp::Le32 b;
	npp::Le64 c;
	const u8 *bytes = reinterpret_cast<const u8 *>(&c);

	a.set(0x1234);
	b.set(0x12345678);
	c.set(0x123456789abcdef0);
	EXPECT_EQ(reinterpret_cast<const u8 *>(&a)[0], 0x34);
	EXPECT_EQ(reinterpret_cast<const u8 *>(&b)[3], 0x12);
	for (u32 i = 0; i < 8; i++)
		EXPECT_EQ(bytes[i], static_cast<u8>(u64{0x123456789abcdef0} >> 8 * i));
	EXPECT_EQ(a.get(), 0x1234);
	EXPECT_EQ(b.get_once(), 0x12345678);
	EXPECT_EQ(c.get(), 0x123456789abcdef0);
}

void bytes_swap()
{
	EXPECT_EQ(npp::swap_bytes(u16{0x1234}), 0x3412);
	EXPECT_EQ(npp::swap_bytes(u32{0x12345678}), 0x78563412);
	EXPECT_EQ(npp::swap_bytes(u64{0x0102030405060708}), 0x0807060504030201);
}

void smaller_and_larger()
{
	EXPECT_EQ(npp::min(2u, 3u), 2);
	EXPECT_EQ(npp::min(3u, 2u), 2);
	EXPECT_EQ(npp::max(2u, 3u), 3);
	EXPECT_EQ(npp::max(3u, 2u), 3);
}

void completion_status_word_is_split_once()
{
	const u32 word = 0x8002u << 17 | 1u << 16 | 0x7abc;

	EXPECT_EQ(npp::cqe::CID::get(word), 0x7abc);
	EXPECT_EQ(npp::cqe::PHASE::get(word), 1);
	EXPECT_EQ(npp::cqe::STATUS::get(word), 0x0002);
	EXPECT_EQ(npp::status::SC::mask, 0xff);
	EXPECT_EQ(npp::status::SCT::mask, 0x700);
	EXPECT_EQ(npp::status::DNR::mask, 0x4000);
}

// A command as 16 dwords; what a builder leaves unset must be zero.
struct Raw {
	u32 dw[16];
};

Raw raw(const Sqe &e)
{
	Raw r;

	__builtin_memcpy(&r, &e, sizeof(r));
	return r;
}

void expect_command(const Sqe &e, const Raw &expected)
{
	const Raw r = raw(e);

	for (u32 i = 0; i < 16; i++)
		EXPECT_EQ(r.dw[i], expected.dw[i]);
}

void dirty(Sqe &e)
{
	__builtin_memset(&e, 0xa5, sizeof(e));
}

constexpr u64 ADDRESS = 0x0000'7654'3210'f000;
constexpr u32 LOW = 0x3210f000, HIGH = 0x7654;

void admin_commands_write_the_whole_entry()
{
	Sqe e;

	dirty(e);
	npp::commands::identify(e, npp::Cns::ns_descriptors, 9, ADDRESS);
	expect_command(e, {{0x06, 9, 0, 0, 0, 0, LOW, HIGH, 0, 0, 3}});
	dirty(e);
	npp::commands::set_queue_count(e, 6);
	expect_command(e, {{0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 6 << 16 | 6}});
	dirty(e);
	npp::commands::create_cq(e, 3, 255, ADDRESS, 5);
	expect_command(e, {{0x05, 0, 0, 0, 0, 0, LOW, HIGH, 0, 0, 255 << 16 | 3, 5 << 16 | 3}});
	dirty(e);
	npp::commands::create_cq(e, 3, 255, ADDRESS, NPP_NO_VECTOR);
	expect_command(e, {{0x05, 0, 0, 0, 0, 0, LOW, HIGH, 0, 0, 255 << 16 | 3, 1}});
	dirty(e);
	npp::commands::create_sq(e, 3, 255, ADDRESS);
	expect_command(e, {{0x01, 0, 0, 0, 0, 0, LOW, HIGH, 0, 0, 255 << 16 | 3, 3 << 16 | 1}});
	dirty(e);
	npp::commands::delete_queue(e, npp::AdminOpcode::delete_sq, 3);
	expect_command(e, {{0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}});
	dirty(e);
	npp::commands::delete_queue(e, npp::AdminOpcode::delete_cq, 3);
	expect_command(e, {{0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}});
}

// Over @e, as in the ring.
void read_write(Sqe &e, u64 head, u64 slba, u32 length)
{
	npp::RwSqe rw;

	dirty(e);
	__builtin_memcpy(&rw, &e, sizeof(rw));
	npp::commands::read_write(rw, head, 0x1234, slba, length, ADDRESS, 0x3'0000'1000);
	__builtin_memcpy(&e, &rw, sizeof(e));
}

void nvm_commands_write_the_whole_entry()
{
	constexpr u64 slba = 0x0123456789abcdef;
	constexpr u32 low = 0x89abcdef, high = 0x01234567;
	Sqe e;

	read_write(e, npp_rw_head(2, false), slba, 7);
	expect_command(e, {{0x12340002, 2, 0, 0, 0, 0, LOW, HIGH, 0x1000, 3, low, high, 7}});
	read_write(e, npp_rw_head(2, true), slba, 0xffff | NPP_RW_FUA);
	expect_command(e,
		       {{0x12340001, 2, 0, 0, 0, 0, LOW, HIGH, 0x1000, 3, low, high, 0x4000ffff}});
	dirty(e);
	npp::commands::write_zeroes(e, 2, slba, 7, true);
	expect_command(e, {{0x08, 2, 0, 0, 0, 0, 0, 0, 0, 0, low, high, 0x02000007}});
	dirty(e);
	npp::commands::write_zeroes(e, 2, slba, 7, false);
	expect_command(e, {{0x08, 2, 0, 0, 0, 0, 0, 0, 0, 0, low, high, 7}});
	dirty(e);
	read_write(e, npp::commands::deallocate_head(2), npp::commands::deallocate_words(256), 0);
	expect_command(e, {{0x12340009, 2, 0, 0, 0, 0, LOW, HIGH, 0x1000, 3, 255, 4}});
	dirty(e);
	npp::commands::flush(e, 2);
	expect_command(e, {{0x00, 2}});
}

constexpr test::Case cases[] = {
	CASE(field_is_written_high_low),
	CASE(field_may_fill_its_word),
	CASE(capabilities_lie_where_the_specification_says),
	CASE(configuration_and_status_lie_where_the_specification_says),
	CASE(registers_lie_where_the_specification_says),
	CASE(wire_integers_are_little_endian),
	CASE(bytes_swap),
	CASE(smaller_and_larger),
	CASE(completion_status_word_is_split_once),
	CASE(admin_commands_write_the_whole_entry),
	CASE(nvm_commands_write_the_whole_entry),
};

} // namespace

constinit const test::Group test::wire_cases = test::group(cases);
