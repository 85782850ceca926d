/**
 * The order of the stages, the states of a context and its events; the only package that writes the
 * audit records of a run.
 *
 * <p>May use all packages below it but for {@code sandbox.docker}. Must never do the work of a
 * stage.
 */
@NullMarked
package dev.tars.runner.run;

import org.jspecify.annotations.NullMarked;
