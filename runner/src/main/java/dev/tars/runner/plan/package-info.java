/**
 * An improvement file to a {@link dev.tars.runner.plan.Plan}: what somebody we do not trust wants
 * done. Graph checks; making improvement files from patches and commands.
 *
 * <p>May use {@code policy} and {@code model}. Pure but for reading and writing improvement files.
 * Must never run or interpret anything.
 */
@NullMarked
package dev.tars.runner.plan;

import org.jspecify.annotations.NullMarked;
