// SPDX-License-Identifier: GPL-2.0
// Asynchronous events: what they say, what is to be done about them, and what a
// controller is configured to report.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

constexpr u32 HEALTH_WARNINGS = 0x1f, NAMESPACE_NOTICES = 0x100;

npp_async_event parsed(u32 result)
{
	npp_async_event e{};

	npp_parse_async_event(result, &e);
	return e;
}

// Each bit of the fields, and none of those between them.
void event_is_taken_apart()
{
	const npp_async_event e = parsed(0xff5aa5fa);

	EXPECT_EQ(e.type, 2);
	EXPECT_EQ(e.information, 0xa5);
	EXPECT_EQ(e.log_page, 0x5a);
	EXPECT_EQ(parsed(0xff0000f8).type, 0);
}

// All types with all information: one of them is about namespaces.
void event_about_namespaces_is_one()
{
	u32 rescans = 0;

	for (u32 type = 0; type < 8; type++)
		for (u32 information = 0; information < 256; information++)
			rescans += parsed(type | information << 8 | 4u << 16).rescan;
	EXPECT_EQ(rescans, 1);
	EXPECT(parsed(0x040002).rescan);
}

// The scan knows where its log is, whatever page the controller names.
void event_about_namespaces_leaves_the_log_to_the_scan()
{
	for (u32 page = 0; page < 256; page++) {
		const npp_async_event e = parsed(2 | page << 16);

		EXPECT(e.rescan);
		EXPECT_EQ(e.log_bytes, 0);
	}
}

// No other pages are read than those of errors and health.
void event_pages_have_their_sizes()
{
	for (u32 page = 0; page < 256; page++) {
		const u32 bytes = page == 1 ? 64 : page == 2 ? 512 : 0;

		for (u32 type = 0; type < 8; type++)
			EXPECT_EQ(parsed(type | 1u << 8 | page << 16).log_bytes, bytes);
	}
}

bool is_called(u32 result, const char *name)
{
	const npp_async_event e = parsed(result);

	return test::same_text(npp_async_event_name(&e), name);
}

void event_has_a_name()
{
	EXPECT(is_called(0x010000, "error"));
	EXPECT(is_called(0x020001, "health"));
	EXPECT(is_called(0x040002, "namespaces have changed"));
	EXPECT(is_called(0x030102, "notice"));
	EXPECT(is_called(0x000006, "I/O command set"));
	EXPECT(is_called(0x000007, "vendor's own"));
	for (u32 type = 3; type < 6; type++)
		EXPECT(is_called(type, "unknown"));
}

void events_are_asked_for_as_far_as_there_are_any()
{
	for (u32 oaes : test::values(0u, 0x100u, 0xfffffeffu, 0xffffffffu)) {
		Rig &rig = test::started_rig();

		rig.info.async_events = oaes;
		EXPECT_EQ(npp_enable_async_events(&rig.ctrl, &rig.info), NPP_OK);
		EXPECT_EQ(rig.dev.controller.async_config(),
			  HEALTH_WARNINGS | (oaes & NAMESPACE_NOTICES));
		EXPECT_EQ(rig.dev.all_events(), 0);
	}
}

void events_that_are_supported_are_known()
{
	Rig &rig = test::started_rig();

	rig.dev.controller.setup.oaes = 0x12345678;
	EXPECT_EQ(rig.start_controller(), NPP_OK);
	EXPECT_EQ(rig.info.async_events, 0x12345678);
}

void events_that_are_refused_do_no_harm()
{
	Rig &rig = test::started_rig();

	rig.dev.controller.setup.has_async_events = false;
	EXPECT_EQ(npp_enable_async_events(&rig.ctrl, &rig.info), NPP_OK);
	EXPECT_EQ(rig.dev.controller.async_config(), 0);
}

void changed_namespaces_are_cleared_where_they_are_reported()
{
	for (u32 oaes : test::values(0u, 0x100u)) {
		Rig &rig = test::started_rig();

		rig.info.async_events = oaes;
		EXPECT_EQ(npp_clear_changed_namespaces(&rig.ctrl, &rig.info, rig.page.dma), NPP_OK);
		EXPECT_EQ(rig.dev.controller.log_asked(), oaes ? 1023u << 16 | 4 : 0);
		EXPECT_EQ(rig.dev.all_events(), 0); // refused: the fake has no such log
	}
}

void events_without_an_answer_are_an_error()
{
	Rig &rig = test::started_rig();
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = fake::Verb::never;
	EXPECT_EQ(npp_enable_async_events(&rig.ctrl, &rig.info), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
}

int read_log(Rig &rig, u32 result, u8 &warning)
{
	const npp_async_event e = parsed(result);

	return npp_read_event_log(&rig.ctrl, &e, &rig.page, &warning);
}

// Retain Asynchronous Event, bit 15, is 0: the controller may report the next one.
void event_log_is_read_and_released()
{
	struct Expected {
		u32 result, dword10;
		u8 warning;
	};
	static constexpr Expected table[] = {
		{0x010000, 15u << 16 | 1, 0},
		{0x020101, 127u << 16 | 2, 0x1d},
	};

	for (const Expected &e : table) {
		Rig &rig = test::started_rig();
		u8 warning = 0xff;

		rig.dev.controller.faults.edit_log = [](u8, u8 *page) {
			page[0] = 0x1d;
		};
		EXPECT_EQ(read_log(rig, e.result, warning), NPP_OK);
		EXPECT_EQ(rig.dev.controller.log_asked(), e.dword10);
		EXPECT_EQ(warning, e.warning);
	}
}

void event_log_that_is_refused_tells_nothing()
{
	Rig &rig = test::started_rig();
	u8 warning = 0xff;

	EXPECT_EQ(read_log(rig, 0x020101, warning), NPP_EIO);
	EXPECT_EQ(warning, 0);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_ADMIN_FAILED), 1);
}

// The request says nothing but what it is.
void event_request_is_an_opcode()
{
	npp_sqe sqe;

	__builtin_memset(&sqe, 0xff, sizeof(sqe));
	npp_async_event_request(&sqe);
	EXPECT_EQ(sqe.dw[0], 0x0c);
	for (u32 i = 1; i < 16; i++)
		EXPECT_EQ(sqe.dw[i], 0);
}

constexpr test::Case cases[] = {
	CASE(event_is_taken_apart),
	CASE(event_about_namespaces_is_one),
	CASE(event_about_namespaces_leaves_the_log_to_the_scan),
	CASE(event_pages_have_their_sizes),
	CASE(event_has_a_name),
	CASE(events_are_asked_for_as_far_as_there_are_any),
	CASE(events_that_are_supported_are_known),
	CASE(events_that_are_refused_do_no_harm),
	CASE(events_without_an_answer_are_an_error),
	CASE(changed_namespaces_are_cleared_where_they_are_reported),
	CASE(event_log_is_read_and_released),
	CASE(event_log_that_is_refused_tells_nothing),
	CASE(event_request_is_an_opcode),
};

} // namespace

constinit const test::Group test::event_cases = test::group(cases);
