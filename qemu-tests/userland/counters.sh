# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What a driver has counted, for the host to judge; sourced, after tell.sh.

# Both drivers' counters, by the same names: interrupts that were lost, controller resets,
# and the longest that a lost one has waited.
losses()
{
	local state=/sys/kernel/debug/nvmepp
	if [ -d $state ]; then
		awk 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
			NR > 1 { lost += $at["lost"]; if ($at["max_stall_ms"] > worst) worst = $at["max_stall_ms"]
				 if ($at["mode"] != "interrupt") polled++ }
			END { print lost + 0, worst + 0, polled + 0 }' $state/*/queues
	else
		echo "$(dmesg | grep -c 'completion polled') 0 0"
	fi
}

resets()
{
	local state=/sys/kernel/debug/nvmepp
	if [ -d $state ]; then
		awk '$1 == "resets" { print $2 }' $state/*/controller
	else
		echo $(($(dmesg | grep -c 'default/read/poll queues') - 1))
	fi
}

counted()
{
	fact "losses_$1" "$(losses)"
	fact "resets_$1" "$(resets)"
}
