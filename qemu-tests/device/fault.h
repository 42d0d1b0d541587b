/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults that QEMU's NVMe controller shows on demand. README.md says what each does.
 *
 * A knob is a 32-bit number: the QOM property "fault-NAME", which QMP sets and gets at run time,
 * and a register of BAR 0 that the guest itself may use. What a knob has done is counted in
 * "fault-NAME-hits". Everything here runs under QEMU's big lock, like the rest of the device.
 */
#ifndef HW_NVME_FAULT_H
#define HW_NVME_FAULT_H

#define NVME_FAULT_FOREVER UINT32_MAX

/*
 * The number of a knob is its place in these three lists, one after the other. The guest knows it by
 * that number (guest/bar.c).
 */
#define NVME_FAULTS(X)                                                                             \
    X(IRQ_DROP, "irq-drop")                                                                        \
    X(IRQ_LATE, "irq-late")                                                                        \
    X(IRQ_DUP, "irq-dup")                                                                          \
    X(IRQ_EARLY, "irq-early")                                                                      \
    X(CMD_DROP, "cmd-drop")                                                                        \
    X(CQE_ERROR, "cqe-error")                                                                      \
    X(CQE_DROP, "cqe-drop")                                                                        \
    X(CQE_HOLD, "cqe-hold")                                                                        \
    X(CQE_DUP, "cqe-dup")                                                                          \
    X(CQE_EXTRA, "cqe-extra")                                                                      \
    X(CQE_CID, "cqe-cid")                                                                          \
    X(CQE_PHASE, "cqe-phase")                                                                      \
    X(CQE_SQID, "cqe-sqid")                                                                        \
    X(CQE_SQHD, "cqe-sqhd")                                                                        \
    X(ABORT_DROP, "abort-drop")                                                                    \
    X(DOORBELL_DROP, "doorbell-drop")                                                              \
    X(CC_DROP, "cc-drop")                                                                          \
    X(ENABLE_LATE, "enable-late")                                                                  \
    X(DISABLE_LATE, "disable-late")                                                                \
    X(SHUTDOWN_LATE, "shutdown-late")                                                              \
    X(CSTS, "csts")                                                                                \
    X(READ_ONES, "read-ones")                                                                      \
    X(GONE, "gone")                                                                                \
    X(IRQ_PEND, "irq-pend")                                                                        \
    X(CMD_ERROR, "cmd-error")                                                                      \
    X(OUTAGE, "outage")                                                                            \
    X(EVENT_FAR, "event-far")

/* What is done at once, when the knob is set. */
#define NVME_FAULT_ACTS(X)                                                                         \
    X(IRQ_RAISE, "irq-raise")                                                                      \
    X(RELEASE, "release")                                                                          \
    X(EVENT, "event")                                                                              \
    X(NS_EVENT, "ns-event")                                                                        \
    X(NS_BLOCKS, "ns-blocks")                                                                      \
    X(NS_DETACH, "ns-detach")                                                                      \
    X(NS_ATTACH, "ns-attach")                                                                      \
    X(CLEAR, "clear")                                                                              \
    X(ID_POKE, "id-poke")                                                                          \
    X(NS_POKE, "ns-poke")                                                                          \
    X(BAR_POKE, "bar-poke")                                                                        \
    X(PCI_ID, "pci-id")                                                                            \
    X(UNPOKE, "unpoke")

/* How the faults above are done, and to whom; with the default of each. */
#define NVME_FAULT_SETTINGS(X)                                                                     \
    X(QUEUES, "queues", UINT32_MAX)                                                                \
    X(OPCODE, "opcode", 0xffff)                                                                    \
    X(SKIP, "skip", 0)                                                                             \
    X(ONE_IN, "one-in", 1)                                                                         \
    X(SEED, "seed", 1)                                                                             \
    X(IRQ_LATE_MS, "irq-late-ms", 10)                                                              \
    X(IRQ_EARLY_MS, "irq-early-ms", 1)                                                             \
    X(CQE_HOLD_MS, "cqe-hold-ms", 0)                                                               \
    X(CQE_ERROR_STATUS, "cqe-error-status", 0x6)                                                   \
    X(CQE_CID_XOR, "cqe-cid-xor", 0x0fff)                                                          \
    X(CQE_EXTRA_CID, "cqe-extra-cid", 0x11000)                                                     \
    X(READY_LATE_MS, "ready-late-ms", UINT32_MAX)                                                  \
    X(CSTS_OR, "csts-or", 0)                                                                       \
    X(CSTS_AND, "csts-and", UINT32_MAX)                                                            \
    X(READ_SKIP, "read-skip", 0)                                                                   \
    X(NS, "ns", 1)                                                                                 \
    X(CDW10, "cdw10", UINT32_MAX)                                                                  \
    X(ENABLE_SKIP, "enable-skip", UINT32_MAX)                                                      \
    X(READ_REG, "read-reg", UINT32_MAX)                                                            \
    X(GONE_MS, "gone-ms", 0)                                                                       \
    X(MAX_GRANT, "max-grant", 0)                                                                   \
    X(POKE_AT, "poke-at", 0)                                                                       \
    X(POKE_BYTES, "poke-bytes", 1)                                                                 \
    X(POKE_LATER, "poke-later", 0)                                                                 \
    X(NO_DBBUF, "no-dbbuf", 0) /* the last: at start only, so that it has no register */

enum {
#define NVME_FAULT_ENUM(name, ...) NVME_FAULT_##name,
    NVME_FAULTS(NVME_FAULT_ENUM)
    NVME_FAULT_FIRST_ACT,
    NVME_FAULT_LAST_FAULT = NVME_FAULT_FIRST_ACT - 1,
    NVME_FAULT_ACTS(NVME_FAULT_ENUM)
    NVME_FAULT_COUNTED,
    NVME_FAULT_LAST_COUNTED = NVME_FAULT_COUNTED - 1,
    NVME_FAULT_SETTINGS(NVME_FAULT_ENUM)
    NVME_FAULT_MAX,
    NVME_FAULT_REGISTERS = NVME_FAULT_MAX - 1,
};

/* Registers of BAR 0 that the specification leaves to nobody else: the PMR ends at E1Ch. */
#define NVME_FAULT_REG_HITS  0xe40
#define NVME_FAULT_REG_MAGIC 0xefc
#define NVME_FAULT_REG_KNOBS 0xf00
#define NVME_FAULT_MAGIC     0x746c6166 /* "falt" */

QEMU_BUILD_BUG_ON(NVME_FAULT_REG_HITS + 4 * NVME_FAULT_COUNTED > NVME_FAULT_REG_MAGIC);
QEMU_BUILD_BUG_ON(NVME_FAULT_REG_KNOBS + 4 * NVME_FAULT_REGISTERS > 0x1000);

typedef struct NvmeFaultLater NvmeFaultLater;
typedef struct NvmeFaultPoke NvmeFaultPoke;

typedef struct NvmeFault {
    uint32_t knob[NVME_FAULT_MAX];
    uint32_t hits[NVME_FAULT_COUNTED];
    uint64_t random;            /* the generator's state */
    uint32_t muted;             /* queues whose next interrupt has been raised already */
    int64_t lie_until_ms;       /* CSTS says what is no longer true, until then */
    uint32_t lie_mask;          /* in these bits */
    uint32_t lie;               /* this */
    int64_t outage_until_ms;    /* completions are held until then */
    int64_t gone_until_ms;      /* the end of "gone"; 0: not read yet, or without an end */
    bool struck_since_enable;   /* with "enable-skip": no other strike until the next enable */
    QTAILQ_HEAD(, NvmeFaultLater) later;
    QTAILQ_HEAD(, NvmeFaultPoke) pokes; /* the last one first */
    QEMUTimer timer;
    NvmeNamespace *detached[NVME_MAX_NAMESPACES + 1];
} NvmeFault;

#endif
