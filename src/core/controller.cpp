// SPDX-License-Identifier: GPL-2.0
// Bring-up and shutdown by registers: base specification 2.0, 3.5.1 and 3.6.1.
// Every wait is bounded; every read knows the device that is gone.

#include "controller.hpp"

namespace npp
{

namespace
{
constexpr u8 SQE_SHIFT = 6;
constexpr u8 CQE_SHIFT = 4;
} // namespace

int Controller::read(u32 offset, u32 &value) const
{
	value = npp_os_read32(dev, offset);
	if (value != regs::ALL_ONES)
		return NPP_OK;
	report(NPP_EVENT_GONE, offset, 0);
	return NPP_ENODEV;
}

// Low half first, as devices without 64-bit access want it (base 3.1).
int Controller::read_wide(u32 offset, u64 &value) const
{
	const u32 low = npp_os_read32(dev, offset);
	const u32 high = npp_os_read32(dev, offset + 4);

	value = static_cast<u64>(high) << 32 | low;
	if (low != regs::ALL_ONES || high != regs::ALL_ONES)
		return NPP_OK;
	report(NPP_EVENT_GONE, offset, 0);
	return NPP_ENODEV;
}

void Controller::write_wide(u32 offset, u64 value) const
{
	npp_os_write32(dev, offset, static_cast<u32>(value));
	npp_os_write32(dev, offset + 4, static_cast<u32>(value >> 32));
}

// Polls CSTS until @reached says so.  The clock is read before the register, so
// a caller that was not scheduled for long looks once more before it gives up.
template <typename Reached> int Controller::wait_status(u32 timeout_ms, npp_event late,
							bool stop_if_fatal, Reached reached) const
{
	const u64 start = npp_os_now_ms();

	for (u32 pause_ms = 1;; pause_ms = min(pause_ms * 2, u32{100})) {
		const u64 waited = npp_os_now_ms() - start;
		u32 csts;
		int err = read(regs::CSTS, csts);

		if (err)
			return err;
		if (reached(csts))
			return NPP_OK;
		if (stop_if_fatal && regs::csts::CFS::get(csts)) {
			report(NPP_EVENT_FATAL, csts, 0);
			return NPP_EIO;
		}
		if (waited >= timeout_ms) {
			report(late, csts, waited);
			return NPP_ETIMEDOUT;
		}
		npp_os_sleep_ms(pause_ms);
	}
}

int Controller::disable()
{
	u32 csts;
	int err;

	if ((err = read(regs::CC, cc)) || (err = read(regs::CSTS, csts)))
		return err;
	// CC.EN may only fall while the controller is not on its way up (base
	// 3.1.3.5): one that says enabled and not ready gets its time first.  A fatal
	// error ends that wait; disabling is what heals it.
	if (regs::cc::EN::get(cc) && !regs::csts::RDY::get(csts) && !regs::csts::CFS::get(csts)) {
		const u32 shst = regs::csts::SHST::get(csts);

		err = shst ? NPP_OK
			   : wait_status(ready_limit_ms(), NPP_EVENT_NOT_READY, true,
					 [](u32 now) { return regs::csts::RDY::get(now) != 0; });
		if (err == NPP_ENODEV)
			return err;
	}
	clear_enable();
	return wait_status(disable_limit_ms(), NPP_EVENT_NOT_DISABLED, false,
			   [](u32 now) { return regs::csts::RDY::get(now) == 0; });
}

void Controller::clear_enable()
{
	cc = regs::cc::EN::replace(cc, 0);
	cc = regs::cc::SHN::replace(cc, 0);
	npp_os_write32(dev, regs::CC, cc);
}

// Nothing is reported: the wait before has done so.
int Controller::disable_at_once()
{
	u32 csts;
	int err = read(regs::CC, cc);

	if (err)
		return err;
	clear_enable();
	if ((err = read(regs::CSTS, csts)))
		return err;
	return regs::csts::RDY::get(csts) ? NPP_ETIMEDOUT : NPP_OK;
}

int Controller::enable(u64 asq_dma, u64 acq_dma)
{
	npp_os_write32(dev, regs::AQA,
		       regs::aqa::ASQS0::of(NPP_ADMIN_DEPTH - 1) |
			       regs::aqa::ACQS0::of(NPP_ADMIN_DEPTH - 1));
	write_wide(regs::ASQ, asq_dma);
	write_wide(regs::ACQ, acq_dma);

	// What may change only while EN is 0 is settled before EN becomes 1.
	cc = regs::cc::CSS::of(command_sets) |
	     regs::cc::MPS::of(static_cast<u32>(page_shift - SMALLEST_PAGE_SHIFT)) |
	     regs::cc::IOSQES::of(SQE_SHIFT) | regs::cc::IOCQES::of(CQE_SHIFT);
	npp_os_write32(dev, regs::CC, cc);
	cc |= regs::cc::EN::of(1);
	npp_os_write32(dev, regs::CC, cc);
	return wait_status(ready_limit_ms(), NPP_EVENT_NOT_READY, true,
			   [](u32 csts) { return regs::csts::RDY::get(csts) != 0; });
}

int Controller::shutdown(u32 timeout_ms)
{
	u32 now;
	int err = read(regs::CC, now);

	if (err)
		return err;
	cc = regs::cc::SHN::replace(now, regs::cc::SHN_NORMAL);
	npp_os_write32(dev, regs::CC, cc);
	return wait_status(timeout_ms, NPP_EVENT_NOT_SHUT_DOWN, true, [](u32 csts) {
		return regs::csts::SHST::get(csts) == regs::csts::SHST_COMPLETE;
	});
}

int Controller::reset_subsystem()
{
	u64 cap;
	int err = read_wide(regs::CAP, cap);

	if (err)
		return err;
	if (!regs::cap::NSSRS::get(cap))
		return NPP_EOPNOTSUPP;
	npp_os_write32(dev, regs::NSSR, regs::nssr::RESET);
	return NPP_OK;
}

npp_health Controller::health() const
{
	const u32 csts = npp_os_read32(dev, regs::CSTS);

	if (csts == regs::ALL_ONES)
		return NPP_HEALTH_GONE;
	return regs::csts::CFS::get(csts) ? NPP_HEALTH_FATAL : NPP_HEALTHY;
}

} // namespace npp

using npp::controller;

extern "C" {

int npp_ctrl_disable(npp_ctrl *c)
{
	return controller(c).disable();
}

int npp_ctrl_disable_at_once(npp_ctrl *c)
{
	return controller(c).disable_at_once();
}

int npp_ctrl_enable(npp_ctrl *c, u64 asq_dma, u64 acq_dma)
{
	return controller(c).enable(asq_dma, acq_dma);
}

int npp_ctrl_shutdown(npp_ctrl *c, u32 timeout_ms)
{
	return controller(c).shutdown(timeout_ms);
}

int npp_ctrl_subsystem_reset(npp_ctrl *c)
{
	return controller(c).reset_subsystem();
}

void npp_ctrl_unmask_interrupts(npp_ctrl *c)
{
	controller(c).unmask_interrupts();
}

npp_health npp_ctrl_health(const npp_ctrl *c)
{
	return controller(c).health();
}

} // extern "C"
