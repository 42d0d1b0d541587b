// SPDX-License-Identifier: GPL-2.0
// The fakes themselves: what they must notice, they notice. Otherwise a case
// that passes on them means nothing.

#include "corpus.hpp"
#include "fake/os.hpp"

namespace
{

u8 *new_page()
{
	return static_cast<u8 *>(test_alloc(fake::PAGE_BYTES));
}

void bus_address_is_not_the_pointer()
{
	npp_dev &dev = fake::fresh_device();
	u8 *page = new_page();
	const u64 dma = dev.bus.map(page, fake::PAGE_BYTES);
	u8 byte = 0;

	page[5] = 0x5a;
	EXPECT(dma != reinterpret_cast<u64>(page));
	EXPECT(dma > 0xffffffff);
	EXPECT(dev.bus.read(dma + 5, &byte, 1));
	EXPECT_EQ(byte, 0x5a);
}

void bus_neighbouring_pages_are_apart()
{
	npp_dev &dev = fake::fresh_device();
	u8 *pages = static_cast<u8 *>(test_alloc(64 * fake::PAGE_BYTES));
	u64 previous = 0;

	for (u32 i = 0; i < 64; i++) {
		const u64 dma = dev.bus.map(pages + i * fake::PAGE_BYTES, fake::PAGE_BYTES);

		EXPECT(dma != previous + fake::PAGE_BYTES && previous != dma + fake::PAGE_BYTES);
		previous = dma;
	}
	EXPECT_EQ(dev.bus.mapped_pages(), 64);
}

void bus_allocation_is_contiguous_and_ends_in_a_hole()
{
	npp_dev &dev = fake::fresh_device();
	u8 *pages = static_cast<u8 *>(test_alloc(3 * fake::PAGE_BYTES));
	const u64 dma = dev.bus.map(pages, 3 * fake::PAGE_BYTES);
	u32 word = 0x01020304;

	dev.bus.tolerate_violations();
	EXPECT(dev.bus.write(dma + fake::PAGE_BYTES - 2, &word, 4));
	EXPECT_EQ(pages[fake::PAGE_BYTES], 0x02);
	EXPECT_EQ(dev.bus.violations(), 0);
	EXPECT(!dev.bus.write(dma + 3 * fake::PAGE_BYTES - 2, &word, 4));
	EXPECT_EQ(dev.bus.violations(), 1);
}

void bus_notices_unmapped_and_misdirected_access()
{
	npp_dev &dev = fake::fresh_device();
	const u64 only_read = dev.bus.map(new_page(), fake::PAGE_BYTES, fake::Access::read);
	const u64 only_written = dev.bus.map(new_page(), fake::PAGE_BYTES, fake::Access::write);
	u32 word = 0;

	dev.bus.tolerate_violations();
	EXPECT(dev.bus.read(only_read, &word, 4) && dev.bus.write(only_written, &word, 4));
	EXPECT(!dev.bus.write(only_read, &word, 4) && !dev.bus.read(only_written, &word, 4));
	dev.bus.unmap(only_read, fake::PAGE_BYTES);
	EXPECT(!dev.bus.read(only_read, &word, 4));
	dev.bus.unmap(only_read, fake::PAGE_BYTES);
	EXPECT_EQ(dev.bus.violations(), 4);
}

void clock_moves_only_in_sleep_and_wait()
{
	npp_dev &dev = fake::fresh_device();
	const u64 start = npp_os_now_ms();

	npp_os_read32(&dev, 0x1c);
	EXPECT_EQ(npp_os_now_ms(), start);
	npp_os_sleep_ms(7);
	EXPECT_EQ(npp_os_now_ms(), start + 7);
	EXPECT(!dev.wait_interrupt(0, start + 20));
	EXPECT_EQ(npp_os_now_ms(), start + 20);
}

void controller_notices_an_unruly_host()
{
	npp_dev &dev = fake::fresh_device();
	fake::Controller &c = dev.controller;

	dev.bus.tolerate_violations();
	c.write(0x14, 1); // enabled without queues, entry sizes
	EXPECT_EQ(dev.bus.violations(), 2);
	c.write(0x14, 0); // on its way up
	EXPECT_EQ(dev.bus.violations(), 3);
	c.write(0x14, 0x460001);
	EXPECT_EQ(dev.bus.violations(), 4);
	c.write(0x24, 0); // admin queue attributes while enabled
	EXPECT_EQ(dev.bus.violations(), 5);
	c.write(0x14, 0x460081); // page size while enabled
	EXPECT_EQ(dev.bus.violations(), 6);
	c.doorbell(0, 1); // not ready yet
	EXPECT_EQ(dev.bus.violations(), 7);
	c.doorbell(8, 1); // queue 1 does not exist
	c.doorbell(3, 1); // between two doorbells
	EXPECT_EQ(dev.bus.violations(), 9);
	c.read(0x68); // CRTO is not offered
	c.read(0x24);
	c.write(0x08, 1);
	EXPECT_EQ(dev.bus.violations(), 12);
}

void controller_that_is_gone_reads_as_ones_and_ignores_writes()
{
	npp_dev &dev = fake::fresh_device();

	dev.controller.faults.gone_at_read = 2;
	EXPECT(npp_os_read32(&dev, 0x08) != 0xffffffff);
	EXPECT(npp_os_read32(&dev, 0x08) != 0xffffffff);
	EXPECT(!dev.controller.gone());
	EXPECT_EQ(npp_os_read32(&dev, 0x08), 0xffffffff);
	EXPECT(dev.controller.gone());
	npp_os_write32(&dev, 0x14, 1);
	EXPECT_EQ(dev.controller.enables(), 0);
}

constexpr test::Case cases[] = {
	CASE(bus_address_is_not_the_pointer),
	CASE(bus_neighbouring_pages_are_apart),
	CASE(bus_allocation_is_contiguous_and_ends_in_a_hole),
	CASE(bus_notices_unmapped_and_misdirected_access),
	CASE(clock_moves_only_in_sleep_and_wait),
	CASE(controller_notices_an_unruly_host),
	CASE(controller_that_is_gone_reads_as_ones_and_ignores_writes),
};

} // namespace

constinit const test::Group test::fake_cases = test::group(cases);
