// SPDX-License-Identifier: GPL-2.0
// Asynchronous events: base 2.0, 5.2 and 5.27.1.9.

#include "commands.hpp"
#include "controller.hpp"
#include "identify_data.hpp"
#include "private_page.hpp"

#include <nvmepp/async_event.h>

namespace npp
{

namespace
{

// Dword 0 of the completion of an Asynchronous Event Request.
namespace event
{
using TYPE = Field<u32, 2, 0>;
using INFORMATION = Field<u32, 15, 8>;
using LOG_PAGE = Field<u32, 23, 16>;

constexpr u8 ERROR = 0;
constexpr u8 HEALTH = 1;
constexpr u8 NOTICE = 2;
constexpr u8 IO_COMMAND_SET = 6;
constexpr u8 VENDOR = 7;
constexpr u8 NAMESPACE_ATTRIBUTE_CHANGED = 0; // of a notice
} // namespace event

// Every event of the health page: spare, temperature, reliability, read only,
// volatile memory. Bits that older controllers do not know are left alone.
constexpr u32 HEALTH_WARNINGS = 0x1f;

constexpr u16 log_bytes(u8 page)
{
	switch (page) {
	case static_cast<u8>(LogPage::error):
		return 64;
	case static_cast<u8>(LogPage::health):
		return 512;
	default:
		return 0;
	}
}

void parse(u32 result, npp_async_event &e)
{
	e.type = static_cast<u8>(event::TYPE::get(result));
	e.information = static_cast<u8>(event::INFORMATION::get(result));
	e.log_page = static_cast<u8>(event::LOG_PAGE::get(result));
	e.rescan = e.type == event::NOTICE && e.information == event::NAMESPACE_ATTRIBUTE_CHANGED;
	e.log_bytes = e.rescan ? 0 : log_bytes(e.log_page);
}

const char *name(const npp_async_event &e)
{
	if (e.rescan)
		return "namespaces have changed";
	switch (e.type) {
	case event::ERROR:
		return "error";
	case event::HEALTH:
		return "health";
	case event::NOTICE:
		return "notice";
	case event::IO_COMMAND_SET:
		return "I/O command set";
	case event::VENDOR:
		return "vendor's own";
	default:
		return "unknown";
	}
}

// A refusal is an answer: the controller has its own mind about events.
int enable(Controller &c, u32 supported)
{
	Sqe e;

	commands::set_feature(e, FEATURE_ASYNC_EVENTS,
			      HEALTH_WARNINGS | (supported & oaes::NAMESPACE_ATTRIBUTE::mask));
	return c.admin_may(e);
}

int clear_changed_namespaces(Controller &c, u32 supported, u64 page_dma)
{
	Sqe e;

	if (!oaes::NAMESPACE_ATTRIBUTE::get(supported))
		return NPP_OK;
	commands::get_log_page(e, LogPage::changed_namespaces, ALL_NAMESPACES, page_dma,
			       NPP_IDENTIFY_BYTES);
	return c.admin_may(e);
}

// The critical warning is its first byte (base 2.0, 5.16.1.3).
struct HealthLog {
	u8 critical_warning;
	u8 others[NPP_IDENTIFY_BYTES - 1];
};

int read_log(Controller &c, const npp_async_event &e, const npp_page &page, u8 &warning)
{
	Sqe sqe;

	warning = 0;
	commands::get_log_page(sqe, static_cast<LogPage>(e.log_page), ALL_NAMESPACES, page.dma,
			       e.log_bytes);
	const int err = c.admin_must(sqe);
	if (!err && e.log_page == static_cast<u8>(LogPage::health))
		warning = PrivatePage(page).as<HealthLog>().critical_warning;
	return err;
}

} // namespace

} // namespace npp

extern "C" {

void npp_parse_async_event(u32 result, npp_async_event *e)
{
	npp::parse(result, *e);
}

const char *npp_async_event_name(const npp_async_event *e)
{
	return npp::name(*e);
}

void npp_async_event_request(npp_sqe *sqe)
{
	npp::Sqe e;

	npp::commands::begin(e, npp::AdminOpcode::async_event_request, 0);
	__builtin_memcpy(sqe, &e, sizeof(e));
}

int npp_enable_async_events(npp_ctrl *c, const npp_ctrl_info *info)
{
	return npp::enable(npp::controller(c), info->async_events);
}

int npp_read_event_log(npp_ctrl *c, const npp_async_event *e, const npp_page *page, u8 *warning)
{
	return npp::read_log(npp::controller(c), *e, *page, *warning);
}

int npp_clear_changed_namespaces(npp_ctrl *c, const npp_ctrl_info *info, u64 page_dma)
{
	return npp::clear_changed_namespaces(npp::controller(c), info->async_events, page_dma);
}

} // extern "C"
