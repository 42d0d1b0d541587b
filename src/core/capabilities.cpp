// SPDX-License-Identifier: GPL-2.0
// What the controller can do and the driver makes of it: base specification 2.0, 3.1.3.1.

#include "controller.hpp"

namespace npp
{

namespace
{
constexpr u32 UNIT_MS = 500; // of CAP.TO and CRTO
} // namespace

// The smallest page, so that no page of the controller's is larger than what the host maps
// contiguously: PRPs describe memory by the controller's pages, wherever the bus address of a
// host's page lies.
int Controller::choose_page_size(u64 cap, u8 host_page_shift)
{
	const u8 smallest = static_cast<u8>(SMALLEST_PAGE_SHIFT + regs::cap::MPSMIN::get(cap));
	const u8 largest = static_cast<u8>(SMALLEST_PAGE_SHIFT + regs::cap::MPSMAX::get(cap));

	if (smallest > host_page_shift || largest < smallest) {
		report(NPP_EVENT_PAGE_SIZE, u64{1} << smallest, u64{1} << host_page_shift);
		return NPP_EOPNOTSUPP;
	}
	page_shift = smallest;
	return NPP_OK;
}

// With all command sets enabled, namespaces of unknown ones stay visible and can
// be refused by name instead of being read as what they are not.
int Controller::choose_command_set(u64 cap)
{
	const u64 sets = regs::cap::CSS::get(cap);

	// 0 is what devices say that know of one set only, as NVMeVirt: upstream drives them.
	if (!sets) {
		report(NPP_EVENT_NO_SET, 0, 0);
	} else if (!(sets & (regs::cap::CSS_NVM | regs::cap::CSS_SEVERAL))) {
		report(NPP_EVENT_NO_NVM_SET, sets, 0);
		return NPP_EOPNOTSUPP;
	}
	command_sets = sets & regs::cap::CSS_SEVERAL ? regs::cc::CSS_ALL : regs::cc::CSS_NVM;
	return NPP_OK;
}

// After a reset: a new firmware may have changed them, or the read have failed.  What
// memory was laid out for has to be as it was.
int Controller::reread_capabilities()
{
	Controller now(dev);
	int err;

	if ((err = now.read_capabilities(page_shift)))
		return err;
	if (now.page_shift != page_shift || now.stride != stride) {
		report(NPP_EVENT_CAP_CHANGED, now.page_bytes(), now.stride);
		return NPP_EOPNOTSUPP;
	}
	version = now.version;
	max_entries = now.max_entries;
	ready_ms = now.ready_ms;
	disable_ms = now.disable_ms;
	command_sets = now.command_sets;
	return NPP_OK;
}

int Controller::read_capabilities(u8 host_page_shift)
{
	u64 cap;
	u32 crto;
	int err;

	if ((err = read_wide(regs::CAP, cap)) || (err = read(regs::VS, version)))
		return err;
	if ((err = choose_page_size(cap, host_page_shift)) || (err = choose_command_set(cap)))
		return err;

	max_entries = min(static_cast<u32>(regs::cap::MQES0::get(cap)) + 1, u32{NPP_MAX_DEPTH});
	if (max_entries < NPP_MIN_DEPTH) {
		report(NPP_EVENT_DEPTH, max_entries, 0);
		return NPP_EOPNOTSUPP;
	}
	stride = u32{4} << regs::cap::DSTRD::get(cap);

	// CRTO, which is for enabling only, is never taken below TO: devices leave it at zero.
	disable_ms = max(u32{1}, static_cast<u32>(regs::cap::TO::get(cap))) * UNIT_MS;
	ready_ms = disable_ms;
	if (regs::cap::CRWMS::get(cap)) {
		if ((err = read(regs::CRTO, crto)))
			return err;
		ready_ms = max(ready_ms, regs::crto::CRWMT::get(crto) * UNIT_MS);
	}
	return NPP_OK;
}

} // namespace npp

using npp::controller;

extern "C" {

int npp_ctrl_init(npp_ctrl *c, npp_dev *dev, u8 host_page_shift)
{
	new (c) npp::Controller(dev);
	return controller(c).read_capabilities(host_page_shift);
}

int npp_ctrl_reread_capabilities(npp_ctrl *c)
{
	return controller(c).reread_capabilities();
}

void npp_ctrl_limit_ready(npp_ctrl *c, u32 ms)
{
	controller(c).limit_ready(ms);
}

void npp_ctrl_set_quirks(npp_ctrl *c, u32 quirks)
{
	controller(c).set_quirks(quirks);
}

u32 npp_ctrl_max_depth(const npp_ctrl *c)
{
	return controller(c).max_depth();
}

u32 npp_ctrl_doorbell_stride(const npp_ctrl *c)
{
	return controller(c).doorbell_stride();
}

u8 npp_ctrl_page_shift(const npp_ctrl *c)
{
	return controller(c).page_size_shift();
}

u32 npp_ctrl_ready_ms(const npp_ctrl *c)
{
	return controller(c).ready_limit_ms();
}

} // extern "C"
