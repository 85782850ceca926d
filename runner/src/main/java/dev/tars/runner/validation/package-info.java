/**
 * A change set to a {@link dev.tars.runner.validation.Verdict}: static checks, and the policy's
 * gates in a clean room, before and after.
 *
 * <p>May use {@code sandbox}, {@code workspace}, {@code store}, {@code policy} and {@code model}.
 * Must never believe text that a container printed.
 */
@NullMarked
package dev.tars.runner.validation;

import org.jspecify.annotations.NullMarked;
