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
	t.explore_all<Queue>(std::span(variants, variant_count), o);
	t.explore_all<Wake>(wake::variants, o);
	t.explore_all<Doorbells>(doorbell::variants, o);
	t.explore_all<Life>(std::span(life::variants, life::variant_count), o);
	printf("%u passed, %u failed\n", t.passed, t.failed);
	return t.failed || !t.passed;
}
