/**
 * The virtual file system: an immutable baseline of the workspace, an overlay layer for each
 * context, edits of the unmounted layer, and the change set that is read from it.
 *
 * <p>May use {@code store}, {@code policy} and {@code model}. Must never write to the workspace, to
 * a baseline once published, or to a layer that is mounted.
 */
@NullMarked
package dev.tars.runner.workspace;

import org.jspecify.annotations.NullMarked;
