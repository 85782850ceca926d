/**
 * The engine adapter: a spec to engine API calls, with docker-java. Labels, reaping, preflight.
 *
 * <p>May use {@code sandbox}, {@code policy}, {@code store} and {@code model}; only the root names
 * it. Must never touch an object that does not carry our labels.
 */
@NullMarked
package dev.tars.runner.sandbox.docker;

import org.jspecify.annotations.NullMarked;
