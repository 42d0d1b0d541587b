// SPDX-License-Identifier: GPL-2.0
// Commands from user space: include/nvmepp/passthrough.h.

#include "passthrough.hpp"

#include "commands.hpp"
#include "controller.hpp"
#include "private_page.hpp"
#include "prp.hpp"

namespace npp
{

namespace
{

constexpr u8 PSDT_SGL = 1u << 6; // flags, base 2.0, 3.3.3.1: the data pointer is an SGL descriptor

// base 2.0, figure 211
struct EffectsLog {
	Le32 admin[256];
	Le32 io[256];
	u8 reserved2048[2048];
};
static_assert(sizeof(EffectsLog) == NPP_IDENTIFY_BYTES);

int read_effects(Controller &c, const npp_page &page, npp_effects &e)
{
	Sqe sqe;

	commands::get_log_page(sqe, LogPage::effects, 0, page.dma, sizeof(EffectsLog));
	const int got = c.admin(sqe, nullptr);
	if (got)
		return min(got, 0);

	const EffectsLog &log = PrivatePage(page).as<EffectsLog>();

	for (u32 i = 0; i < 256; i++) {
		e.admin[i] = log.admin[i].get();
		e.io[i] = log.io[i].get();
	}
	e.known = true;
	return NPP_OK;
}

} // namespace

} // namespace npp

extern "C" {

npp_user_verdict npp_judge_command(const npp_user_command *c, const npp_user_rights *rights,
				   u32 effects)
{
	return npp::user_verdict(*c, *rights, effects);
}

u32 npp_command_effects(const npp_effects *effects, bool admin, u8 opcode)
{
	return (admin ? effects->admin : effects->io)[opcode] | npp::known_effects(admin, opcode);
}

u32 npp_command_bytes(const npp_user_command *c)
{
	return npp::min(npp::bytes_moved(*c), c->data_bytes);
}

bool npp_command_may_exceed(const npp_user_command *c)
{
	return npp::bytes_moved(*c) == npp::UNKNOWN_BYTES;
}

bool npp_effects_change_namespaces(u32 effects)
{
	return effects & (npp::effects::BLOCKS_CHANGE | npp::effects::NAMESPACES_CHANGE |
			  npp::effects::INVENTORY_CHANGES | npp::effects::CAPABILITIES_CHANGE);
}

bool npp_effects_exclude_io(u32 effects)
{
	return effects & npp::effects::EXCLUSION;
}

int npp_read_effects(npp_ctrl *c, const npp_ctrl_info *info, const npp_page *page,
		     npp_effects *effects)
{
	__builtin_memset(effects, 0, sizeof(*effects));
	if (!info->has_effects_log)
		return NPP_OK;
	return npp::read_effects(npp::controller(c), *page, *effects);
}

void npp_user_sqe(const npp_user_command *c, const npp_data *data, u8 page_shift, npp_sqe *sqe)
{
	npp::Sqe e;

	npp::commands::begin(e, c->opcode, c->nsid);
	e.cdw2.set(c->cdw2);
	e.cdw3.set(c->cdw3);
	e.cdw10.set(c->cdw10);
	e.cdw11.set(c->cdw11);
	e.cdw12.set(c->cdw12);
	e.cdw13.set(c->cdw13);
	e.cdw14.set(c->cdw14);
	e.cdw15.set(c->cdw15);
	if (data->prp || data->bytes)
		e.prp1.set(data->addr);
	if (data->prp) {
		e.prp2.set(data->prp2);
	} else if (data->bytes && data->sgl) {
		e.flags = npp::PSDT_SGL;
		e.prp2.set(npp::sgl::data_block(data->bytes));
	} else if (data->bytes) {
		const u64 page_mask = (u64{1} << page_shift) - 1;

		e.prp2.set(npp::second_page(data->addr, data->bytes, page_mask));
	}
	__builtin_memcpy(sqe, &e, sizeof(e));
}

} // extern "C"
