/* SPDX-License-Identifier: GPL-2.0 */
/* Lost interrupts: their kinds, and what tells them apart.  The rules of core.h. */
#ifndef NVMEPP_LOSS_H
#define NVMEPP_LOSS_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What kind of loss it was, as far as it can be seen from outside the device. */
enum npp_loss {
	NPP_LOSS_MASKED,   /* the vector, the function or the whole capability is switched off */
	NPP_LOSS_PENDING,  /* not masked, and yet held back: the pending bit is set */
	NPP_LOSS_MESSAGE,  /* the device's message is not the one that the kernel wrote */
	NPP_LOSS_EARLY,    /* an interrupt came before its completion was visible */
	NPP_LOSS_UNDELIVERABLE, /* no CPU of the vector is online, or the kernel has disabled it */
	NPP_LOSS_INTX,     /* the interrupt pin is asserted, but not delivered */
	NPP_LOSS_SILENT,   /* all is as it should be: the device did not send */
	NPP_LOSSES
};

struct npp_loss_facts {
	bool masked;
	bool pending;
	bool message_differs;
	bool came_early;
	bool undeliverable;
	bool intx_asserted;
};

/*
 * The kind of loss, and its name for logs and tables.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_loss npp_loss_class(const struct npp_loss_facts *facts);
const char *npp_loss_name(enum npp_loss loss);

/*
 * Where the pending bit of @vector is, *@offset bytes into BAR 0 of @bar_bytes, in a dword.
 * @pba: the MSI-X capability's PBA Offset/PBA BIR (PCI 3.0, 6.8.2.5), which the device
 * supplies.  False: it is in another BAR, or beyond the end of this one.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
bool npp_pba_dword(u32 pba, u16 vector, u64 bar_bytes, u32 *offset);

#ifdef __cplusplus
}
#endif

#endif
