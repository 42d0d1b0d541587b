// SPDX-License-Identifier: GPL-2.0
// Every interleaving of handler, timeout handlers, poll timer, mode change and reset on
// one queue: in the order of src/linux no request is lost or completed twice; and
// with one thing taken out of that order, each of the known races is found.
//
//   interleave [--trace]   with the shortest way to each violation

#include "search.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

namespace
{

using namespace interleave;

constexpr const char *twice = "a request completes twice";
constexpr const char *bad = "an entry is taken for bad: it was taken twice, or skipped";
constexpr const char *unbalanced = "unbalanced enable of an interrupt";
constexpr const char *cancelled = "a request that the device has answered is cancelled";
constexpr const char *any = "";

const Variant variants[] = {
	{.name = "as_built", .submissions = 4, .resets = 1},
	{.name = "as_built_with_polling", .submissions = 3, .timer = true},
	{.name = "as_built_with_polling_and_a_reset", .submissions = 2, .resets = 1, .timer = true},
	{.name = "as_built_poll_queue", .submissions = 3, .poll_queue = true},
	{.name = "as_built_poll_queue_and_a_reset",
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true},
	{.name = "removal", .submissions = 3, .resets = 1, .farewell = true},
	{.name = "removal_while_polled",
	 .submissions = 2,
	 .resets = 1,
	 .timer = true,
	 .farewell = true},
	{.name = "removal_of_a_poll_queue",
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true,
	 .farewell = true},
	{.name = "removal_that_overtakes_the_doorbell",
	 .violation = untold,
	 .submissions = 3,
	 .resets = 1,
	 .farewell = true,
	 .no_finish = true},
	{.name = "removal_that_overtakes_the_doorbell_of_the_timer",
	 .violation = untold,
	 .submissions = 2,
	 .resets = 1,
	 .timer = true,
	 .farewell = true,
	 .no_finish = true},
	{.name = "removal_that_overtakes_who_polls",
	 .violation = untold,
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true,
	 .farewell = true,
	 .no_finish = true},
	{.name = "a1_two_who_poll_without_the_poll_lock",
	 .violation = twice,
	 .submissions = 3,
	 .poll_queue = true,
	 .no_poll_lock = true,
	 .skip_bad = true},
	{.name = "a_batch_of_two_who_poll",
	 .violation = twice,
	 .submissions = 3,
	 .poll_queue = true,
	 .one_batch = true},
	{.name = "poll_while_a_reset_owns_the_queue",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true,
	 .ignore_live = true},
	{.name = "poll_without_drain_is_still_safe",
	 .submissions = 3,
	 .resets = 1,
	 .no_drain = true},
	{.name = "a1_two_pollers_without_a_lock",
	 .violation = twice,
	 .submissions = 3,
	 .no_poll_lock = true,
	 .no_irq_lock = true,
	 .skip_bad = true},
	{.name = "poll_lock_alone_excludes_timeouts", .submissions = 3, .no_irq_lock = true},
	{.name = "a1_timer_and_handler_without_the_poll_lock",
	 .violation = twice,
	 .submissions = 3,
	 .timer = true,
	 .no_poll_lock = true,
	 .skip_bad = true},
	{.name = "a2_vector_read_again_after_a_reset",
	 .violation = unbalanced,
	 .submissions = 3,
	 .resets = 1,
	 .no_irq_lock = true,
	 .reread = true,
	 .no_drain = true},
	{.name = "poll_without_disabling", .violation = any, .submissions = 3, .no_disable = true},
	{.name = "poll_without_waiting_for_the_handler",
	 .violation = any,
	 .submissions = 3,
	 .no_wait = true},
	{.name = "poll_after_enabling",
	 .violation = any,
	 .submissions = 3,
	 .unannounced = true,
	 .early_enable = true},
	{.name = "handler_run_by_the_kernel_itself", .submissions = 3, .forced = 1},
	{.name = "handler_run_by_the_kernel_itself_while_polled",
	 .submissions = 2,
	 .forced = 1,
	 .timer = true},
	{.name = "handler_run_by_the_kernel_itself_into_an_unannounced_poll",
	 .violation = any,
	 .submissions = 3,
	 .forced = 1,
	 .unannounced = true},
	{.name = "irqdisable_poll_while_a_reset_owns_the_queue",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .ignore_live = true,
	 .no_drain = true},
	{.name = "reset_beside_a_poll",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .no_irq_lock = true,
	 .no_drain = true},
	{.name = "poll_that_does_not_say_so",
	 .violation = "a request never completes",
	 .submissions = 2,
	 .unsaid = true},
	{.name = "batch_ended_without_the_poll_lock",
	 .violation = twice,
	 .submissions = 3,
	 .timer = true,
	 .early_unlock = true},
	{.name = "c1_cancel_before_disable",
	 .violation = twice,
	 .submissions = 3,
	 .resets = 1,
	 .early_cancel = true},
	{.name = "reset_without_a_last_reap",
	 .violation = cancelled,
	 .submissions = 3,
	 .resets = 1,
	 .no_pending_reap = true},
	{.name = "a3_mode_changes_under_the_handler",
	 .violation = any,
	 .submissions = 3,
	 .timer = true,
	 .careless_mode = true},
	{.name = "a3_timer_outlives_polling",
	 .violation = any,
	 .submissions = 3,
	 .timer = true,
	 .timer_stays = true},
};

const char *const names[ACTORS] = {"device",    "device (other)", "submitter",     "handler",
				   "handler 2", "timeout 0",      "timeout 1",     "timer",
				   "mode",      "reset",          "interrupt lost"};

using Bytes = std::string;

// What a state is known by: 128 bits of it, which is exact for all practical
// purposes and takes a tenth of the memory.
struct Key {
	u64 a, b;

	bool operator==(const Key &) const = default;
};

struct KeyHash {
	size_t operator()(const Key &k) const { return k.a; }
};

Key key_of(const Bytes &bytes)
{
	Key k{0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f};

	for (size_t i = 0; i + 8 <= bytes.size(); i += 8) {
		u64 word;

		memcpy(&word, bytes.data() + i, 8);
		k.a = (k.a ^ word) * 0xff51afd7ed558ccd;
		k.a ^= k.a >> 32;
		k.b = (k.b + word) * 0xc4ceb9fe1a85ec53;
		k.b ^= k.b >> 29;
	}
	return k;
}

Bytes save()
{
	return Bytes(static_cast<const char *>(state), state_bytes);
}

void load(const Bytes &bytes)
{
	memcpy(state, bytes.data(), state_bytes);
}

struct Found {
	unsigned parent;
	Who who;
};

struct Search {
	const Variant &v;
	std::unordered_set<Key, KeyHash> seen;
	std::vector<Found> found; // by number
	std::deque<std::pair<unsigned, Bytes>> open;
	const char *violation = nullptr;
	unsigned last = 0;
	unsigned long ends = 0;

	void add(unsigned parent, Who who)
	{
		Bytes bytes = save();

		if (!seen.insert(key_of(bytes)).second)
			return;
		open.emplace_back(static_cast<unsigned>(found.size()), std::move(bytes));
		found.push_back({parent, who});
	}

	// Breadth first, so the first violation is a shortest one.
	void run()
	{
		begin(v);
		add(0, ACTORS);
		while (!open.empty() && !violation) {
			const auto [number, bytes] = std::move(open.front());

			open.pop_front();
			expand(number, bytes);
		}
	}

	void expand(unsigned number, const Bytes &bytes)
	{
		bool moved = false;

		for (unsigned who = 0; who < ACTORS && !violation; who++) {
			load(bytes);
			if (!step(v, static_cast<Who>(who), violation))
				continue;
			moved = true;
			last = number;
			if (violation)
				found.push_back({number, static_cast<Who>(who)});
			else
				add(number, static_cast<Who>(who));
		}
		if (moved)
			return;
		load(bytes);
		ends++;
		violation = check_end();
		if (violation)
			found.push_back({found[number].parent, found[number].who});
	}

	void trace() const
	{
		std::vector<Who> way;

		for (unsigned n = static_cast<unsigned>(found.size() - 1); found[n].who != ACTORS;
		     n = found[n].parent)
			way.push_back(found[n].who);
		for (auto who = way.rbegin(); who != way.rend(); ++who)
			printf("#   %s\n", names[*who]);
	}
};

// As expected: none, some, or this one.
bool as_expected(const Variant &v, const char *violation)
{
	if (!v.violation)
		return !violation;
	return violation && (!*v.violation || !strcmp(v.violation, violation));
}

bool explore(const Variant &v, bool trace)
{
	Search search{v, {}, {}, {}};

	search.run();
	const bool good = as_expected(v, search.violation) && (search.violation || search.ends);
	printf("%sok interleave_%s", good ? "" : "not ", v.name);
	if (!good)
		printf(" - %s", search.violation ? search.violation : "no violation");
	printf("\n# %zu states, %lu ends%s%s\n", search.found.size(), search.ends,
	       search.violation ? ", found: " : "", search.violation ? search.violation : "");
	if (trace && search.violation)
		search.trace();
	fflush(stdout);
	return good;
}

} // namespace

int main(int argc, char **argv)
{
	const bool trace = argc > 1 && !strcmp(argv[1], "--trace");
	unsigned passed = 0, failed = 0;

	for (const Variant &v : variants)
		(explore(v, trace) ? passed : failed)++;
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
