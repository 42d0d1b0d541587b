/* SPDX-License-Identifier: GPL-2.0 */
/* The suites: NAME is NAME_cases.cpp, test::NAME_cases, and in KUnit nvmepp_NAME. */
#ifndef NVMEPP_KUNIT_SUITES_H
#define NVMEPP_KUNIT_SUITES_H

#define NPP_SUITES(suite) \
	suite(fake) \
	suite(wire) \
	suite(ring) \
	suite(command_id) \
	suite(prp) \
	suite(prp_array) \
	suite(queue) \
	suite(bad_completion) \
	suite(state) \
	suite(status) \
	suite(policy) \
	suite(timeout) \
	suite(stall) \
	suite(irq_health) \
	suite(capability) \
	suite(controller) \
	suite(disable) \
	suite(admin) \
	suite(event) \
	suite(identify) \
	suite(identity) \
	suite(limit) \
	suite(namespace) \
	suite(namespace_list) \
	suite(descriptor) \
	suite(passthrough) \
	suite(reservation) \
	suite(bring_up) \
	suite(recovery) \
	suite(reconnect) \
	suite(io)

#endif
