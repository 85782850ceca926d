/**
 * The gateway and the proxy: the only way out of a box, open to what the policy names and nothing
 * else. They run in containers of their own, from one image; the runner never sees this traffic.
 *
 * <p>May use {@code policy.net} and {@code model} of the runner, so that a policy is matched by one
 * evaluator, and Netty. Must never hold an engine's socket, pass on a byte before the policy was
 * asked, or connect to an address that was not judged.
 */
@NullMarked
package dev.tars.egress;

import org.jspecify.annotations.NullMarked;
