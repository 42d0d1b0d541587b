// SPDX-License-Identifier: GPL-2.0
// The core's registers and wire structures against those of a kernel: compiled
// once for the headers of each kernel at hand, never linked or run.

#include "linux_shim.hpp"

#include <linux/nvme.h>

#include "commands.hpp"
#include "identify_data.hpp"
#include "regs.hpp"

#include <nvmepp/status.h>

#define SAME_SIZE(ours, theirs) static_assert(sizeof(npp::ours) == sizeof(theirs))
#define SAME_PLACE(ours, field, theirs, their_field)            \
	static_assert(__builtin_offsetof(npp::ours, field) ==   \
		      __builtin_offsetof(theirs, their_field)); \
	static_assert(sizeof(npp::ours::field) == sizeof(theirs::their_field))
#define SAME(ours, theirs) static_assert(static_cast<u64>(ours) == static_cast<u64>(theirs))

// Registers
SAME(npp::regs::CAP, NVME_REG_CAP);
SAME(npp::regs::VS, NVME_REG_VS);
SAME(npp::regs::CC, NVME_REG_CC);
SAME(npp::regs::CSTS, NVME_REG_CSTS);
SAME(npp::regs::AQA, NVME_REG_AQA);
SAME(npp::regs::ASQ, NVME_REG_ASQ);
SAME(npp::regs::ACQ, NVME_REG_ACQ);
SAME(npp::regs::CRTO, NVME_REG_CRTO);
SAME(npp::regs::DOORBELLS, NVME_REG_DBS);

// CAP: any value will do, as long as all bits matter.
constexpr u64 CAP_VALUE = 0x9bd5'6a3c'1e87'f24b;
SAME(npp::regs::cap::MQES0::get(CAP_VALUE), NVME_CAP_MQES(CAP_VALUE));
SAME(npp::regs::cap::TO::get(CAP_VALUE), NVME_CAP_TIMEOUT(CAP_VALUE));
SAME(npp::regs::cap::DSTRD::get(CAP_VALUE), NVME_CAP_STRIDE(CAP_VALUE));
SAME(npp::regs::cap::CSS::get(CAP_VALUE), NVME_CAP_CSS(CAP_VALUE));
SAME(npp::regs::cap::MPSMIN::get(CAP_VALUE), NVME_CAP_MPSMIN(CAP_VALUE));
SAME(npp::regs::cap::MPSMAX::get(CAP_VALUE), NVME_CAP_MPSMAX(CAP_VALUE));
SAME(npp::regs::cap::CSS_NVM, NVME_CAP_CSS_NVM);
SAME(npp::regs::cap::CSS_SEVERAL, NVME_CAP_CSS_CSI);
#ifdef NVME_CRTO_CRWMT
SAME(npp::regs::cap::CRWMS::mask, NVME_CAP_CRMS_CRWMS);
SAME(npp::regs::crto::CRWMT::get(0xfedc9876), NVME_CRTO_CRWMT(0xfedc9876));
#endif

// CC and CSTS
SAME(npp::regs::cc::EN::of(1), NVME_CC_ENABLE);
SAME(npp::regs::cc::CSS::of(npp::regs::cc::CSS_NVM), NVME_CC_CSS_NVM);
SAME(npp::regs::cc::CSS::of(npp::regs::cc::CSS_ALL), NVME_CC_CSS_CSI);
SAME(npp::regs::cc::CSS::mask, NVME_CC_CSS_MASK);
SAME(npp::regs::cc::MPS::of(1), 1 << NVME_CC_MPS_SHIFT);
SAME(npp::regs::cc::AMS::of(1), 1 << NVME_CC_AMS_SHIFT);
SAME(npp::regs::cc::SHN::of(npp::regs::cc::SHN_NORMAL), NVME_CC_SHN_NORMAL);
SAME(npp::regs::cc::SHN::mask, NVME_CC_SHN_MASK);
SAME(npp::regs::cc::IOSQES::of(6), NVME_CC_IOSQES);
SAME(npp::regs::cc::IOCQES::of(4), NVME_CC_IOCQES);
SAME(npp::regs::csts::RDY::mask, NVME_CSTS_RDY);
SAME(npp::regs::csts::CFS::mask, NVME_CSTS_CFS);
SAME(npp::regs::csts::SHST::mask, NVME_CSTS_SHST_MASK);
SAME(npp::regs::csts::SHST::of(npp::regs::csts::SHST_COMPLETE), NVME_CSTS_SHST_CMPLT);

// Submission queue entry
SAME_SIZE(Sqe, nvme_command);
SAME_PLACE(Sqe, opcode, nvme_common_command, opcode);
SAME_PLACE(Sqe, flags, nvme_common_command, flags);
SAME_PLACE(Sqe, cid, nvme_common_command, command_id);
SAME_PLACE(Sqe, nsid, nvme_common_command, nsid);
SAME_PLACE(Sqe, mptr, nvme_common_command, metadata);
SAME_PLACE(Sqe, cdw10, nvme_common_command, cdw10);
SAME_PLACE(Sqe, cdw11, nvme_common_command, cdw11);
SAME_PLACE(Sqe, cdw12, nvme_common_command, cdw12);
SAME_PLACE(Sqe, cdw13, nvme_common_command, cdw13);
SAME_PLACE(Sqe, cdw14, nvme_common_command, cdw14);
SAME_PLACE(Sqe, cdw15, nvme_common_command, cdw15);
static_assert(__builtin_offsetof(npp::Sqe, prp1) ==
	      __builtin_offsetof(nvme_common_command, dptr.prp1));
static_assert(__builtin_offsetof(npp::Sqe, prp2) ==
	      __builtin_offsetof(nvme_common_command, dptr.prp2));
static_assert(__builtin_offsetof(npp::Sqe, cdw10) == __builtin_offsetof(nvme_rw_command, slba));
static_assert(__builtin_offsetof(npp::Sqe, cdw12) == __builtin_offsetof(nvme_rw_command, length));
static_assert(__builtin_offsetof(npp::Sqe, cdw12) + 2 ==
	      __builtin_offsetof(nvme_rw_command, control));
static_assert(__builtin_offsetof(npp::Sqe, cdw10) == __builtin_offsetof(nvme_create_cq, cqid));
static_assert(__builtin_offsetof(npp::Sqe, cdw11) == __builtin_offsetof(nvme_create_cq, cq_flags));
static_assert(__builtin_offsetof(npp::Sqe, cdw10) == __builtin_offsetof(nvme_create_sq, sqid));
static_assert(__builtin_offsetof(npp::Sqe, cdw11) + 2 == __builtin_offsetof(nvme_create_sq, cqid));
static_assert(__builtin_offsetof(npp::Sqe, cdw10) == __builtin_offsetof(nvme_identify, cns));
static_assert(__builtin_offsetof(npp::Sqe, cdw10) == __builtin_offsetof(nvme_features, fid));
static_assert(__builtin_offsetof(npp::Sqe, cdw10) == __builtin_offsetof(nvme_dsm_cmd, nr));
static_assert(__builtin_offsetof(npp::Sqe, cdw11) == __builtin_offsetof(nvme_dsm_cmd, attributes));
static_assert(__builtin_offsetof(npp::Sqe, cdw10) == __builtin_offsetof(nvme_delete_queue, qid));

// Completion queue entry: the id and the status are one word here.
SAME_SIZE(Cqe, nvme_completion);
SAME_PLACE(Cqe, sq_head, nvme_completion, sq_head);
SAME_PLACE(Cqe, sq_id, nvme_completion, sq_id);
static_assert(__builtin_offsetof(npp::Cqe, result) == __builtin_offsetof(nvme_completion, result));
static_assert(__builtin_offsetof(npp::Cqe, cid_status) ==
	      __builtin_offsetof(nvme_completion, command_id));
static_assert(__builtin_offsetof(npp::Cqe, cid_status) + 2 ==
	      __builtin_offsetof(nvme_completion, status));

// Opcodes, flags
SAME(npp::AdminOpcode::delete_sq, nvme_admin_delete_sq);
SAME(npp::AdminOpcode::create_sq, nvme_admin_create_sq);
SAME(npp::AdminOpcode::delete_cq, nvme_admin_delete_cq);
SAME(npp::AdminOpcode::create_cq, nvme_admin_create_cq);
SAME(npp::AdminOpcode::identify, nvme_admin_identify);
SAME(npp::AdminOpcode::set_features, nvme_admin_set_features);
SAME(npp::NvmOpcode::flush, nvme_cmd_flush);
SAME(npp::NvmOpcode::write, nvme_cmd_write);
SAME(npp::NvmOpcode::read, nvme_cmd_read);
SAME(npp::NvmOpcode::write_zeroes, nvme_cmd_write_zeroes);
SAME(npp::NvmOpcode::dataset_management, nvme_cmd_dsm);
SAME(npp::Cns::ns, NVME_ID_CNS_NS);
SAME(npp::Cns::ctrl, NVME_ID_CNS_CTRL);
SAME(npp::Cns::active_ns_list, NVME_ID_CNS_NS_ACTIVE_LIST);
SAME(npp::Cns::ns_descriptors, NVME_ID_CNS_NS_DESC_LIST);
SAME(npp::FEATURE_ASYNC_EVENTS, NVME_FEAT_ASYNC_EVENT);
SAME(npp::oaes::NAMESPACE_ATTRIBUTE::mask, NVME_AEN_CFG_NS_ATTR);
SAME(npp::ALL_NAMESPACES, NVME_NSID_ALL);
SAME(npp::LogPage::error, NVME_LOG_ERROR);
SAME(npp::LogPage::health, NVME_LOG_SMART);
SAME(npp::LogPage::changed_namespaces, NVME_LOG_CHANGED_NS);
SAME(npp::FEATURE_NUMBER_OF_QUEUES, NVME_FEAT_NUM_QUEUES);
SAME(npp::COMMAND_SET_NVM, NVME_CSI_NVM);
SAME(npp::commands::PHYSICALLY_CONTIGUOUS, NVME_QUEUE_PHYS_CONTIG);
SAME(npp::commands::INTERRUPTS_ENABLED, NVME_CQ_IRQ_ENABLED);
SAME(npp::commands::FUA, u32{NVME_RW_FUA} << 16);
SAME(npp::commands::DSM_DEALLOCATE, NVME_DSMGMT_AD);

// Identify pages
SAME_SIZE(IdentifyCtrl, nvme_id_ctrl);
SAME_PLACE(IdentifyCtrl, vid, nvme_id_ctrl, vid);
SAME_PLACE(IdentifyCtrl, sn, nvme_id_ctrl, sn);
SAME_PLACE(IdentifyCtrl, mn, nvme_id_ctrl, mn);
SAME_PLACE(IdentifyCtrl, fr, nvme_id_ctrl, fr);
SAME_PLACE(IdentifyCtrl, mdts, nvme_id_ctrl, mdts);
SAME_PLACE(IdentifyCtrl, cntlid, nvme_id_ctrl, cntlid);
SAME_PLACE(IdentifyCtrl, ver, nvme_id_ctrl, ver);
SAME_PLACE(IdentifyCtrl, rtd3e, nvme_id_ctrl, rtd3e);
SAME_PLACE(IdentifyCtrl, oaes, nvme_id_ctrl, oaes);
SAME_PLACE(IdentifyCtrl, ssvid, nvme_id_ctrl, ssvid);
SAME_PLACE(IdentifyCtrl, cntrltype, nvme_id_ctrl, cntrltype);
SAME_PLACE(IdentifyCtrl, subnqn, nvme_id_ctrl, subnqn);
SAME_PLACE(IdentifyCtrl, sqes, nvme_id_ctrl, sqes);
SAME_PLACE(IdentifyCtrl, cqes, nvme_id_ctrl, cqes);
SAME_PLACE(IdentifyCtrl, nn, nvme_id_ctrl, nn);
SAME_PLACE(IdentifyCtrl, oncs, nvme_id_ctrl, oncs);
SAME_PLACE(IdentifyCtrl, vwc, nvme_id_ctrl, vwc);
SAME_PLACE(IdentifyCtrl, sgls, nvme_id_ctrl, sgls);
SAME(npp::oncs::DATASET_MANAGEMENT::mask, NVME_CTRL_ONCS_DSM);
SAME(npp::oncs::WRITE_ZEROES::mask, NVME_CTRL_ONCS_WRITE_ZEROES);
SAME(npp::oncs::TIMESTAMP::mask, NVME_CTRL_ONCS_TIMESTAMP);
SAME(npp::vwc::PRESENT::mask, NVME_CTRL_VWC_PRESENT);
SAME_SIZE(IdentifyNs, nvme_id_ns);
SAME_SIZE(IdentifyCtrlNvm, nvme_id_ctrl_nvm);
SAME_PLACE(IdentifyCtrlNvm, wzsl, nvme_id_ctrl_nvm, wzsl);
SAME_PLACE(IdentifyCtrlNvm, dmrsl, nvme_id_ctrl_nvm, dmrsl);
SAME_PLACE(IdentifyCtrlNvm, dmsl, nvme_id_ctrl_nvm, dmsl);
SAME_PLACE(IdentifyNs, nsze, nvme_id_ns, nsze);
SAME_PLACE(IdentifyNs, nuse, nvme_id_ns, nuse);
SAME_PLACE(IdentifyNs, nlbaf0, nvme_id_ns, nlbaf);
SAME_PLACE(IdentifyNs, flbas, nvme_id_ns, flbas);
SAME_PLACE(IdentifyNs, dlfeat, nvme_id_ns, dlfeat);
SAME_PLACE(IdentifyNs, npwg0, nvme_id_ns, npwg);
SAME_PLACE(IdentifyNs, nows0, nvme_id_ns, nows);
SAME_PLACE(IdentifyNs, nsattr, nvme_id_ns, nsattr);
SAME_PLACE(IdentifyNs, nguid, nvme_id_ns, nguid);
SAME_PLACE(IdentifyNs, eui64, nvme_id_ns, eui64);
static_assert(__builtin_offsetof(npp::IdentifyNs, lbaf) == __builtin_offsetof(nvme_id_ns, lbaf));
SAME_SIZE(LbaFormat, nvme_lbaf);
SAME_PLACE(LbaFormat, ms, nvme_lbaf, ms);
SAME_PLACE(LbaFormat, lbads, nvme_lbaf, ds);
SAME(npp::nsattr::WRITE_PROTECTED::mask, NVME_NS_ATTR_RO);
SAME_SIZE(NsDescriptor, nvme_ns_id_desc);
SAME_PLACE(NsDescriptor, nidl, nvme_ns_id_desc, nidl);
SAME(npp::NsIdType::eui64, NVME_NIDT_EUI64);
SAME(npp::NsIdType::nguid, NVME_NIDT_NGUID);
SAME(npp::NsIdType::uuid, NVME_NIDT_UUID);
SAME(npp::NsIdType::csi, NVME_NIDT_CSI);
SAME_SIZE(DsmRange, nvme_dsm_range);
SAME_PLACE(DsmRange, blocks, nvme_dsm_range, nlb);
SAME_PLACE(DsmRange, slba, nvme_dsm_range, slba);

// Status codes: those of the table in status_cases.cpp, by the kernel's names.
SAME(0x001, NVME_SC_INVALID_OPCODE);
SAME(0x002, NVME_SC_INVALID_FIELD);
SAME(0x013, NVME_SC_PRP_INVALID_OFFSET);
SAME(0x00b, NVME_SC_INVALID_NS);
SAME(0x020, NVME_SC_NS_WRITE_PROTECTED);
SAME(0x080, NVME_SC_LBA_RANGE);
SAME(0x081, NVME_SC_CAP_EXCEEDED);
SAME(0x083, NVME_SC_RESERVATION_CONFLICT);
SAME(0x182, NVME_SC_READ_ONLY);
SAME(0x280, NVME_SC_WRITE_FAULT);
SAME(0x281, NVME_SC_READ_ERROR);
SAME(0x282, NVME_SC_GUARD_CHECK);
SAME(0x283, NVME_SC_APPTAG_CHECK);
SAME(0x284, NVME_SC_REFTAG_CHECK);
SAME(0x286, NVME_SC_ACCESS_DENIED);
SAME(0x287, NVME_SC_UNWRITTEN_BLOCK);
SAME(NPP_STATUS_CANCELLED, NVME_SC_HOST_ABORTED_CMD);
