// SPDX-License-Identifier: GPL-2.0
// Namespaces: which there are, and what their disks need to know.  All that is
// read here is the device's word: every value is checked before use.

#include "commands.hpp"
#include "controller.hpp"
#include "identify_data.hpp"
#include "private_page.hpp"

namespace npp
{

namespace
{

constexpr u32 LIST_ENTRIES = NPP_IDENTIFY_BYTES / sizeof(u32);
constexpr u8 SMALLEST_BLOCK_SHIFT = 9;
constexpr u32 LAST_NSID = 0xfffffffe;

struct NsList {
	Le32 nsids[LIST_ENTRIES];
};

// Controllers before 1.1 have no list: every number up to NN may be active, but
// FFFFFFFFh is no namespace, whatever NN says.
void count_up(u32 after, u32 namespaces, u32 *nsids, u32 capacity, u32 &count)
{
	const u32 last = min(namespaces, LAST_NSID);

	for (count = 0; count < capacity && after + count < last; count++)
		nsids[count] = after + count + 1;
}

int list_namespaces(Controller &c, u32 after, const npp_page &page, u32 *nsids, u32 capacity,
		    u32 &count)
{
	u32 previous = after;
	Sqe e;
	int err;

	count = 0;
	if (!c.has_namespace_list()) {
		count_up(after, c.namespaces(), nsids, capacity, count);
		return NPP_OK;
	}
	if (after >= LAST_NSID)
		return NPP_OK;
	commands::identify(e, Cns::active_ns_list, after, page.dma);
	// Devices exist that say 1.2 and refuse it (Intel P3520): all are asked one by one.
	if ((err = c.admin(e, nullptr)) > 0) {
		count_up(after, c.namespaces(), nsids, capacity, count);
		return NPP_OK;
	}
	if (err) {
		c.report(NPP_EVENT_ADMIN_FAILED, e.opcode, static_cast<u64>(err));
		return err;
	}

	const NsList &list = PrivatePage(page).as<NsList>();

	while (count < min(capacity, LIST_ENTRIES)) {
		const u32 nsid = list.nsids[count].get();

		if (!nsid)
			break;
		if (nsid <= previous || nsid > LAST_NSID) {
			c.report(NPP_EVENT_NS_LIST_ORDER, nsid, previous);
			break;
		}
		nsids[count++] = nsid;
		previous = nsid;
	}
	return NPP_OK;
}

// What the descriptors say of one namespace.
struct Descriptors {
	npp_ns_ids ids;
	u8 command_set;
};

template <u32 N> bool is_zero(const u8 (&id)[N])
{
	u8 bits = 0;

	for (const u8 byte : id)
		bits |= byte;
	return !bits;
}

// An identifier of another length than the specification's is none.
template <u32 N> void take_id(u8 (&id)[N], const u8 *value, u8 bytes)
{
	if (bytes == N)
		__builtin_memcpy(id, value, N);
}

void take_descriptor(Descriptors &d, const NsDescriptor &header, const u8 *value)
{
	switch (static_cast<NsIdType>(header.nidt)) {
	case NsIdType::eui64:
		return take_id(d.ids.eui64, value, header.nidl);
	case NsIdType::nguid:
		return take_id(d.ids.nguid, value, header.nidl);
	case NsIdType::uuid:
		return take_id(d.ids.uuid, value, header.nidl);
	case NsIdType::csi:
		if (header.nidl == 1)
			d.command_set = value[0];
		return;
	}
}

struct DescriptorPage {
	u8 bytes[NPP_IDENTIFY_BYTES];
};

void parse_descriptors(const DescriptorPage &page, Descriptors &d)
{
	u32 at = 0;

	while (at + sizeof(NsDescriptor) <= NPP_IDENTIFY_BYTES) {
		const NsDescriptor &header =
			*reinterpret_cast<const NsDescriptor *>(page.bytes + at);

		at += sizeof(NsDescriptor);
		if (!header.nidl || at + header.nidl > NPP_IDENTIFY_BYTES)
			break;
		take_descriptor(d, header, page.bytes + at);
		at += header.nidl;
	}
}

// Descriptors came with 1.3 and some devices refuse them: no answer means no
// identifiers and the NVM command set.  Only a lost device is an error.
int read_descriptors(Controller &c, u32 nsid, const npp_page &page, Descriptors &d)
{
	Sqe e;

	d = Descriptors{};
	commands::identify(e, Cns::ns_descriptors, nsid, page.dma);
	const int got = c.admin(e, nullptr);
	if (got == 0)
		parse_descriptors(PrivatePage(page).as<DescriptorPage>(), d);
	return got < 0 ? got : NPP_OK;
}

// What the descriptors have left out may be where it was before there were any.
void complete_ids(const Controller &c, const IdentifyNs &id, npp_ns_ids &ids)
{
	if (c.has_eui64() && is_zero(ids.eui64))
		__builtin_memcpy(ids.eui64, id.eui64, sizeof(ids.eui64));
	if (c.has_nguid() && is_zero(ids.nguid))
		__builtin_memcpy(ids.nguid, id.nguid, sizeof(ids.nguid));
}

u8 best_id(const npp_ns_ids &ids)
{
	if (!is_zero(ids.uuid))
		return NPP_ID_UUID;
	if (!is_zero(ids.nguid))
		return NPP_ID_NGUID;
	return is_zero(ids.eui64) ? 0 : NPP_ID_EUI64;
}

u32 format_index(const IdentifyNs &id)
{
	u32 index = flbas::INDEX_LOW::get(id.flbas);

	if (id.nlbaf0 >= 16)
		index |= static_cast<u32>(flbas::INDEX_HIGH::get(id.flbas)) << 4;
	return index;
}

// The disk's size in bytes has to fit a signed 64-bit offset.
bool capacity_fits(u64 blocks, u8 shift)
{
	return blocks <= (~u64{0} >> 1) >> shift;
}

int check_geometry(const Controller &c, u32 nsid, const IdentifyNs &id, npp_ns_info &info)
{
	const u32 index = format_index(id);

	if (index > id.nlbaf0 || index >= sizeof(id.lbaf) / sizeof(id.lbaf[0])) {
		c.report(NPP_EVENT_NS_FORMAT, nsid, index);
		return NPP_EPROTO;
	}
	const LbaFormat &format = id.lbaf[index];
	if (format.lbads < SMALLEST_BLOCK_SHIFT || format.lbads > c.page_size_shift()) {
		c.report(NPP_EVENT_NS_BLOCK_SIZE, nsid, format.lbads);
		return NPP_EOPNOTSUPP;
	}
	if (format.ms.get()) {
		c.report(NPP_EVENT_NS_METADATA, nsid, format.ms.get());
		return NPP_EOPNOTSUPP;
	}
	if (!capacity_fits(id.nsze.get(), format.lbads)) {
		c.report(NPP_EVENT_NS_CAPACITY, nsid, id.nsze.get());
		return NPP_EPROTO;
	}
	info.blocks = id.nsze.get();
	info.block_shift = format.lbads;
	info.metadata_bytes = format.ms.get();
	return NPP_OK;
}

// Where there is no list of namespaces many a number is asked for that has none: some
// controllers answer with a page of zeroes, some with this status, which is no failure then.
int read_namespace(Controller &c, u32 nsid, const npp_page &page)
{
	Sqe e;

	commands::identify(e, Cns::ns, nsid, page.dma);
	const int got = c.admin(e, nullptr);
	// More, or a retry delay, may be set beside it.
	return got > 0 && (got & ~status::HINTS) == status::FINAL_NO_NAMESPACE ? NPP_EINVAL
									       : c.require(e, got);
}

int identify_ns(Controller &c, u32 nsid, const npp_page &page, npp_ns_info &info)
{
	Descriptors d;
	int err;

	info = npp_ns_info{};
	info.nsid = nsid;
	if ((err = read_descriptors(c, nsid, page, d)))
		return err;
	if (d.command_set != COMMAND_SET_NVM) {
		c.report(NPP_EVENT_NS_COMMAND_SET, nsid, d.command_set);
		return NPP_EOPNOTSUPP;
	}
	if ((err = read_namespace(c, nsid, page)))
		return err;

	const IdentifyNs &id = PrivatePage(page).as<IdentifyNs>();

	if (!id.nsze.get()) {
		// All of the page is zero where the namespace is not active.
		if (id.ncap.get())
			c.report(NPP_EVENT_NS_EMPTY, nsid, 0);
		return NPP_EINVAL;
	}
	if ((err = check_geometry(c, nsid, id, info)))
		return err;

	if (nsfeat::PREFERRED_SIZES::get(id.nsfeat)) {
		info.write_granularity = id.npwg0.get() + 1u;
		info.optimal_write = id.nows0.get() + 1u;
	}
	info.read_only = nsattr::WRITE_PROTECTED::get(id.nsattr);
	info.zeroes_on_deallocate = dlfeat::DEAC::get(id.dlfeat) &&
				    dlfeat::READS_AS::get(id.dlfeat) == dlfeat::READS_ZEROES;
	info.keeps_reservations = rescap::PERSIST::get(id.rescap);
	info.blocks_used = id.nuse.get();
	info.command_set = d.command_set;
	if (c.has_quirk(NPP_QUIRK_BOGUS_IDS))
		return NPP_OK;
	info.ids = d.ids;
	complete_ids(c, id, info.ids);
	return NPP_OK;
}

constexpr u32 whole_blocks(u64 sector, u32 sectors, u8 block_shift)
{
	const u32 sector_shift = block_shift - SMALLEST_BLOCK_SHIFT;

	return (sector | sectors) & ((1u << sector_shift) - 1) ? 0 : sectors >> sector_shift;
}

int read_blocks_used(Controller &c, u32 nsid, const npp_page &page, u64 &blocks)
{
	const int err = read_namespace(c, nsid, page);

	if (!err)
		blocks = PrivatePage(page).as<IdentifyNs>().nuse.get();
	return err;
}

} // namespace

} // namespace npp

extern "C" {

int npp_list_namespaces(npp_ctrl *c, u32 after, const npp_page *page, u32 *nsids, u32 capacity,
			u32 *count)
{
	return npp::list_namespaces(npp::controller(c), after, *page, nsids, capacity, *count);
}

int npp_identify_ns(npp_ctrl *c, u32 nsid, const npp_page *page, npp_ns_info *info)
{
	return npp::identify_ns(npp::controller(c), nsid, *page, *info);
}

u8 npp_ns_best_id(const npp_ns_ids *ids)
{
	return npp::best_id(*ids);
}

u32 npp_whole_blocks(u64 sector, u32 sectors, u8 block_shift)
{
	return npp::whole_blocks(sector, sectors, block_shift);
}

int npp_read_blocks_used(npp_ctrl *c, u32 nsid, const npp_page *page, u64 *blocks)
{
	return npp::read_blocks_used(npp::controller(c), nsid, *page, *blocks);
}

} // extern "C"
