// SPDX-License-Identifier: GPL-2.0
// What a status means, for all 2^15 of them and every count of retries.

#include "corpus.hpp"

#include <nvmepp/status.h>

namespace
{

// Type and code, and the block layer's word for it: NVMe base 2.0, figures 95 to
// 99, by the same reading as Linux's nvme_error_status().
struct Meaning {
	u16 type_and_code;
	npp_outcome outcome;
};

constexpr Meaning meanings[] = {
	{0x001, NPP_OUTCOME_NOT_SUPPORTED}, // invalid opcode
	{0x002, NPP_OUTCOME_NOT_SUPPORTED}, // invalid field
	{0x013, NPP_OUTCOME_NOT_SUPPORTED}, // PRP offset invalid
	{0x00b, NPP_OUTCOME_TARGET},        // invalid namespace or format
	{0x020, NPP_OUTCOME_TARGET},        // namespace is write protected
	{0x021, NPP_OUTCOME_TARGET},        // command interrupted
	{0x080, NPP_OUTCOME_TARGET},        // LBA out of range
	{0x081, NPP_OUTCOME_NO_SPACE},      // capacity exceeded
	{0x082, NPP_OUTCOME_TARGET},        // namespace not ready
	{0x083, NPP_OUTCOME_RESERVATION},   // reservation conflict
	{0x182, NPP_OUTCOME_TARGET},        // attempted write to read-only range
	{0x280, NPP_OUTCOME_MEDIUM},        // write fault
	{0x281, NPP_OUTCOME_MEDIUM},        // unrecovered read error
	{0x282, NPP_OUTCOME_PROTECTION},    // guard check
	{0x283, NPP_OUTCOME_PROTECTION},    // application tag check
	{0x284, NPP_OUTCOME_PROTECTION},    // reference tag check
	{0x286, NPP_OUTCOME_MEDIUM},        // access denied
	{0x287, NPP_OUTCOME_MEDIUM},        // deallocated or unwritten block
};

npp_outcome expected(u32 status)
{
	if (status == 0)
		return NPP_OUTCOME_OK;
	for (const Meaning &m : meanings)
		if (m.type_and_code == (status & 0x7ff))
			return m.outcome;
	return NPP_OUTCOME_IO;
}

// Do Not Retry and the retry delay change nothing about what the error is.
void status_means_what_the_table_says_for_all_of_them()
{
	u32 seen[NPP_OUTCOMES] = {};

	for (u32 status = 0; status < 0x8000; status++) {
		const npp_outcome got = npp_status_outcome(static_cast<u16>(status));

		EXPECT_EQ(got, expected(status));
		seen[got]++;
	}
	for (u32 count : seen)
		EXPECT(count != 0);
	EXPECT_EQ(seen[NPP_OUTCOME_OK], 1);
}

void status_is_retried_a_bounded_number_of_times()
{
	for (u32 status = 1; status < 0x4000; status++) {
		u32 retries = 0;

		while (npp_status_may_retry(static_cast<u16>(status), static_cast<u8>(retries)))
			REQUIRE(++retries < 100);
		EXPECT_EQ(retries, NPP_MAX_RETRIES);
	}
	EXPECT(!npp_status_may_retry(1, 255));
}

void status_do_not_retry_is_obeyed()
{
	for (u32 status = 0x4000; status < 0x8000; status++)
		EXPECT(!npp_status_may_retry(static_cast<u16>(status), 0));
}

void status_of_a_cancelled_command_is_retried_and_of_a_dead_one_is_not()
{
	EXPECT(npp_status_may_retry(NPP_STATUS_CANCELLED, 0));
	EXPECT(!npp_status_may_retry(NPP_STATUS_CANCELLED, NPP_MAX_RETRIES));
	EXPECT(!npp_status_may_retry(NPP_STATUS_DEAD, 0));
	EXPECT_EQ(npp_status_outcome(NPP_STATUS_CANCELLED), NPP_OUTCOME_IO);
	EXPECT_EQ(npp_status_outcome(NPP_STATUS_DEAD), NPP_OUTCOME_IO);
}

constexpr test::Case cases[] = {
	CASE(status_means_what_the_table_says_for_all_of_them),
	CASE(status_is_retried_a_bounded_number_of_times),
	CASE(status_do_not_retry_is_obeyed),
	CASE(status_of_a_cancelled_command_is_retried_and_of_a_dead_one_is_not),
};

} // namespace

constinit const test::Group test::status_cases = test::group(cases);
