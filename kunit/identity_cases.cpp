// SPDX-License-Identifier: GPL-2.0
// What distinguishes controllers and namespaces: names, numbers, and the devices
// whose word is not to be taken.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

constexpr u32 SERIAL = 4, MODEL = 24, SUBNQN = 768; // in Identify Controller
constexpr u32 NGUID = 104, EUI64 = 120;             // in Identify Namespace

u8 edited_cns;
void (*edited)(u8 *page);

// From now on @edit sees each page that Identify @cns returns.
void edit(Rig &rig, u8 cns, void (*how)(u8 *page))
{
	edited_cns = cns;
	edited = how;
	rig.dev.controller.faults.edit_page = [](u8 asked, u32, u8 *page) {
		if (asked == edited_cns)
			edited(page);
	};
}

int identify_ctrl(Rig &rig)
{
	return npp_identify_ctrl(&rig.ctrl, &rig.page, &rig.info);
}

int identify_ns(Rig &rig, u32 nsid)
{
	return npp_identify_ns(&rig.ctrl, nsid, &rig.page, &rig.ns[0]);
}

u32 length(const char *text)
{
	u32 n = 0;

	while (text[n])
		n++;
	return n;
}

bool same(const void *a, const void *b, u32 bytes)
{
	return !__builtin_memcmp(a, b, bytes);
}

void controller_tells_its_kind_and_its_subsystem()
{
	Rig &rig = test::started_rig();
	static constexpr char NAME[] = "nqn.2014-08.org.nvmexpress:fake";

	REQUIRE_EQ(identify_ctrl(rig), NPP_OK);
	EXPECT_EQ(rig.info.kind, NPP_CTRL_IO);
	EXPECT(same(rig.info.subnqn, NAME, sizeof(NAME)));
	edit(rig, 1, [](u8 *page) {
		page[2] = 0x34;
		page[3] = 0x12;
		page[111] = 0xff;
	});
	REQUIRE_EQ(identify_ctrl(rig), NPP_OK);
	EXPECT_EQ(rig.info.subsystem_vendor, 0x1234);
	EXPECT_EQ(rig.info.kind, 0xff);
}

u32 name_length;

// 222 characters and a 0 are a name; without the 0 there is none.
void controller_name_has_to_end()
{
	Rig &rig = test::started_rig();

	edit(rig, 1, [](u8 *page) {
		__builtin_memset(page + SUBNQN, 0, 256);
		__builtin_memset(page + SUBNQN, 'n', name_length);
	});
	for (name_length = 0; name_length <= 256; name_length++) {
		REQUIRE_EQ(identify_ctrl(rig), NPP_OK);
		EXPECT_EQ(length(rig.info.subnqn), name_length <= 222 ? name_length : 0);
	}
}

void controller_name_is_made_printable()
{
	Rig &rig = test::started_rig();

	edit(rig, 1, [](u8 *page) {
		__builtin_memset(page + SUBNQN, 0, 256);
		page[SUBNQN] = 'n';
		page[SUBNQN + 1] = '\n';
		page[SUBNQN + 2] = 0x80;
		page[SUBNQN + 3] = ' ';
	});
	REQUIRE_EQ(identify_ctrl(rig), NPP_OK);
	EXPECT(same(rig.info.subnqn, "n?? ", 5));
}

// What a name is made of where there is no other: the bytes as they are.
void controller_gives_serial_and_model_as_they_are()
{
	Rig &rig = test::started_rig();

	edit(rig, 1, [](u8 *page) {
		__builtin_memset(page + SERIAL, ' ', 20);
		page[SERIAL] = 0x07;
		page[SERIAL + 2] = 's';
		__builtin_memset(page + MODEL, 0, 40);
		page[MODEL + 1] = 0xff;
		page[MODEL + 2] = ' ';
	});
	REQUIRE_EQ(identify_ctrl(rig), NPP_OK);
	EXPECT_EQ(rig.info.serial_bytes, 3);
	EXPECT(same(rig.info.raw_serial, "\x07 s ", 4));
	EXPECT(same(rig.info.serial, "? s", 4));
	EXPECT_EQ(rig.info.model_bytes, 2);
	EXPECT(same(rig.info.raw_model, "\0\xff \0", 4));
	EXPECT(same(rig.info.model, "??", 3));
}

void controller_without_serial_and_model()
{
	for (u8 fill : test::values(u8{' '}, u8{0})) {
		static u8 with;
		Rig &rig = test::started_rig();

		with = fill;
		edit(rig, 1, [](u8 *page) { __builtin_memset(page + SERIAL, with, 60); });
		REQUIRE_EQ(identify_ctrl(rig), NPP_OK);
		EXPECT_EQ(rig.info.serial_bytes, 0);
		EXPECT_EQ(rig.info.model_bytes, 0);
		EXPECT_EQ(length(rig.info.serial) + length(rig.info.model), 0);
	}
}

// Not one blank, and no 0 behind it.
void controller_with_serial_and_model_in_full()
{
	Rig &rig = test::started_rig();

	edit(rig, 1, [](u8 *page) { __builtin_memset(page + SERIAL, 'x', 60); });
	REQUIRE_EQ(identify_ctrl(rig), NPP_OK);
	EXPECT_EQ(rig.info.serial_bytes, 20);
	EXPECT_EQ(rig.info.model_bytes, 40);
	EXPECT_EQ(length(rig.info.serial), 20);
	EXPECT_EQ(length(rig.info.model), 40);
}

// A quirk is no part of an answer: the next Identify does not forget it.
void quirk_of_write_zeroes_holds_at_each_identification()
{
	Rig &rig = test::started_rig();

	EXPECT_EQ(rig.info.can_write_zeroes, 1);
	npp_ctrl_set_quirks(&rig.ctrl, NPP_QUIRK_NO_WRITE_ZEROES);
	for (u32 i = 0; i < 3; i++) {
		rig.info.can_write_zeroes = 1;
		EXPECT_EQ(rig.start_controller(), NPP_OK);
		EXPECT_EQ(rig.info.can_write_zeroes, 0);
		EXPECT_EQ(rig.info.can_discard, 1);
	}
}

void quirk_of_bogus_ids_leaves_none()
{
	Rig &rig = test::started_rig();

	edit(rig, 0, [](u8 *page) { __builtin_memset(page + NGUID, 0x55, 24); });
	npp_ctrl_set_quirks(&rig.ctrl, NPP_QUIRK_BOGUS_IDS);
	for (u32 nsid : test::values(1u, 5u)) {
		REQUIRE_EQ(identify_ns(rig, nsid), NPP_OK);
		EXPECT_EQ(npp_ns_best_id(&rig.ns[0].ids), 0);
	}
	npp_ctrl_set_quirks(&rig.ctrl, NPP_QUIRK_NO_WRITE_ZEROES);
	REQUIRE_EQ(identify_ns(rig, 5), NPP_OK);
	EXPECT_EQ(npp_ns_best_id(&rig.ns[0].ids), NPP_ID_UUID);
}

struct OldIds {
	u32 version;
	bool eui64, nguid;
};

// Identify Namespace has had an EUI64 since 1.1 and an NGUID since 1.2.
void ids_of_controllers_without_descriptors()
{
	static constexpr OldIds table[] = {
		{0x00010000, false, false},
		{0x00010100, true, false},
		{0x00010200, true, true},
		{0x00010400, true, true},
	};

	for (const OldIds &e : table) {
		Rig &rig = test::started_rig(e.version);

		rig.dev.controller.namespaces[0].id_types = 0;
		edit(rig, 0, [](u8 *page) {
			__builtin_memset(page + NGUID, 0x22, 16);
			__builtin_memset(page + EUI64, 0x11, 8);
		});
		REQUIRE_EQ(identify_ns(rig, 1), NPP_OK);
		EXPECT_EQ(rig.ns[0].ids.eui64[7], e.eui64 ? 0x11 : 0);
		EXPECT_EQ(rig.ns[0].ids.nguid[15], e.nguid ? 0x22 : 0);
		EXPECT_EQ(rig.ns[0].ids.uuid[0], 0);
	}
}

// What a descriptor says counts, also where the other place says something else.
void ids_of_descriptors_win()
{
	Rig &rig = test::started_rig();

	rig.dev.controller.namespaces[0].id_types = 1 << 1 | 1 << 2;
	edit(rig, 0, [](u8 *page) { __builtin_memset(page + NGUID, 0x77, 24); });
	REQUIRE_EQ(identify_ns(rig, 1), NPP_OK);
	EXPECT_EQ(rig.ns[0].ids.eui64[0], 0x10);
	EXPECT_EQ(rig.ns[0].ids.nguid[0], 0x20);
}

// One bit anywhere makes an identifier; all zeroes are none.
void ids_of_zeroes_are_none()
{
	npp_ns_ids ids{};

	EXPECT_EQ(npp_ns_best_id(&ids), 0);
	for (u32 i = 0; i < 16; i++) {
		ids = npp_ns_ids{};
		if (i < 8) {
			ids.eui64[i] = 0x80;
			EXPECT_EQ(npp_ns_best_id(&ids), NPP_ID_EUI64);
		}
		ids.nguid[i] = 1;
		EXPECT_EQ(npp_ns_best_id(&ids), NPP_ID_NGUID);
		ids.uuid[i] = 1;
		EXPECT_EQ(npp_ns_best_id(&ids), NPP_ID_UUID);
	}
}

void blocks_in_use_are_read_anew()
{
	Rig &rig = test::started_rig();
	u64 blocks = 0;

	rig.edit(0, 16, u64{0x123456789});
	EXPECT_EQ(npp_read_blocks_used(&rig.ctrl, 1, &rig.page, &blocks), NPP_OK);
	EXPECT_EQ(blocks, 0x123456789);
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];
	f.verb = fake::Verb::error;
	f.arg = 0x4002;
	EXPECT_EQ(npp_read_blocks_used(&rig.ctrl, 1, &rig.page, &blocks), NPP_EIO);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(blocks, 0x123456789);
}

constexpr test::Case cases[] = {
	CASE(controller_tells_its_kind_and_its_subsystem),
	CASE(controller_name_has_to_end),
	CASE(controller_name_is_made_printable),
	CASE(controller_gives_serial_and_model_as_they_are),
	CASE(controller_without_serial_and_model),
	CASE(controller_with_serial_and_model_in_full),
	CASE(quirk_of_write_zeroes_holds_at_each_identification),
	CASE(quirk_of_bogus_ids_leaves_none),
	CASE(ids_of_controllers_without_descriptors),
	CASE(ids_of_descriptors_win),
	CASE(ids_of_zeroes_are_none),
	CASE(blocks_in_use_are_read_anew),
};

} // namespace

constinit const test::Group test::identity_cases = test::group(cases);
