// SPDX-License-Identifier: GPL-2.0
// Those that hold a controller down: sleep (pm.c), resets of the function and PCI errors
// (err_handler.c).

#include "life_scripts.hpp"

namespace interleave::life
{

namespace
{

bool undrain(Turn &t)
{
	t.s.draining = 0;
	return true;
}

// The hardware is another's: the system's that sleeps, or the PCI core's.
bool take_hardware(Turn &t)
{
	if (t.s.owner)
		t.broken = "two own the hardware";
	if (t.s.enabled)
		t.broken = "the hardware is taken away from queues that serve";
	t.s.owner = static_cast<u8>(t.who + 1);
	return true;
}

bool free_irqs(Turn &t)
{
	t.s.irqs = 0;
	return take_hardware(t);
}

bool give_back_hardware(Turn &t)
{
	t.s.owner = 0;
	return true;
}

bool function_is_reset(Turn &t)
{
	t.s.answers |= !t.v.mute;
	return give_back_hardware(t);
}

constexpr Step sleep[] = {
	lock_device,
	drain,
	drained,
	requests<NPP_EV_HOLD, NPP_HOLD_SLEEP>,
	settled,
	free_irqs,
	give_back_hardware,
	requests<NPP_EV_RELEASE, NPP_HOLD_SLEEP>,
	settled,
	undrain,
	unlock_device,
};
constexpr u8 SLEEP_DRAINED = 2, SLEEP_UNDRAIN = 9;
static_assert(sleep[SLEEP_DRAINED] == drained && sleep[SLEEP_UNDRAIN] == undrain);

constexpr Step function_reset[] = {
	lock_device,       requests<NPP_EV_HOLD, NPP_HOLD_FUNCTION>,    settled, take_hardware,
	function_is_reset, requests<NPP_EV_RELEASE, NPP_HOLD_FUNCTION>, settled, unlock_device,
};

bool queue_hold_work(Turn &t)
{
	const bool paused = npp_ctrl_state(&t.s.ctrl) == NPP_PAUSED;

	t.s.hold_work = paused || !t.v.hold_of_dead;
	return true;
}

constexpr Step pci_error[] = {
	lock_device,   requests<NPP_EV_HOLD, NPP_HOLD_PCI_ERROR>, settled, queue_hold_work,
	unlock_device,
};

} // namespace

constinit const Script sleep_script = script(sleep);
constinit const Script function_reset_script = script(function_reset);
constinit const Script pci_error_script = script(pci_error);

// Commands are in flight for too long: sleep is refused.
bool sleep_drain_fails(Turn &t)
{
	Actor &sleeper = t.s.actors[SLEEP];

	if (!t.v.suspends || sleeper.at != SLEEP_DRAINED)
		return false;
	sleeper.at = SLEEP_UNDRAIN;
	return true;
}

bool hold_work_step(Turn &t)
{
	if (!t.s.hold_work)
		return false;
	t.s.hold_work = 0;
	request(t, NPP_EV_RELEASE, NPP_HOLD_PCI_ERROR);
	return true;
}

} // namespace interleave::life
