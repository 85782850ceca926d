/**
 * What a policy is asked, and what was answered: requests, the one way from a request to a {@link
 * dev.tars.runner.policy.Decision}, and the record of a run's decisions.
 *
 * <p>May use {@code policy}, {@code store} and {@code model}. Must never decide by itself.
 */
@NullMarked
package dev.tars.runner.decisions;

import org.jspecify.annotations.NullMarked;
