# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# Controllers that refuse optional commands or say odd things of themselves, as some do in the field.

# shellcheck source=reconnect.sh
. /lib/reconnect.sh

IDENTIFY=6 GET_FEATURES=10 SET_FEATURES=9 CREATE_CQ=5
ACTIVE_LIST=2 NS_DESCRIPTORS=3 CTRL_OF_COMMAND_SET=6
COALESCING=8 QUEUE_COUNT=7 EVENTS=11 TIMESTAMP=14
CAP_MQES=0 CAP_TO=3 CAP_STRIDE_AND_CSS=4 CAP_CSS_HIGH=5 VS_AT=8
ID_MDTS=77 ID_NN=516 ID_ONCS=520 ID_VWC=525
NS_SIZE=0 NS_LBADS=130

# The controller's node, where there may be no disk.
find_controller() {
	for folder in /sys/bus/pci/devices/"$BDF"/nvme*/nvme*; do
		[ ! -e "$folder/state" ] || CONTROLLER=${folder##*/}
	done
	[ -n "$CONTROLLER" ] && [ -e "/dev/$CONTROLLER" ]
}

# persona NAME COMMAND...: the device with what COMMAND does to it, bound
persona() {
	echo "--- $1"
	persona=$1
	shift
	fault clear 1 unpoke 1
	"$@"
	bind_device
}

persona_over() {
	echo "part ok $persona" >&3
	counters_base=
	! bound || echo "$BDF" >"/sys/bus/pci/devices/$BDF/driver/unbind"
	fault clear 1 unpoke 1
}

# served: its disk is there, and right
served() {
	find_disks
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=256k --seed=3
}

poke_twice() {
	poke "$1" "$2" 1 "$3"
	poke "$1" $(($2 + 1)) 1 "$4"
}

# refuses_list NN: a controller of version 1.2 with so many, without the list of active namespaces
refuses_list() {
	poke bar $VS_AT 4 0x00010200
	poke id $ID_NN 4 "$1"
	refuse $IDENTIFY $ACTIVE_LIST
}

has_both() {
	[ "$(disks | wc -l)" = 2 ]
}
