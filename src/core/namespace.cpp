// SPDX-License-Identifier: GPL-2.0
// Namespaces: which there are, and what their disks need to know.  All that is
// read here is the device's word: every value is checked before use.

#include "commands.hpp"
#include "controller.hpp"

namespace npp
{

namespace
{

constexpr u32 LIST_ENTRIES = NPP_IDENTIFY_BYTES / sizeof(u32);
constexpr u8 SMALLEST_BLOCK_SHIFT = 9;
constexpr u32 LAST_NSID = 0xfffffffe;

// Controllers before 1.1 have no list: every number up to NN may be active, but
// FFFFFFFFh is no namespace, whatever NN says.
void count_up(u32 after, u32 namespaces, u32 *nsids, u32 capacity, u32 &count)
{
	const u32 last = min(namespaces, LAST_NSID);

	for (count = 0; count < capacity && after + count < last; count++)
		nsids[count] = after + count + 1;
}

int list_namespaces(Controller &c, u32 after, void *page, u64 page_dma, u32 *nsids, u32 capacity,
		    u32 &count)
{
	const Le32 *list = static_cast<const Le32 *>(page);
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
	commands::identify(e, Cns::active_ns_list, after, page_dma);
	if ((err = c.admin_must(e)))
		return err;
	while (count < min(capacity, LIST_ENTRIES)) {
		const u32 nsid = list[count].get();

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
	u8 id_kind;
	u8 id[16];
	u8 command_set;
};

void copy_bytes(u8 *to, const u8 *from, u32 bytes)
{
	for (u32 i = 0; i < bytes; i++)
		to[i] = from[i];
}

constexpr u32 id_bytes(u8 type)
{
	return type == static_cast<u8>(NsIdType::eui64) ? 8 : 16;
}

// UUID before NGUID before EUI64, which is the order of their numbers.
void take_descriptor(Descriptors &d, const NsDescriptor &header, const u8 *value)
{
	const u8 type = header.nidt;

	if (type == static_cast<u8>(NsIdType::csi) && header.nidl == 1)
		d.command_set = value[0];
	else if (type >= static_cast<u8>(NsIdType::eui64) &&
		 type <= static_cast<u8>(NsIdType::uuid) && header.nidl == id_bytes(type) &&
		 type > d.id_kind) {
		d.id_kind = type;
		copy_bytes(d.id, value, header.nidl);
	}
}

void parse_descriptors(const u8 *page, Descriptors &d)
{
	u32 at = 0;

	while (at + sizeof(NsDescriptor) <= NPP_IDENTIFY_BYTES) {
		const NsDescriptor &header = *reinterpret_cast<const NsDescriptor *>(page + at);

		at += sizeof(NsDescriptor);
		if (!header.nidl || at + header.nidl > NPP_IDENTIFY_BYTES)
			break;
		take_descriptor(d, header, page + at);
		at += header.nidl;
	}
}

// Descriptors came with 1.3 and some devices refuse them: no answer means no
// identifiers and the NVM command set.  Only a lost device is an error.
int read_descriptors(Controller &c, u32 nsid, void *page, u64 page_dma, Descriptors &d)
{
	Sqe e;

	d = Descriptors{};
	commands::identify(e, Cns::ns_descriptors, nsid, page_dma);
	const int got = c.admin(e, nullptr);
	if (got == 0)
		parse_descriptors(static_cast<const u8 *>(page), d);
	return got < 0 ? got : NPP_OK;
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
	return NPP_OK;
}

int identify_ns(Controller &c, u32 nsid, void *page, u64 page_dma, npp_ns_info &info)
{
	const IdentifyNs &id = *static_cast<const IdentifyNs *>(page);
	Descriptors d;
	Sqe e;
	int err;

	info = npp_ns_info{};
	info.nsid = nsid;
	if ((err = read_descriptors(c, nsid, page, page_dma, d)))
		return err;
	if (d.command_set != COMMAND_SET_NVM) {
		c.report(NPP_EVENT_NS_COMMAND_SET, nsid, d.command_set);
		return NPP_EOPNOTSUPP;
	}
	commands::identify(e, Cns::ns, nsid, page_dma);
	if ((err = c.admin_must(e)))
		return err;
	if (!id.nsze.get())
		return NPP_EINVAL;
	if ((err = check_geometry(c, nsid, id, info)))
		return err;

	info.read_only = nsattr::WRITE_PROTECTED::get(id.nsattr);
	info.zeroes_on_deallocate = dlfeat::DEAC::get(id.dlfeat) &&
				    dlfeat::READS_AS::get(id.dlfeat) == dlfeat::READS_ZEROES;
	info.id_kind = d.id_kind;
	copy_bytes(info.id, d.id, sizeof(info.id));
	return NPP_OK;
}

} // namespace

} // namespace npp

extern "C" {

int npp_list_namespaces(npp_ctrl *c, u32 after, void *page, u64 page_dma, u32 *nsids, u32 capacity,
			u32 *count)
{
	return npp::list_namespaces(npp::controller(c), after, page, page_dma, nsids, capacity,
				    *count);
}

int npp_identify_ns(npp_ctrl *c, u32 nsid, void *page, u64 page_dma, npp_ns_info *info)
{
	return npp::identify_ns(npp::controller(c), nsid, page, page_dma, *info);
}

} // extern "C"
