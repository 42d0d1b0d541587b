// SPDX-License-Identifier: GPL-2.0
// The search through all states of a model, breadth first.  A model is a type with
//
//	Variant             with a name and a violation: nullptr, or what has to be found
//	state, state_bytes  the current state, which the search replaces
//	ACTORS, names       those that can move
//	begin(), step(), check_end(), note()
#pragma once

#include <nvmepp/types.h>

#include <cstdio>
#include <cstring>
#include <deque>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace interleave
{

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

inline Key key_of(const Bytes &bytes)
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

template <typename Model> class Search {
public:
	using Variant = typename Model::Variant;

	explicit Search(const Variant &variant) : v(variant) {}

	const char *violation = nullptr;
	unsigned long ends = 0;

	size_t states() const { return found.size(); }

	// Breadth first, so the first violation is a shortest one.
	void run()
	{
		Model::begin(v);
		add(0, Model::ACTORS);
		while (!open.empty() && !violation) {
			const auto [number, bytes] = std::move(open.front());

			open.pop_front();
			expand(number, bytes);
		}
	}

	// The steps to the violation, each with the model's note about where it leads.
	void trace() const
	{
		const char *broken = nullptr;
		std::vector<unsigned> way;

		for (unsigned n = static_cast<unsigned>(found.size() - 1);
		     found[n].who != Model::ACTORS; n = found[n].parent)
			way.push_back(found[n].who);
		Model::begin(v);
		for (auto who = way.rbegin(); who != way.rend(); ++who) {
			Model::step(v, *who, broken);
			printf("#   %s%s\n", Model::names[*who], Model::note(*who).c_str());
		}
	}

private:
	struct Found {
		unsigned parent;
		unsigned who;
	};

	const Variant &v;
	std::unordered_set<Key, KeyHash> seen{};
	std::vector<Found> found{}; // by number
	std::deque<std::pair<unsigned, Bytes>> open{};

	static Bytes save()
	{
		return Bytes(static_cast<const char *>(Model::state), Model::state_bytes);
	}

	static void load(const Bytes &bytes)
	{
		memcpy(Model::state, bytes.data(), Model::state_bytes);
	}

	void add(unsigned parent, unsigned who)
	{
		Bytes bytes = save();

		if (!seen.insert(key_of(bytes)).second)
			return;
		open.emplace_back(static_cast<unsigned>(found.size()), std::move(bytes));
		found.push_back({parent, who});
	}

	void expand(unsigned number, const Bytes &bytes)
	{
		bool moved = false;

		for (unsigned who = 0; who < Model::ACTORS && !violation; who++) {
			load(bytes);
			if (!Model::step(v, who, violation))
				continue;
			moved = true;
			if (violation)
				found.push_back({number, who});
			else
				add(number, who);
		}
		if (moved)
			return;
		load(bytes);
		ends++;
		violation = Model::check_end(v);
		if (violation)
			found.push_back(found[number]);
	}
};

// As expected: none, some, or this one.
template <typename Variant> bool as_expected(const Variant &v, const char *violation)
{
	if (!v.violation)
		return !violation;
	return violation && (!*v.violation || !strcmp(v.violation, violation));
}

template <typename Model> bool explore(const typename Model::Variant &v, bool trace)
{
	Search<Model> search(v);

	search.run();
	const char *violation = search.violation;
	const bool good = as_expected(v, violation) && (violation || search.ends);

	printf("%sok interleave_%s", good ? "" : "not ", v.name);
	if (!good)
		printf(" - %s", violation ? violation : "no violation");
	printf("\n# %zu states, %lu ends%s%s\n", search.states(), search.ends,
	       violation ? ", found: " : "", violation ? violation : "");
	if (violation && (trace || !good))
		search.trace();
	fflush(stdout);
	return good;
}

} // namespace interleave
