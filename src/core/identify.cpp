// SPDX-License-Identifier: GPL-2.0
// What the controller says of itself: Identify Controller, base specification 2.0, 5.17.2.1.

#include "commands.hpp"
#include "controller.hpp"
#include "identify_data.hpp"
#include "private_page.hpp"

#include <nvmepp/discard.h>

namespace npp
{

namespace
{

// What is not printable ASCII becomes '?', so that it can be shown in logs and
// sysfs. @to has room for @length characters and the terminating 0.
void copy_printable(char *to, const char *from, u32 length)
{
	for (u32 i = 0; i < length; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[length] = '\0';
}

u32 without_trailing_blanks(const char *text, u32 length)
{
	while (length && (text[length - 1] == ' ' || text[length - 1] == '\0'))
		length--;
	return length;
}

// Fixed-width device text; returns its length.
template <unsigned N> u8 copy_text(char (&to)[N + 1], const char (&from)[N])
{
	const u32 length = without_trailing_blanks(from, N);

	copy_printable(to, from, length);
	return static_cast<u8>(length);
}

// The subsystem's name ends with a 0; one that does not fit is none (base 2.0, 4.5).
void copy_name(char (&to)[NPP_NQN_BYTES], const char (&from)[256])
{
	u32 length = 0;

	while (length < NPP_NQN_BYTES && from[length])
		length++;
	copy_printable(to, from, length < NPP_NQN_BYTES ? length : 0);
}

// MDTS is a power of two in units of the smallest page (CAP.MPSMIN), which is the one
// in use.  0 means unlimited, and what would overflow is as good as that.
u32 transfer_limit(u8 mdts, u32 page_bytes)
{
	if (!mdts || mdts >= 32)
		return NPP_MAX_TRANSFER_BYTES;
	return static_cast<u32>(
		min(static_cast<u64>(page_bytes) << mdts, u64{NPP_MAX_TRANSFER_BYTES}));
}

// Power-off latency in ms, rounded up; it is given in us (base figure 275).
u32 shutdown_ms(u32 rtd3e_us)
{
	return rtd3e_us / 1000 + (rtd3e_us % 1000 != 0);
}

bool entry_sizes_fit(const IdentifyCtrl &id)
{
	return entry_size::MIN::get(id.sqes) <= 6 && entry_size::MAX::get(id.sqes) >= 6 &&
	       entry_size::MIN::get(id.cqes) <= 4 && entry_size::MAX::get(id.cqes) >= 4;
}

u32 discard_limit(const IdentifyCtrlNvm &id)
{
	const u64 total = id.dmsl.get() ? id.dmsl.get() : ~u64{0};
	const u64 range = id.dmrsl.get() ? id.dmrsl.get() : ~u64{0};
	const u64 limit = min(total, range);

	return limit > ~u32{0} ? 0 : static_cast<u32>(limit);
}

// Optional, so a refusal is an answer: what MDTS does not limit, nothing does.
int identify_nvm_limits(Controller &c, const npp_page &page, npp_ctrl_info &info)
{
	Sqe e;

	if (!c.has_command_sets())
		return NPP_OK;
	commands::identify(e, Cns::ctrl_command_set, 0, page.dma);
	const int got = c.admin(e, nullptr);
	if (got)
		return min(got, 0);

	const IdentifyCtrlNvm &id = PrivatePage(page).as<IdentifyCtrlNvm>();

	info.max_discard_blocks = discard_limit(id);
	if (id.dmrl)
		info.max_discard_ranges = id.dmrl;
	info.max_zeroes_bytes = min(info.max_zeroes_bytes, transfer_limit(id.wzsl, c.page_bytes()));
	return NPP_OK;
}

int identify_ctrl(Controller &c, const npp_page &page, npp_ctrl_info &info)
{
	Sqe e;
	int err;

	commands::identify(e, Cns::ctrl, 0, page.dma);
	if ((err = c.admin_must(e)))
		return err;

	const IdentifyCtrl &id = PrivatePage(page).as<IdentifyCtrl>();

	if (!entry_sizes_fit(id)) {
		c.report(NPP_EVENT_ENTRY_SIZE, id.sqes, id.cqes);
		return NPP_EPROTO;
	}

	c.set_namespaces(id.nn.get());
	info = npp_ctrl_info{};
	info.max_transfer_bytes = transfer_limit(id.mdts, c.page_bytes());
	info.max_zeroes_bytes = info.max_transfer_bytes;
	info.max_discard_ranges = NPP_MAX_RANGES;
	info.namespaces = id.nn.get();
	info.async_events = id.oaes.get();
	info.shutdown_ms = shutdown_ms(id.rtd3e.get());
	info.vendor = id.vid.get();
	info.subsystem_vendor = id.ssvid.get();
	info.cntlid = id.cntlid.get();
	info.kind = id.cntrltype;
	info.has_shadow_doorbells = oacs::DOORBELL_BUFFERS::get(id.oacs.get()) != 0;
	info.has_effects_log = lpa::EFFECTS::get(id.lpa);
	info.volatile_write_cache = vwc::PRESENT::get(id.vwc);
	info.can_discard = oncs::DATASET_MANAGEMENT::get(id.oncs.get()) != 0;
	info.can_write_zeroes = oncs::WRITE_ZEROES::get(id.oncs.get()) != 0 &&
				!c.has_quirk(NPP_QUIRK_NO_WRITE_ZEROES);
	info.can_reserve = oncs::RESERVATIONS::get(id.oncs.get()) != 0;
	info.has_timestamp = oncs::TIMESTAMP::get(id.oncs.get()) != 0;
	const u32 sgl = sgls::SUPPORTED::get(id.sgls.get());
	info.can_sgl = sgl == sgls::ANY || sgl == sgls::DWORDS;
	info.serial_bytes = copy_text(info.serial, id.sn);
	info.model_bytes = copy_text(info.model, id.mn);
	copy_text(info.firmware, id.fr);
	copy_name(info.subnqn, id.subnqn);
	__builtin_memcpy(info.raw_serial, id.sn, sizeof(id.sn));
	__builtin_memcpy(info.raw_model, id.mn, sizeof(id.mn));
	return identify_nvm_limits(c, page, info);
}

} // namespace

} // namespace npp

extern "C" {

bool npp_ctrl_same_limits(const npp_ctrl_info *a, const npp_ctrl_info *b)
{
	return a->max_transfer_bytes == b->max_transfer_bytes &&
	       a->max_zeroes_bytes == b->max_zeroes_bytes &&
	       a->max_discard_blocks == b->max_discard_blocks &&
	       a->max_discard_ranges == b->max_discard_ranges &&
	       a->volatile_write_cache == b->volatile_write_cache &&
	       a->can_discard == b->can_discard && a->can_write_zeroes == b->can_write_zeroes;
}

int npp_identify_ctrl(npp_ctrl *c, const npp_page *page, npp_ctrl_info *info)
{
	return npp::identify_ctrl(npp::controller(c), *page, *info);
}

} // extern "C"
