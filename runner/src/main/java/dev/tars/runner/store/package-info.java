/**
 * Durable bytes: the {@link dev.tars.runner.store.Disk} seam over system calls, content-addressed
 * objects, and the one class that knows where things lie in the state directory.
 *
 * <p>May use {@code model}. Must never follow a link below a root it was given, nor know what the
 * bytes it keeps mean.
 */
@NullMarked
package dev.tars.runner.store;

import org.jspecify.annotations.NullMarked;
