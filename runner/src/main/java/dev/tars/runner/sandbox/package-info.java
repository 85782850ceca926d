/**
 * One command in a box: what is asked for, and what the host saw. No engine is named here.
 *
 * <p>May use {@code workspace}, {@code policy} and {@code model}. Must never grant what a spec does
 * not name.
 */
@NullMarked
package dev.tars.runner.sandbox;

import org.jspecify.annotations.NullMarked;
