/**
 * Connections: hosts, addresses and ports, the rules on them, and the one evaluator of these rules.
 *
 * <p>May use {@code model} and the JDK, nothing else: a process that relays traffic carries exactly
 * these classes, so that it decides as {@code policy check connect} does. Does no input or output
 * and resolves no name.
 */
@NullMarked
package dev.tars.runner.policy.net;

import org.jspecify.annotations.NullMarked;
