/**
 * Places in the workspace that tools name in what they print: compilers, linters, traces.
 *
 * <p>May use {@code model}. Pure and bounded. What it gives is text from the box: it is shown as
 * printed, escaped, and must never decide anything.
 */
@NullMarked
package dev.tars.runner.validation.diagnostics;

import org.jspecify.annotations.NullMarked;
