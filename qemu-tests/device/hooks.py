#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""hooks.py SOURCE: places the hooks for fault.c.inc in an unpacked QEMU source.

A hook is placed by what surrounds it, not by line number, so that it fits several versions: 7.2
is built by scripts/qemu-device. Fails, and says which, when one does not fit.
"""

import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# (name, what is there, what is put in its place): the first occurrence, "." is any character
HEADER_HOOKS = [
    ("declarations", r"(typedef struct NvmeCtrl \{\n)", r'#include "fault.h"\n\n\1'),
    ("controller's state",
     r"(typedef struct NvmeCtrl \{\n\s+PCIDevice\s+parent_obj;\n)",
     r"\1    NvmeFault    fault;\n"),
]

CONTROLLER_HOOKS = [
    ("implementation",
     r"(static void nvme_irq_assert\(NvmeCtrl \*n, NvmeCQueue \*cq\)\n\{)",
     r"static inline void nvme_sg_unmap(NvmeSg *sg);\n"
     r"static void nvme_process_db(NvmeCtrl *n, hwaddr addr, int val);\n"
     r"static void nvme_enqueue_event(NvmeCtrl *n, uint8_t event_type, uint8_t event_info,\n"
     r"                               uint8_t log_page);\n"
     r'#include "fault.c.inc"\n\n\1'),
    ("interrupt",
     r"(static void nvme_irq_assert\(NvmeCtrl \*n, NvmeCQueue \*cq\)\n\{.*?"
     r"    if \(cq->irq_enabled\) \{\n)",
     r"\1        if (nvme_fault_irq(n, cq)) {\n            return;\n        }\n"),
    ("completion about to be written",
     r"(static void nvme_post_cqes\(.*?    req->cqe\.sq_head = cpu_to_le16\(sq->head\);\n)",
     r"\1        nvme_fault_cqe(n, cq, req);\n"),
    ("completion written",
     r"(static void nvme_post_cqes\(.*?        nvme_inc_cq_tail\(cq\);\n)",
     r"\1        nvme_fault_cqe_written(n, cq, req);\n"),
    ("command executed",
     r"(static void nvme_enqueue_req_completion\(.*?"
     r"    QTAILQ_REMOVE\(&req->sq->out_req_list, req, entry\);\n)",
     r"\1    if (nvme_fault_enqueue(cq->ctrl, cq, req)) {\n        return;\n    }\n"),
    ("command fetched",
     r"(static void nvme_process_sq\(void \*opaque\)\n\{.*?)"
     r"        status = (sq->sqid \? nvme_io_cmd\(n, req\) :\s+nvme_admin_cmd\(n, req\);\n)",
     r"\1        uint16_t instead;\n"
     r"        status = nvme_fault_command(n, req, &instead) ? instead :\n"
     r"            \2"),
    ("queue freed",
     r"(static void nvme_free_sq\(NvmeSQueue \*sq, NvmeCtrl \*n\)\n\{\n.*?\n\n)",
     r"\1    nvme_fault_forget(n, sq);\n"),
    ("register read",
     r"(static uint64_t nvme_mmio_read\(void \*opaque, hwaddr addr, unsigned size\)\n\{\n.*?\n\n)",
     r"\1    uint64_t instead;\n"
     r"    if (nvme_fault_read(n, addr, size, &instead)) {\n        return instead;\n    }\n\n"),
    ("register written",
     r"(    trace_pci_nvme_mmio_write\(addr, data, size\);\n)",
     r"\1    if (nvme_fault_write(n, addr, data)) {\n        return;\n    }\n"),
    ("configuration space written",
     r"(static void nvme_pci_write_config\(.*?\n\{\n)(.*?\n\n)?",
     r"\1\2    if (nvme_fault_config_write(dev)) {\n        return;\n    }\n"),
    ("configuration space read",
     r"(    pc->config_write = nvme_pci_write_config;\n)",
     r"\1    pc->config_read = nvme_fault_config_read;\n"),
    # Where CAP.CSS has been poked to 0: it is driven by what it does not say that it has.
    ("command set",
     r"    if \(unlikely\(!\(NVME_CAP_CSS\(cap\) & \(1 << NVME_CC_CSS\(cc\)\)\)\)\) \{\n",
     r"    if (unlikely(NVME_CAP_CSS(cap) && !(NVME_CAP_CSS(cap) & (1 << NVME_CC_CSS(cc))))) {\n"),
    ("controller's abilities",
     r"(static void nvme_init_ctrl\(.*?    id->oacs =\s+cpu_to_le16\([^;]*;\n)",
     r"\1    nvme_fault_identify(n, id);\n"),
    ("controller created",
     r"(static void nvme_instance_init\(Object \*obj\)\n\{\n.*?\n)"
     r"(    device_add_bootindex|    object_property_add)",
     r"\1    nvme_fault_init(obj);\n\2"),
    ("controller unplugged",
     r"(static void nvme_exit\(PCIDevice \*pci_dev\)\n\{\n.*?"
     r"    nvme_ctrl_reset\(n, NVME_RESET_FUNCTION\);\n)",
     r"\1    nvme_fault_forget(n, NULL);\n"),
    ("event index",
     r"(static void nvme_update_sq_eventidx\(const NvmeSQueue \*sq\)\n\{\n.*?"
     r"cpu_to_le32\()sq->tail\)",
     r"\1nvme_fault_event_index(sq))"),
    # Not a fault but QEMU's own defect (7.2 to 11.1): queues that run already when the driver
    # turns shadow doorbells on, as after a reset, may never be rung again.
    ("shadow doorbells, declaration",
     r"(static uint16_t nvme_dbbuf_config\()",
     r"static void nvme_update_sq_eventidx(const NvmeSQueue *sq);\n\1"),
    ("shadow doorbells",
     r"(static uint16_t nvme_dbbuf_config\(.*?            sq->ei_addr = eis_addr \+ \(i << 3\);\n)",
     r"\1            nvme_update_sq_eventidx(sq);\n"),
]

# Another defect of QEMU's own, mended in 8.2 (commit 0d58c660689f): a CPU that changes the memory
# map hands the new one to the others at once, but their TLBs still number the old one's sections.
# Who then writes to its APIC hits another device, or nothing: QEMU crashes. Each takes the new map
# in its own thread here.
MEMORY_HOOKS = [
    ("memory map of another CPU",
     r"(static void tcg_commit\(MemoryListener \*listener\)\n\{\n)"
     r"(.*?    cpuas = container_of\(listener, CPUAddressSpace, tcg_as_listener\);\n)",
     r"static void tcg_commit_here(CPUState *cpu, run_on_cpu_data listener)\n"
     r"{\n    tcg_commit(listener.host_ptr);\n}\n\n"
     r"\1\2"
     r"    if (cpuas->cpu->created && !qemu_cpu_is_self(cpuas->cpu)) {\n"
     r"        async_run_on_cpu(cpuas->cpu, tcg_commit_here, RUN_ON_CPU_HOST_PTR(listener));\n"
     r"        return;\n    }\n"),
]
MENDED_MEMORY = "tcg_commit_cpu"


def place(path, hooks):
    """Places them all, or none; returns the names of those that do not fit."""
    text = path.read_text(encoding="utf-8")
    missing = []
    for name, pattern, replacement in hooks:
        text, count = re.subn(pattern, replacement, text, count=1, flags=re.DOTALL)
        if not count:
            missing.append(name)
    if not missing:
        path.write_text(text, encoding="utf-8")
    return missing


def main():
    """Returns the exit status."""
    if len(sys.argv) != 2 or not Path(sys.argv[1], "hw/nvme/ctrl.c").exists():
        print("hooks.py: its argument is an unpacked QEMU source", file=sys.stderr)
        return 2
    source = Path(sys.argv[1])
    nvme = source / "hw" / "nvme"
    version = Path(source, "VERSION").read_text(encoding="utf-8").strip()
    if (nvme / "fault.h").exists():
        print(f"hooks.py: {source} has them already", file=sys.stderr)
        return 2
    missing = place(nvme / "nvme.h", HEADER_HOOKS) + place(nvme / "ctrl.c", CONTROLLER_HOOKS)
    memory = source / "softmmu" / "physmem.c"
    if memory.exists() and MENDED_MEMORY not in memory.read_text(encoding="utf-8"):
        missing += place(memory, MEMORY_HOOKS)
    for name in missing:
        print(f"hooks.py: the hook '{name}' does not fit QEMU {version}", file=sys.stderr)
    if missing:
        return 1
    for name in ("fault.h", "fault.c.inc"):
        shutil.copy(HERE / name, nvme / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
