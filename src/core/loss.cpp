// SPDX-License-Identifier: GPL-2.0
// The C entrance to the kinds of loss, and their names.

#include "loss.hpp"

extern "C" {

npp_loss npp_loss_class(const npp_loss_facts *facts)
{
	return npp::loss_class(*facts);
}

const char *npp_loss_name(npp_loss loss)
{
	switch (loss) {
	case NPP_LOSS_MASKED:
		return "masked";
	case NPP_LOSS_PENDING:
		return "pending";
	case NPP_LOSS_MESSAGE:
		return "message";
	case NPP_LOSS_EARLY:
		return "early";
	case NPP_LOSS_UNDELIVERABLE:
		return "undeliverable";
	case NPP_LOSS_INTX:
		return "intx";
	case NPP_LOSS_SILENT:
		return "silent";
	case NPP_LOSSES:
		break;
	}
	return "unknown";
}

bool npp_pba_dword(u32 pba, u16 vector, u64 bar_bytes, u32 *offset)
{
	return npp::pba_dword(pba, vector, bar_bytes, *offset);
}

} // extern "C"
