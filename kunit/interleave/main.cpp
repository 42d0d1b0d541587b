// SPDX-License-Identifier: GPL-2.0
// Every interleaving of handler, timeout handlers, poll timer, mode change and reset on
// one queue: in the order of src/linux no request is lost or completed twice; and
// with one thing taken out of that order, each of the known races is found.  The same
// for all that changes a controller's state: see life.hpp; and for the marks that submitter,
// poll timer and watchdog leave when they go to sleep: wake_model.hpp; and for shadow
// doorbells: doorbell_model.hpp.
//
//   interleave [--trace] [NAME...]   all variants, or those whose names begin with NAME;
//                                    --trace: with the shortest way to each violation

#include "doorbell_model.hpp"
#include "explore.hpp"
#include "life.hpp"
#include "search.hpp"
#include "wake_model.hpp"

#include <span>

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
	{.name = "as_built_on_a_shared_line", .submissions = 3, .resets = 1, .forced = 2},
	{.name = "as_built_over_sleep", .submissions = 3, .resets = 1, .sleep = true},
	{.name = "as_built_with_shorter_rings_after_the_reset",
	 .submissions = 3,
	 .resets = 1,
	 .shorter = true},
	{.name = "removal", .submissions = 3, .resets = 1, .removal = true},
	{.name = "removal_while_polled",
	 .submissions = 2,
	 .resets = 1,
	 .timer = true,
	 .removal = true},
	{.name = "removal_of_a_poll_queue",
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true,
	 .removal = true},
	{.name = "removal_that_overtakes_the_doorbell",
	 .violation = untold,
	 .submissions = 3,
	 .resets = 1,
	 .removal = true,
	 .no_finish = true},
	{.name = "removal_that_overtakes_the_doorbell_of_the_timer",
	 .violation = untold,
	 .submissions = 2,
	 .resets = 1,
	 .timer = true,
	 .removal = true,
	 .no_finish = true},
	{.name = "removal_that_overtakes_a_poller",
	 .violation = untold,
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true,
	 .removal = true,
	 .no_finish = true},
	{.name = "a1_two_pollers_of_a_poll_queue_without_the_poll_lock",
	 .violation = twice,
	 .submissions = 3,
	 .poll_queue = true,
	 .no_poll_lock = true,
	 .skip_bad = true},
	{.name = "a_batch_of_two_pollers",
	 .violation = twice,
	 .submissions = 3,
	 .poll_queue = true,
	 .one_batch = true},
	{.name = "poller_of_a_queue_that_is_offline",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true,
	 .blind_poll = true},
	{.name = "poller_that_checks_without_the_poll_lock",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .poll_queue = true,
	 .unlocked_check = true},
	{.name = "poll_without_drain_is_still_safe",
	 .submissions = 3,
	 .resets = 1,
	 .no_drain = true},
	{.name = "a1_two_polls_without_a_lock",
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
	{.name = "a2_vector_read_again_after_sleep",
	 .violation = unbalanced,
	 .submissions = 3,
	 .resets = 1,
	 .sleep = true,
	 .no_irq_lock = true,
	 .reread = true,
	 .no_drain = true,
	 .unwatched_rings = true},
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
	{.name = "poll_while_a_cpu_goes_or_comes", .submissions = 3, .undisabled = true},
	{.name = "handler_run_by_the_kernel_itself_while_a_cpu_goes_or_comes",
	 .submissions = 3,
	 .forced = 1,
	 .undisabled = true},
	{.name = "weakly_ordered_memory", .submissions = 3, .forced = 1, .weak = true},
	{.name = "weakly_ordered_memory_while_a_cpu_goes_or_comes",
	 .submissions = 3,
	 .undisabled = true,
	 .weak = true},
	{.name = "weakly_ordered_memory_while_polled",
	 .submissions = 2,
	 .timer = true,
	 .weak = true},
	{.name = "weakly_ordered_memory_over_a_reset",
	 .submissions = 2,
	 .resets = 1,
	 .forced = 1,
	 .weak = true},
	{.name = "weakly_ordered_memory_and_no_acquire",
	 .violation = any,
	 .submissions = 3,
	 .forced = 1,
	 .weak = true,
	 .relaxed = true},
	{.name = "weakly_ordered_memory_and_no_acquire_while_a_cpu_goes_or_comes",
	 .violation = any,
	 .submissions = 3,
	 .undisabled = true,
	 .weak = true,
	 .relaxed = true},
	{.name = "weakly_ordered_memory_and_no_acquire_while_polled",
	 .violation = any,
	 .submissions = 2,
	 .timer = true,
	 .weak = true,
	 .relaxed = true},
	{.name = "weakly_ordered_memory_and_no_acquire_over_a_reset",
	 .violation = any,
	 .submissions = 2,
	 .resets = 1,
	 .forced = 1,
	 .weak = true,
	 .relaxed = true},
	{.name = "handler_of_a_queue_that_is_offline",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .blind_handler = true},
	{.name = "handler_of_a_neighbour_while_the_queue_is_offline",
	 .violation = any,
	 .submissions = 2,
	 .resets = 1,
	 .forced = 2,
	 .blind_handler = true},
	{.name = "offline_without_waiting_for_the_handler",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .no_offline_wait = true},
	{.name = "reset_that_does_not_take_the_queue_offline",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .no_offline = true},
	{.name = "offline_after_the_last_reap",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .late_offline = true},
	{.name = "online_before_the_rings_are_empty",
	 .violation = any,
	 .submissions = 4,
	 .resets = 1,
	 .early_online = true},
	{.name = "poll_while_a_reset_owns_the_queue",
	 .violation = any,
	 .submissions = 3,
	 .resets = 1,
	 .blind_poll = true,
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
	{.name = "polling_begins_after_the_reset_has_ended_it",
	 .violation = any,
	 .submissions = 2,
	 .resets = 1,
	 .timer = true,
	 .early_quit = true},
	{.name = "polling_begins_while_the_queue_is_offline",
	 .violation = any,
	 .submissions = 2,
	 .resets = 1,
	 .timer = true,
	 .begin_unasked = true},
	{.name = "a3_timer_outlives_polling",
	 .violation = any,
	 .submissions = 3,
	 .timer = true,
	 .timer_stays = true},
};

struct Queue {
	using Variant = interleave::Variant;

	static constexpr unsigned ACTORS = interleave::ACTORS;
	static constexpr const char *names[ACTORS] = {
		"device",    "device (other)", "submitter",      "handler",
		"handler 2", "timeout 0",      "timeout 1",      "timer",
		"mode",      "reset",          "interrupt lost", "stores become visible"};
	static constexpr void *const &state = interleave::state;
	static constexpr const unsigned long &state_bytes = interleave::state_bytes;

	static void begin(const Variant &v) { interleave::begin(v); }
	static bool step(const Variant &v, unsigned who, const char *&broken)
	{
		return interleave::step(v, static_cast<Who>(who), broken);
	}
	static const char *check_end(const Variant &) { return interleave::check_end(); }
	static std::string note(unsigned) { return {}; }
};

struct Life {
	using Variant = life::Variant;

	static constexpr unsigned ACTORS = life::ACTORS;
	static constexpr const char *names[ACTORS] = {
		"worker",       "attempt fails", "request 0",     "request 1",    "timeout 0",
		"timeout 1",    "command lost",  "device breaks", "device works", "device pulled",
		"a second",     "user",          "sleep",         "drain fails",  "function reset",
		"PCI error",    "hold work",     "removal",       "removal work", "limit changes",
		"worker queued"};
	static constexpr void *const &state = life::state;
	static constexpr const unsigned long &state_bytes = life::state_bytes;

	static void begin(const Variant &v) { life::begin(v); }
	static bool step(const Variant &v, unsigned who, const char *&broken)
	{
		return life::step(v, static_cast<u8>(who), broken);
	}
	static const char *check_end(const Variant &v) { return life::check_end(v); }
	static std::string note(unsigned) { return std::string(": ") + life::state_name(); }
};

struct Wake {
	using Variant = wake::Variant;

	static constexpr unsigned ACTORS = wake::ACTORS;
	static constexpr const char *names[ACTORS] = {"submitter", "stores become visible",
						      "device", "timer", "watchdog"};
	static constexpr void *const &state = wake::state;
	static constexpr const unsigned long &state_bytes = wake::state_bytes;

	static void begin(const Variant &v) { wake::begin(v); }
	static bool step(const Variant &v, unsigned who, const char *&broken)
	{
		return wake::step(v, static_cast<u8>(who), broken);
	}
	static const char *check_end(const Variant &v) { return wake::check_end(v); }
	static std::string note(unsigned) { return {}; }
};

struct Doorbells {
	using Variant = doorbell::Variant;

	static constexpr unsigned ACTORS = doorbell::ACTORS;
	static constexpr const char *names[ACTORS] = {"submitter", "stores become visible",
						      "device", "device's become visible",
						      "watchdog"};
	static constexpr void *const &state = doorbell::state;
	static constexpr const unsigned long &state_bytes = doorbell::state_bytes;

	static void begin(const Variant &v) { doorbell::begin(v); }
	static bool step(const Variant &v, unsigned who, const char *&broken)
	{
		return doorbell::step(v, static_cast<u8>(who), broken);
	}
	static const char *check_end(const Variant &v) { return doorbell::check_end(v); }
	static std::string note(unsigned) { return {}; }
};

struct Options {
	bool trace = false;
	std::vector<std::string> names{};

	bool wants(const char *name) const
	{
		for (const std::string &n : names)
			if (!strncmp(name, n.c_str(), n.size()))
				return true;
		return names.empty();
	}
};

struct Tally {
	unsigned passed = 0, failed = 0;

	template <typename Model, typename Variants>
	void explore_all(const Variants &all, const Options &o)
	{
		for (const auto &v : all)
			if (o.wants(v.name))
				(explore<Model>(v, o.trace) ? passed : failed)++;
	}
};

} // namespace

int main(int argc, char **argv)
{
	Options o;
	Tally t;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--trace"))
			o.trace = true;
		else
			o.names.push_back(argv[i]);
	}
	t.explore_all<Queue>(variants, o);
	t.explore_all<Wake>(wake::variants, o);
	t.explore_all<Doorbells>(doorbell::variants, o);
	t.explore_all<Life>(std::span(life::variants, life::variant_count), o);
	printf("%u passed, %u failed\n", t.passed, t.failed);
	return t.failed || !t.passed;
}
