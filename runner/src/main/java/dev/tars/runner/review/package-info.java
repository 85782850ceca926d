/**
 * Verdict, change set and policy to a decision: approved, rejected, or who must still approve.
 *
 * <p>May use {@code validation}, {@code workspace}, {@code policy} and {@code model}. Pure. Must
 * never count an approval that is bound to something else.
 */
@NullMarked
package dev.tars.runner.review;

import org.jspecify.annotations.NullMarked;
