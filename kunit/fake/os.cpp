// SPDX-License-Identifier: GPL-2.0
// See os.hpp. Admin commands go through a real npp_queue, so bring-up tests
// exercise the rings with every fault of the fake controller.

#include "os.hpp"

#include "../runner.h"

// Zeroed storage, no constructor: reset() sets all that is not zero.
alignas(npp_dev) static u8 storage[sizeof(npp_dev)];
static npp_dev &the_device = reinterpret_cast<npp_dev &>(storage);

npp_dev &fake::device()
{
	return the_device;
}

npp_dev &fake::fresh_device()
{
	test_free_all();
	the_device.reset();
	return the_device;
}

void npp_dev::reset()
{
	bus.reset();
	controller.reset(&bus);
	for (fake::EventRecord &e : events)
		e = fake::EventRecord{};
	for (bool &busy : admin_busy)
		busy = false;
	admin_usable = false;
	admin_sq = admin_cq = nullptr;
	admin_next_tag = 0;
	admin_lost_interrupts = admin_timeouts = spurious_interrupts = 0;
	sleeping_forbidden = false;
	doorbell_writes = last_doorbell_value = 0;
	last_doorbell = 0;
}

void npp_dev::admin_prepare()
{
	if (admin_sq)
		return;
	admin_sq = static_cast<u8 *>(test_alloc(NPP_ADMIN_DEPTH * NPP_SQE_BYTES));
	admin_cq = static_cast<u8 *>(test_alloc(NPP_ADMIN_DEPTH * NPP_CQE_BYTES));
	admin_slots = static_cast<u16 *>(test_alloc(NPP_ADMIN_DEPTH * sizeof(u16)));
	admin_sq_dma = bus.map(admin_sq, NPP_ADMIN_DEPTH * NPP_SQE_BYTES, fake::Access::read);
	admin_cq_dma = bus.map(admin_cq, NPP_ADMIN_DEPTH * NPP_CQE_BYTES, fake::Access::write);
}

void npp_dev::admin_start(u8 page_shift)
{
	const npp_queue_config config = {
		.dev = this,
		.sq = admin_sq,
		.cq = admin_cq,
		.slots = admin_slots,
		.sq_doorbell = sq_doorbell(0),
		.cq_doorbell = cq_doorbell(0),
		.qid = 0,
		.depth = NPP_ADMIN_DEPTH,
		.tags = NPP_ADMIN_DEPTH - 1,
		.page_shift = page_shift,
	};

	npp_queue_init(&admin, &config);
	for (bool &busy : admin_busy)
		busy = false;
	admin_usable = true;
}

void *npp_dev::doorbell(u32 index) const
{
	return reinterpret_cast<void *>(fake::DOORBELLS_AT +
					(u64{4} << controller.setup.stride_shift) * index);
}

bool npp_dev::wait_interrupt(u16 qid, u64 deadline)
{
	for (;;) {
		if (controller.take_interrupt(qid))
			return true;
		if (now() >= deadline)
			return false;
		const u64 next = controller.next_due();
		controller.advance_to(next < deadline ? next : deadline);
	}
}

u32 npp_dev::all_events() const
{
	u32 sum = 0;

	for (const fake::EventRecord &e : events)
		sum += e.count;
	return sum;
}

namespace
{

struct AdminWait {
	u16 tag;
	bool done;
	u16 status;
	u64 result;
};

// Completions of commands that were given up are of no interest any more.
void admin_complete(npp_reap &reap, u16 tag, u16 status, u64 result)
{
	AdminWait &wait = *static_cast<AdminWait *>(reap.owner);

	the_device.admin_busy[tag] = false;
	if (tag != wait.tag)
		return;
	wait.done = true;
	wait.status = status;
	wait.result = result;
}

bool choose_tag(npp_dev &dev, u16 &tag)
{
	for (u32 i = 0; i < NPP_ADMIN_DEPTH - 1; i++) {
		tag = dev.admin_next_tag;
		dev.admin_next_tag = static_cast<u16>((tag + 1) % (NPP_ADMIN_DEPTH - 1));
		if (!dev.admin_busy[tag])
			return true;
	}
	return false;
}

void admin_wait(npp_dev &dev, AdminWait &wait)
{
	const u64 deadline = dev.now() + fake::ADMIN_WAIT_MS;
	npp_reap reap{admin_complete, &wait};

	while (!wait.done && dev.wait_interrupt(0, deadline))
		if (!npp_queue_reap(&dev.admin, &reap))
			dev.spurious_interrupts++;
	if (wait.done)
		return;
	// The rule: poll before failing.
	npp_queue_reap(&dev.admin, &reap);
	if (wait.done)
		dev.admin_lost_interrupts++;
	else
		dev.admin_timeouts++;
}

} // namespace

extern "C" {

u32 npp_os_read32(npp_dev *dev, u32 offset)
{
	return dev->controller.read(offset);
}

void npp_os_write32(npp_dev *dev, u32 offset, u32 value)
{
	dev->controller.write(offset, value);
}

void npp_os_doorbell(void *doorbell, u32 value)
{
	const u64 offset = reinterpret_cast<u64>(doorbell) - fake::DOORBELLS_AT;

	the_device.doorbell_writes++;
	the_device.last_doorbell = offset;
	the_device.last_doorbell_value = value;
	if (offset >= fake::DOORBELL_BYTES)
		the_device.bus.violate("doorbell outside the BAR", offset, value);
	else
		the_device.controller.doorbell(static_cast<u32>(offset), value);
}

u64 npp_os_now_ms()
{
	return the_device.now();
}

void npp_os_sleep_ms(u32 ms)
{
	if (the_device.sleeping_forbidden)
		test_fail("fake port", 0, "sleeps where it must not", ms, 0);
	the_device.controller.advance_to(the_device.now() + ms);
}

int npp_os_admin(npp_dev *dev, const npp_sqe *sqe, u32 *result)
{
	AdminWait wait{};

	if (dev->sleeping_forbidden)
		test_fail("fake port", 0, "sends an admin command where it must not sleep", 0, 0);
	if (!dev->admin_usable || !choose_tag(*dev, wait.tag))
		return NPP_ENODEV;
	dev->admin_busy[wait.tag] = true;
	npp_submit_raw(&dev->admin, wait.tag, sqe);
	npp_queue_ring(&dev->admin);
	admin_wait(*dev, wait);
	if (!wait.done)
		return NPP_ETIMEDOUT;
	if (result)
		*result = static_cast<u32>(wait.result);
	return wait.status;
}

void npp_os_complete(npp_reap *reap, u32 tag, u32 status, u64 result)
{
	reap->complete(*reap, static_cast<u16>(tag), static_cast<u16>(status), result);
}

void npp_os_event(npp_dev *dev, u16 qid, npp_event event, u64 a, u64 b)
{
	dev->events[event].count++;
	dev->events[event].qid = qid;
	dev->events[event].a = a;
	dev->events[event].b = b;
}

} // extern "C"
