package dev.tars.runner.policy.keys;

import dev.tars.runner.model.SourcePosition;

/**
 * A number with its maximum: bytes, milliseconds, thousandths or a count.
 *
 * @param standard what applies where nobody chooses; at most {@code max}
 */
public record Range(long standard, long max, SourcePosition at) {}
