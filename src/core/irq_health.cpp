// SPDX-License-Identifier: GPL-2.0
// The C entrance to the escalation.

#include "irq_health_proof.hpp"

extern "C" {

npp_irq_action npp_irq_health_lost_irq(npp_irq_health *h, const npp_lost_irq *c)
{
	return npp::IrqHealth(*h).lost_irq(*c);
}

npp_irq_action npp_irq_health_polled(npp_irq_health *h, u32 interrupts, u32 completions)
{
	return npp::IrqHealth(*h).polled(interrupts, completions);
}

void npp_irq_health_late(npp_irq_health *h)
{
	npp::IrqHealth(*h).late();
}

} // extern "C"
