/**
 * Values that three or more packages share. No I/O, no policy, no knowledge of any other package.
 *
 * <p>May use: the JDK and Jackson's tree model. Must never: open a file, read a clock, or name a
 * package above it.
 */
@NullMarked
package dev.tars.runner.model;

import org.jspecify.annotations.NullMarked;
