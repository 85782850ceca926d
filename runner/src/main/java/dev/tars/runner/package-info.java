/**
 * The façade: {@link dev.tars.runner.SandboxRunner} wires everything by hand and is what a command
 * line or another program calls.
 *
 * <p>May use every package. Must never do the work of one.
 */
@NullMarked
package dev.tars.runner;

import org.jspecify.annotations.NullMarked;
