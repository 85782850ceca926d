/**
 * What can be said of a change set without running it: a {@link dev.tars.runner.model.Finding} for
 * each suspicious path or line.
 *
 * <p>May use {@code workspace}, {@code policy}, {@code model} and {@code validation.xml}. Must
 * never run, resolve, fetch or natively parse anything of a change set, and never print a secret it
 * found.
 */
@NullMarked
package dev.tars.runner.validation.checks;

import org.jspecify.annotations.NullMarked;
