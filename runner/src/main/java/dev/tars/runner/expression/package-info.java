/**
 * Conditions in CEL: type-checked when a file is loaded, evaluated with bounds.
 *
 * <p>May use {@code yaml} and {@code model}. The one package that knows the CEL library, which is
 * loaded by the first condition that is more than {@code true} or {@code false}. Must never let a
 * condition hold that could not be evaluated.
 */
@NullMarked
package dev.tars.runner.expression;

import org.jspecify.annotations.NullMarked;
