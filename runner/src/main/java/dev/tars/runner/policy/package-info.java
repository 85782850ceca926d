/**
 * What is allowed: policy files to an {@link dev.tars.runner.policy.EffectivePolicy} whose
 * decisions explain themselves.
 *
 * <p>May use {@code model}. Pure but for reading files. Must never fall back to a wider policy than
 * the one that was asked for.
 */
@NullMarked
package dev.tars.runner.policy;

import org.jspecify.annotations.NullMarked;
