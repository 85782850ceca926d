/**
 * Reports that test tools wrote in the box, to a {@link
 * dev.tars.runner.validation.tests.TestInventory}: which test ended how.
 *
 * <p>May use {@code validation.xml} and {@code model}. Must never decide whether a gate passed, and
 * never read without a bound.
 */
@NullMarked
package dev.tars.runner.validation.tests;

import org.jspecify.annotations.NullMarked;
