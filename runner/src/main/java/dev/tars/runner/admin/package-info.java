/**
 * The tools for people who write policies: check, test, compare, explain, learn and lay out. Each
 * asks the evaluator that runs ask, through {@code decisions}.
 *
 * <p>May use {@code run}, {@code decisions}, {@code plan}, {@code policy}, {@code store}, {@code
 * yaml} and {@code model}. Must never decide by itself, and never change a policy in place.
 */
@NullMarked
package dev.tars.runner.admin;

import org.jspecify.annotations.NullMarked;
