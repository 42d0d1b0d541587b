// SPDX-License-Identifier: GPL-2.0
// What a command has read, out of the device's reach.
#pragma once

#include "lang.hpp"

#include <nvmepp/controller.h>

namespace npp
{

// The device may change the shared page at any time, also between a check and the use of what
// was checked (a malicious hypervisor of a confidential guest does).  So each word of it is
// loaded once, here and nowhere else, and all parsers take what this class returns.
class PrivatePage {
public:
	// After the command that filled @page has completed.
	NPP_INLINE explicit PrivatePage(const npp_page &page) : bytes(page.copy)
	{
		const volatile u64 *from = static_cast<const volatile u64 *>(page.shared);
		u64 *to = static_cast<u64 *>(page.copy);

		for (u32 i = 0; i < NPP_IDENTIFY_BYTES / sizeof(u64); i++)
			to[i] = from[i];
	}

	// Valid until the next command that uses the page is copied.
	template <typename T> NPP_INLINE const T &as() const
	{
		static_assert(sizeof(T) == NPP_IDENTIFY_BYTES);
		return *static_cast<const T *>(bytes);
	}

private:
	const void *bytes;
};

} // namespace npp
